"""Values of a WHOIS record by field, each with its place in the answer and the parser that read it."""

from __future__ import annotations

from dataclasses import dataclass, field

ADDRESS = ("street", "city", "state", "code", "country")
MOST = 60  # values of one field


@dataclass(frozen=True)
class Value:
    """A value and where it begins in the answer's text."""

    value: str
    start: int
    parser: str


@dataclass
class Fields:
    """Values by field; ``days`` are the dates; ``hidden`` fields have an owner that a service hides."""

    values: dict[str, list[Value]] = field(default_factory=dict)
    days: dict[str, list[str]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    domains: list[str] = field(default_factory=list)

    def add(self, name: str, value: str, start: int, parser: str) -> None:
        """Add a value; a field belongs to the first parser that found it."""
        value = value.strip()
        held = self.values.setdefault(name, [])
        same_parser = not held or held[0].parser == parser
        if value and same_parser and len(held) < MOST and value not in {one.value for one in held}:
            held.append(Value(value, start, parser))
        if not held:
            del self.values[name]

    def has(self, name: str) -> bool:
        """Whether there is a value of ``name``."""
        return name in self.values

    def texts(self, name: str) -> list[str]:
        """The values of ``name``."""
        return [one.value for one in self.values.get(name, ())]
