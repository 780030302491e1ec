"""What a link rests on and what may be accident about it, in plain English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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


def strongest(top: Sequence[str], more: int) -> str:
    """The one or two values that weigh most, each as ``shared`` words it, and how many follow."""
    if not top:
        return say("shared_nothing")
    told = dict(zip(("phrase", "phrase2"), top, strict=False))
    name = "shared_one" if len(told) == 1 else "shared_two"
    return say(f"{name}_more", number=more, s="s" if more > 1 else "", **told) if more else say(name, **told)


def through(third: str, own: float, both: float) -> str:
    """Why a pair is likelier than what it shares says: both are linked to a ``third``."""
    return say("through_third", site=third, number=f"{own:.2f}", number2=f"{both:.2f}")


def shared(kind: Kind, value: str, carriers: int, bearing: int, controls: int) -> str:
    """One shared value and how rare it is: its ``carriers``, and ``bearing`` of the ``controls``."""
    said: dict[str, str | int] = {
        "phrase": kind.words,
        "words": shorten(value),
        "number": carriers,
        "s": "s" if controls > 1 else "",
    }
    if not controls:
        return say("shared_value", **said)
    if not bearing:
        return say("shared_value_free", **said, number2=controls)
    return say("shared_value_controls", **said, number2=bearing, number3=controls)


def spurious(
    accidents: Sequence[str],
    families: int,
    decided: bool,
    apart: int,
    on_controls: int,
    trade: Sequence[str],
    against: Mapping[str, float],
) -> str:
    """What may be accident: the weak side of the kinds that count (``accidents``), and what is missing.

    ``apart`` values were seen at different times, ``on_controls`` are on controls too; ``trade`` are the roles of
    distributors and sellers among the two.
    """
    said = []
    if accidents:
        said.append("; ".join(accidents))
    if families < 2:
        said.append(say("not_independent"))
    if not decided:
        said.append(say("not_decisive"))
    if apart:
        said.append(say("apart_in_time", number=apart))
    if on_controls:
        said.append(say("on_controls", number=on_controls))
    if against:
        told = ", ".join(say("taken_off", phrase=name, number=f"{bits:.2f}") for name, bits in against.items())
        said.append(say("different", list=told))
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
