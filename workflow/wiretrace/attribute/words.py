"""What a link rests on and what may be accident about it, in plain English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wiretrace.attribute.cluster import Join
from wiretrace.attribute.kinds import Kind
from wiretrace.attribute.rarity import Values
from wiretrace.attribute.weigh import (
    APART,
    CEILING,
    CHANCES,
    CROWD,
    HOST,
    IMPLIED,
    LITTLE,
    MIDDLEMAN,
    OTHER_REGISTRAR,
    SAME_FAMILY,
    TENANTS,
)
from wiretrace.sentences import say

# Bits from which a shared value is worth a word.
WORTH = 1.0
SHOWN = 80
# Values of one kind that are told.
SAID = 3


@dataclass(frozen=True)
class Item:
    """One shared value of one pair that counts."""

    kind: Kind
    value: str
    why: int
    carriers: int
    controls: int


def shorten(value: str) -> str:
    """The first characters of a long value."""
    flat = " ".join(value.split())
    return flat if len(flat) <= SHOWN else flat[: SHOWN - 1] + "…"


def reason(common: str, why: int, gap: int, family: str, many: bool) -> str:
    """Why less or nothing was counted: ``common`` is what the background says, ``why`` a note of weigh, or -1."""
    notes: Mapping[int, str] = {
        SAME_FAMILY: say("same_family", phrase=family),
        IMPLIED: say("implied"),
        APART: say("apart", number=f"{gap:,}"),
        CROWD: say("crowd"),
        MIDDLEMAN: say("middleman"),
        CEILING: say("ceiling", phrase=family),
        TENANTS: say("tenants" if family == HOST else "unknown_share"),
        CHANCES: say("chances"),
        LITTLE: say("little"),
        OTHER_REGISTRAR: say("other_registrar"),
    }
    said = [common] if common else []
    if why >= 0:
        said.append(notes.get(why, say("in_part")))
    if many:
        said.append(say("too_common"))
    return "; ".join(said)


def lead(probability: float, least: float, host: bool) -> str:
    """Why a value that only few share is a lead and no link."""
    hosted = "; who is at one host may be no more than its customer" if host else ""
    return f"a lead, no link: by itself p {probability:.2f}, and pairs are linked from {least:g}{hosted}"


def strongest(top: Sequence[Item], more: int, controls: int) -> str:
    """The two values that weigh most, with how rare they are, and how many follow."""
    if not top:
        return say("shared_nothing")
    told = dict(zip(("phrase", "phrase2"), (_shared(item, controls) for item in top), strict=False))
    name = "shared_one" if len(told) == 1 else "shared_two"
    return say(f"{name}_more", number=more, s="s" if more > 1 else "", **told) if more else say(name, **told)


def _shared(item: Item, controls: int) -> str:
    """One shared value and how rare it is."""
    said: dict[str, str | int] = {
        "phrase": item.kind.words,
        "words": shorten(item.value),
        "number": item.carriers,
        "s": "s" if controls > 1 else "",
    }
    if not controls:
        return say("shared_value", **said)
    if not item.controls:
        return say("shared_value_free", **said, number2=controls)
    return say("shared_value_controls", **said, number2=item.controls, number3=controls)


def spurious(
    counting: Sequence[Item],
    families: int,
    decided: bool,
    on_controls: int,
    roles: Sequence[str],
    against: Mapping[str, float],
) -> str:
    """What may be accident: the weak side of each kind that counts, and what is missing."""
    said = []
    accidents = list(dict.fromkeys(item.kind.accident for item in counting))
    if accidents:
        said.append("; ".join(accidents[:3]))
    if families < 2:
        said.append(say("not_independent"))
    if not decided:
        said.append(say("not_decisive"))
    apart = [item for item in counting if item.why == APART]
    if apart:
        said.append(say("apart_in_time", number=len(apart)))
    if on_controls:
        said.append(say("on_controls", number=on_controls))
    if against:
        told = ", ".join(say("taken_off", phrase=name, number=f"{bits:.2f}") for name, bits in against.items())
        said.append(say("different", list=told))
    trade = sorted({role for role in roles if role in ("distributor", "seller")})
    if trade:
        said.append(say("trade", phrase=" and a ".join(trade)))
    text = ". ".join(part[0].upper() + part[1:] for part in said)
    return text + "." if text else ""


def as_wholes(join: Join, values: Values) -> str:
    """How a group or publisher came to be in a network by what it has in common with the rest as a whole."""
    by_kind: dict[str, list[str]] = {}
    for value in join.values.tolist():
        by_kind.setdefault(values.kind(value).words, []).append(shorten(values.shown[value]))
    told = "; ".join(
        say("joined_by", phrase=kind, words=", ".join([*found[:SAID], *(["…"] if len(found) > SAID else [])]))
        for kind, found in sorted(by_kind.items())
    )
    many = len(join.small)
    said: dict[str, str | int] = {"number": many, "s": "s" if many > 1 else "", "phrases": told}
    if join.weak:
        return say("joined_weakly", number2=f"{join.probability:.2f}", **said)
    return say("joined_whole", **said)
