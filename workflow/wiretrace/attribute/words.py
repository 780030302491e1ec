"""What a link rests on and what may be accident about it, in plain English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wiretrace.attribute.cluster import Join
from wiretrace.attribute.kinds import Kind
from wiretrace.attribute.rarity import Values
from wiretrace.attribute.weigh import APART, CEILING, CROWD, IMPLIED, MIDDLEMAN, OTHER_REGISTRAR, SAME_FAMILY

# Bits from which a shared value is worth a word.
WORTH = 1.0
SHOWN = 80
# Values of one kind that are told.
SAID = 3


@dataclass(frozen=True)
class Item:
    """One shared value of one pair."""

    kind: Kind
    value: str
    counted: float
    full: float
    why: int
    gap: int
    carriers: int
    controls: int
    common: str


def shorten(value: str) -> str:
    """The first characters of a long value."""
    flat = " ".join(value.split())
    return flat if len(flat) <= SHOWN else flat[: SHOWN - 1] + "…"


def reason(item: Item) -> str:
    """Why less or nothing was counted."""
    said = [item.common] if item.common else []
    if item.full > 0 and item.counted < item.full:
        notes: Mapping[int, str] = {
            SAME_FAMILY: f"same family as a stronger value ({item.kind.family}): counted in part",
            IMPLIED: "follows from another shared value: not counted again",
            APART: f"seen on the two at times {item.gap:,} days further apart than one round: counted in part",
            CROWD: "it stands beside other values of the kind, as a platform's or another site's does: counted in part",
            MIDDLEMAN: "the two have different analytics accounts, so this may be a middleman's: counted in part",
            CEILING: f"the family {item.kind.family} may not weigh more",
            OTHER_REGISTRAR: "one day, but two registrars: counted at half",
        }
        said.append(notes.get(item.why, "counted in part"))
    return "; ".join(said)


def strongest(items: Sequence[Item], controls: int) -> str:
    """The two values that weigh most, with how rare they are."""
    top = [item for item in items if item.counted >= WORTH][:2]
    if not top:
        return "No single shared value weighs much."
    told = [f"the same {item.kind.words} ({shorten(item.value)}), borne by {_rare(item, controls)}" for item in top]
    rest = sum(item.counted >= WORTH for item in items) - len(top)
    more = f", and {rest} weaker one{'s' if rest > 1 else ''}" if rest > 0 else ""
    return f"Both have {'; and '.join(told)}{more}."


def _rare(item: Item, controls: int) -> str:
    here = f"{item.carriers} publishers here"
    if not controls:
        return here
    return f"{here} and {item.controls or 'none'} of {controls} control{'s' if controls > 1 else ''}"


def spurious(
    items: Sequence[Item], families: int, decided: bool, roles: Sequence[str], against: Mapping[str, float]
) -> str:
    """What may be accident: the weak side of each kind that counts, and what is missing."""
    said = []
    counting = [item for item in items if item.counted >= WORTH]
    accidents = list(dict.fromkeys(item.kind.accident for item in counting))
    if accidents:
        said.append("; ".join(accidents[:3]))
    if families < 2:
        said.append("no second, independent kind of evidence")
    if not decided:
        said.append("none of the shared values may decide alone")
    apart = [item for item in counting if item.why == APART]
    if apart:
        said.append(f"{len(apart)} of the shared values were not seen on both at one time")
    seen = [item for item in items if item.controls]
    if seen:
        said.append(f"{len(seen)} of the shared values also occur on unrelated controls")
    if against:
        told = ", ".join(f"{name} ({bits:.2f} bits taken off)" for name, bits in against.items())
        said.append(f"they have different values of: {told}")
    trade = sorted({role for role in roles if role in ("distributor", "seller")})
    if trade:
        said.append(f"one of the two is a {' and a '.join(trade)}: its customers may carry its values")
    text = ". ".join(part[0].upper() + part[1:] for part in said)
    return text + "." if text else ""


def as_wholes(join: Join, values: Values) -> str:
    """How a group or publisher came to be in a network by what it has in common with the rest as a whole."""
    by_kind: dict[str, list[str]] = {}
    for value in join.values.tolist():
        by_kind.setdefault(values.kind[value].words, []).append(shorten(values.shown[value]))
    told = "; ".join(
        f"{kind} {', '.join(found[:SAID])}{f' and {len(found) - SAID} more' if len(found) > SAID else ''}"
        for kind, found in sorted(by_kind.items())
    )
    many = len(join.small)
    who = f"{many} publisher{'s' if many > 1 else ''}"
    if join.weak:
        return f"Listed together, not proven: {who} (p {join.probability:.2f}) by {told}."
    return f"Joined as a whole: {who} by {told}."
