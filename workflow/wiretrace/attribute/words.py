"""What a link rests on and what may be accident about it, in plain English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wiretrace.attribute.cluster import Join
from wiretrace.attribute.kinds import Kind
from wiretrace.attribute.rarity import Values
from wiretrace.attribute.weigh import APART, CEILING, CROWD, IMPLIED, MIDDLEMAN, OTHER_REGISTRAR, SAME_FAMILY, TENANTS

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
        SAME_FAMILY: f"same family as a stronger value ({family}): counted in part",
        IMPLIED: "follows from another shared value: not counted again",
        APART: f"seen on the two at times {gap:,} days further apart than one round: counted in part",
        CROWD: "it stands beside other values of the kind, as a platform's or another site's does: counted in part",
        MIDDLEMAN: "the two have different analytics accounts, so this may be a middleman's: counted in part",
        CEILING: f"the family {family} may not weigh more",
        TENANTS: "a host that no table knows may have many tenants: counted in part",
        OTHER_REGISTRAR: "one day, but two registrars: counted at half",
    }
    said = [common] if common else []
    if why >= 0:
        said.append(notes.get(why, "counted in part"))
    if many:
        said.append("too common here to link on: brings up no pair by itself")
    return "; ".join(said)


def lead(probability: float, least: float, host: bool) -> str:
    """Why a value that only few share is a lead and no link."""
    hosted = "; who is at one host may be no more than its customer" if host else ""
    return f"a lead, no link: by itself p {probability:.2f}, and pairs are linked from {least:g}{hosted}"


def strongest(top: Sequence[Item], more: int, controls: int) -> str:
    """The two values that weigh most, with how rare they are, and how many follow."""
    if not top:
        return "No single shared value weighs much."
    told = [f"the same {item.kind.words} ({shorten(item.value)}), borne by {_rare(item, controls)}" for item in top]
    rest = f", and {more} weaker one{'s' if more > 1 else ''}" if more else ""
    return f"Both have {'; and '.join(told)}{rest}."


def _rare(item: Item, controls: int) -> str:
    here = f"{item.carriers} publishers here"
    if not controls:
        return here
    return f"{here} and {item.controls or 'none'} of {controls} control{'s' if controls > 1 else ''}"


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
        said.append("no second, independent kind of evidence")
    if not decided:
        said.append("none of the shared values may decide alone")
    apart = [item for item in counting if item.why == APART]
    if apart:
        said.append(f"{len(apart)} of the shared values were not seen on both at one time")
    if on_controls:
        said.append(f"{on_controls} of the shared values also occur on unrelated controls")
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
        by_kind.setdefault(values.kind(value).words, []).append(shorten(values.shown[value]))
    told = "; ".join(
        f"{kind} {', '.join(found[:SAID])}{f' and {len(found) - SAID} more' if len(found) > SAID else ''}"
        for kind, found in sorted(by_kind.items())
    )
    many = len(join.small)
    who = f"{many} publisher{'s' if many > 1 else ''}"
    if join.weak:
        return f"Listed together, not proven: {who} (p {join.probability:.2f}) by {told}."
    return f"Joined as a whole: {who} by {told}."
