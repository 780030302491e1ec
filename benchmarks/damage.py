# ruff: noqa: E501  (tokens are data; chance here is no secret)
"""Damage for the fuzzers: in bytes, and in what the bytes mean: lines, elements of markup, nodes of JSON."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

LARGEST = 3_000_000  # bytes of a made input
TAG = re.compile(rb"<([a-zA-Z][\w:-]{0,30})[^<>]{0,2000}>")
BLOCK = re.compile(rb">\s{0,20}([{\[][^<]{2,20000}[}\]])\s{0,20}</script")
SEPARATORS = (b":", b"=", b",", b"\t", b" ", b'"', b"]", b".")
TOKENS = [
    b"<div>", b"</div>", b"<p>", b"<a href='//x.example/'>", b"<table><tr><td>", b"<svg><title>", b"<math><mi>", b"<template>", b"<select><option>",
    b"<script type='application/ld+json'>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"&lt;", b"&#x110000;", b"&#0;", b"&#xD800;", b"\x00", b"\xff\xfe",
    b"\x1b$B", b"\xed\xa0\x80", b"+ADw-script+AD4-", b"{\"a\":", b"[[", b"\"@type\":\"NewsArticle\",", b"99999-01-01", b"0000-00-00", b"2024-02-30",
    b"9999-12-31T23:59:59-23:59", b"0001-01-01T00:00:00+14:00", "令和99年12月31日".encode(), "昭和元年".encode(), "十十月".encode(), b"<br>" , b"\r", b"\n",
    b"<base href='http://[::1'>", b"href='http://[", b"charset=utf-7", b"charset=utf-16", b"style='display:none'", b"class='nav menu footer'", b"%00",
    b"<!ENTITY a '", b"&a;&a;", b"1e999", b"NaN", b"-1", b"\xf0\x9f\x98\x80", "\u202e".encode(), "\u2028".encode(), b"<noscript>", b"<h1>", b"\x85", b"\xa0",
    b"Registrant:\n", b"    ", b"=", b":" , b",DIRECT,", b" IN TXT \"", b"google-site-verification=",
]  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, -1, 1e308, 10**400, "", "\x00", "\ud800", "2024-02-30", "x" * 70_000, [], {}, [[]] * 500, {"": ""}, "@id", "//["
)  # fmt: skip


def damaged(chance: random.Random, body: bytes, other: bytes, largest: int = LARGEST) -> bytes:
    """``body`` after a few changes, some of them with parts of ``other``; at most ``largest`` bytes."""
    for _ in range(chance.choice((1, 1, 2, 3, 5, 9))):
        body = chance.choice(WAYS)(chance, body, other, largest)[:largest]
    return body


def in_bytes(chance: random.Random, body: bytes, other: bytes, largest: int) -> bytes:
    """``body`` with a piece taken out, repeated, replaced, flipped or behind a token."""
    at = chance.randrange(len(body) + 1)
    end = min(len(body), at + int(2 ** chance.uniform(0, 12)))
    piece, token = body[at:end], chance.choice(TOKENS)
    way = chance.randrange(8)
    if way == 0:
        piece = b""
    elif way == 1:
        piece *= min(int(2 ** chance.uniform(1, 16)), max(1, largest // (len(piece) or 1)))
    elif way == 2:
        piece = token + piece
    elif way == 3:
        piece = token * min(int(2 ** chance.uniform(1, 17)), largest // len(token) + 1) + piece
    elif way == 4:
        start = chance.randrange(len(other) + 1)
        piece = other[start : start + int(2 ** chance.uniform(0, 14))]
    elif way == 5:
        piece = bytes(chance.randrange(256) for _ in range(min(8, len(piece) or 1)))
    elif way == 6:
        body, at, end = body + body[:at], 0, 0
    else:
        piece = bytes(byte ^ (1 << chance.randrange(8)) if chance.random() < 0.05 else byte for byte in piece)
    return body[:at] + piece + body[end:]


def in_lines(chance: random.Random, body: bytes, other: bytes, largest: int) -> bytes:
    """``body`` with a line lost, repeated, moved, taken from ``other``, or with its fields exchanged."""
    lines = body.splitlines(keepends=True) or [b""]
    at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
    way = chance.randrange(6)
    if way == 0:
        del lines[at]
    elif way == 1:
        lines[at] *= min(int(2 ** chance.uniform(1, 13)), largest // (len(lines[at]) or 1) + 1)
    elif way == 2:
        lines.insert(to, lines.pop(at))
    elif way == 3:
        lines.insert(to, chance.choice(other.splitlines(keepends=True) or [b""]))
    elif way == 4:
        mark = chance.choice(SEPARATORS)
        fields = lines[at].split(mark)
        chance.shuffle(fields)
        lines[at] = mark.join(fields)
    else:  # the name of one line before the value of another
        mark = chance.choice(SEPARATORS)
        lines[at] = lines[at].partition(mark)[0] + mark + lines[to].partition(mark)[2]
    return b"".join(lines)


def element(chance: random.Random, body: bytes) -> tuple[int, int]:
    """Where an element of ``body`` begins and ends, as far as can be told; the end of ``body`` where it has none."""
    found = TAG.search(body, chance.randrange(len(body) + 1)) or TAG.search(body)
    if not found:
        return len(body), len(body)
    end = body.find(b"</" + found[1], found.end())
    close = body.find(b">", end)
    return found.start(), close + 1 if end >= 0 and close >= 0 else found.end()


def in_markup(chance: random.Random, body: bytes, other: bytes, largest: int) -> bytes:
    """``body`` with an element lost, repeated, moved, nested into itself, renamed, or taken from ``other``."""
    start, end = element(chance, body)
    piece, rest = body[start:end], body[:start] + body[end:]
    opening = TAG.match(piece)
    way = chance.randrange(6)
    if way == 0 or not opening:
        return rest
    if way == 1:
        return body[:start] + piece * min(int(2 ** chance.uniform(1, 12)), largest // len(piece) + 1) + body[end:]
    if way == 2:
        to, _ = element(chance, rest)
        return rest[:to] + piece + rest[to:]
    if way == 3:
        times = min(int(2 ** chance.uniform(1, 12)), largest // len(opening[0]) + 1)
        return body[:start] + opening[0] * times + piece + (b"</" + opening[1] + b">") * times + body[end:]
    if way == 4:
        others = TAG.findall(other) or [b"p"]
        return body[:start] + piece.replace(opening[1], chance.choice(others)) + body[end:]
    begun, ended = element(chance, other)
    return body[:start] + other[begun:ended] + body[end:]


def in_json(chance: random.Random, body: bytes, other: bytes, largest: int) -> bytes:
    """``body`` with one node of its JSON, or of one of its scripts' JSON, replaced by another node or value."""
    blocks = [found.span(1) for found in BLOCK.finditer(body[:400_000])] or [(0, len(body))]
    start, end = chance.choice(blocks)
    try:
        loaded = json.loads(body[start:end])
    except (ValueError, RecursionError):
        return in_bytes(chance, body, other, largest)
    nodes: list[Any] = [[loaded]]
    for node in nodes:
        if len(nodes) > 5_000:
            break
        nodes += [part for part in (node.values() if isinstance(node, dict) else node) if isinstance(part, dict | list)]
    top, holder, giver = nodes[0], chance.choice(nodes), chance.choice(nodes)
    keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
    values = list(giver.values() if isinstance(giver, dict) else giver)
    value = chance.choice(values) if values and chance.random() < 0.4 else chance.choice(VALUES)
    text = json.dumps(value)
    if chance.random() < 0.2:
        depth = min(int(2 ** chance.uniform(1, 14)), largest // 2)
        text = "[" * depth + text + "]" * depth
    if keys:
        holder[chance.choice(keys)] = "\x1anode"
    else:
        top[0] = "\x1anode"
    made = json.dumps(top[0], ensure_ascii=chance.random() < 0.5).replace('"\\u001anode"', text)
    return body[:start] + made.encode("utf-8", "surrogatepass") + body[end:]


Way = Callable[[random.Random, bytes, bytes, int], bytes]
WAYS: tuple[Way, ...] = (in_bytes, in_bytes, in_lines, in_markup, in_json)
