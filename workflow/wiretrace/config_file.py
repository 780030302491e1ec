"""The file of an investigation: read as YAML with the lines of its keys, and refused in one line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from wiretrace.errors import UserError

LARGEST = 1_000_000  # bytes; a larger file is no configuration
MOST = 100_000  # keys and items, which YAML's aliases can multiply
MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class ConfigFile:
    """What the file says, and the line of each key by its path: ``inputs.seeds``."""

    path: str
    values: dict[str, Any]
    lines: dict[str, int]

    def told(self, message: str) -> str:
        """``message`` about a key of the configuration with the file and the key's line instead of "configuration"."""
        words = message.removeprefix("configuration: ")
        if words == message:
            return message
        key = words.partition(": ")[0]
        while key and key not in self.lines:
            key = key.rpartition(".")[0]
        line = f", line {self.lines[key]}" if key else ""
        return f"{self.path}{line}: {words}"


def read(path: str | Path) -> ConfigFile:
    """The configuration in the YAML file ``path``.

    Raises:
        UserError: it cannot be read, is no YAML in UTF-8, is no mapping, gives a key twice.
    """
    text = _text(path)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is None:
            raise UserError(
                f"{path}: is empty; it begins with investigation: NAME; make new NAME=... writes an example"
            )
        if not isinstance(node, yaml.MappingNode):
            what = "a list" if isinstance(node, yaml.SequenceNode) else "a text"
            raise UserError(
                f"{path}, line {_line(node)}: is {what}; it must be keys with values, e.g. investigation: okinawa"
            )
        lines: dict[str, int] = {}
        _keys(path, node, "", lines)
        values = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        line = f", line {at.line + 1}" if at else ""
        raise UserError(f"{path}{line}: is no YAML: {error.problem or error.context}") from None
    except yaml.reader.ReaderError as error:
        place = text.count("\n", 0, error.position) + 1
        raise UserError(f"{path}, line {place}: holds a character that YAML does not allow; remove it") from None
    except (RecursionError, ValueError) as error:
        why = "nested too deep" if isinstance(error, RecursionError) else error
        raise UserError(f"{path}: is no YAML: {why}") from None
    return ConfigFile(str(path), values, lines)


def _text(path: str | Path) -> str:
    try:
        with open(path, "rb") as stream:
            body = stream.read(LARGEST + 1)
    except OSError as error:
        raise UserError(
            f"{path}: cannot be read: {error.strerror}; name an investigation's YAML file, which make new writes"
        ) from None
    if len(body) > LARGEST:
        raise UserError(f"{path}: larger than {LARGEST:,} bytes; name the investigation's YAML file")
    if body.startswith(MARKS):
        raise UserError(f"{path}, line 1: is UTF-16; save it as UTF-8")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise UserError(f"{path}, line {line}: is not UTF-8; save the file as UTF-8") from None


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _keys(path: str | Path, node: yaml.Node, above: str, lines: dict[str, int]) -> None:
    """Note the line of each key below ``node``; one that is given twice is refused."""
    if len(lines) > MOST:
        raise ValueError(f"more than {MOST:,} keys")
    if isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value):
            lines[f"{above}{place}"] = _line(item)
            _keys(path, item, f"{above}{place}.", lines)
    if not isinstance(node, yaml.MappingNode):
        return
    own: dict[str, int] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in own:
            raise UserError(
                f"{path}, line {_line(key)}: {above}{name} is given twice, first in line {own[name]}; make one of them"
            )
        own[name] = lines[f"{above}{name}"] = _line(key)
        _keys(path, value, f"{above}{name}.", lines)
