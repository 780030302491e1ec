"""What shared values weigh together: log-likelihood ratios with correlation groups, posterior, tier.

Fellegi and Sunter's model of record linkage (1969) in its naive Bayes form: each shared value adds log2(m / u). Kinds
that depend on each other form a family; in a family the strongest value counts in full, the next by half, the next by a
quarter and so on, and the family has a ceiling. docs/methods-attribution.md tells where the figures come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cache

import numpy as np

from wiretrace.attribute.kinds import kinds, names
from wiretrace.attribute.pairs import LEAST, Evidence, Most
from wiretrace.attribute.rarity import Bools, Floats, Ints, Small, Values
from wiretrace.attribute.scale import Scale, of_groups, of_pages, scale
from wiretrace.attribute.shared import TRACE, strongest_first, sums_before
from wiretrace.attribute.values import SPARSE, Index, of_kind, siblings_of

# Windows of observation this close together count as one time: rounds of acquisition are not simultaneous.
SLACK_DAYS = 30
# Of a kind of which an honest page bears one or two values, more than this many make each match less surprising.
USUAL = 2
# Families of accounts, and the bits that a shared account loses for each page that has one of its own beside it:
# measured on pairs of real pages, see docs/methods-attribution.md.
ACCOUNTS = ("tracking", "social", "audience")
BESIDE = 1.5
# Bits that a shared account loses on pages whose own analytics accounts differ: then it is oftener a middleman's (an
# advertising network's, an agency's employee's). Measured likewise.
OWN_COUNTS = ("ga_ua", "ga4")
CONTRADICTED = 3.5
# Kinds of which a publisher has one as a rule: to have different ones speaks against one operator by log2(1 - m).
# Different registrants and analytics accounts do not: the sites of published networks have them
# (docs/methods-attribution.md).
EXCLUSIVE = ("adsense",)
# Most that one family says in which no value may decide: below p of .95 with the default prior.
ALONE = 0.94
# The family of which only the strongest value counts between two publishers: whoever is a customer of a host has its
# name servers, its block of addresses, its mail and its certificates.
HOST = "infrastructure"
# Most that a host says of which nothing else of weight is shared: it is likelier than not that the two are only hosted
# beside each other.
BESIDE_ONLY = 0.45
# A family counts as an independent one from this many bits (a likelihood ratio of 32), a value decides from DECIDES.
FAMILY = 5.0
DECIDES = 8.0
# Ceiling of the registration family between groups, in bits.
GROUP_DAYS = 12.0
# Share of pairs of one operator's groups that have a day of registration in common (of single sites: see the kind).
GROUP_SAME_DAY = 0.5
# Kinds of which several values in common are separate coincidences between groups.
SEVERAL = ("created", "ip")
TIERS = ("conclusive", "associative", "circumstantial")
CONCLUSIVE = 0.99
ASSOCIATIVE = 0.5

NONE, SAME_FAMILY, IMPLIED, APART, CROWD, CEILING, OTHER_REGISTRAR, MIDDLEMAN, TENANTS, CHANCES, LITTLE = range(11)


@dataclass(frozen=True)
class Weighed:
    """``counted``, ``why``, ``gap`` by evidence row, the rest by pair; ``families`` is a bit mask.

    ``against`` holds the bits taken off for values that differ, by pair and kind of EXCLUSIVE.
    """

    counted: Floats
    why: Ints
    gap: Ints
    bits: Floats
    probability: Floats
    families: Ints
    decided: Bools
    against: Floats


def by_pair(weighed: Weighed, kept: Ints) -> Weighed:
    """Some pairs of ``weighed``, without what it holds by evidence row."""
    none, nothing = np.zeros(0), np.zeros(0, dtype=np.int64)
    return Weighed(
        none,
        nothing,
        nothing,
        weighed.bits[kept],
        weighed.probability[kept],
        weighed.families[kept],
        weighed.decided[kept],
        weighed.against[kept],
    )


def small(weighed: Weighed) -> Weighed:
    """The same with the notes by evidence row in less memory."""
    return replace(weighed, why=weighed.why.astype(np.int8), gap=weighed.gap.astype(np.int32))


def together(parts: Sequence[Weighed]) -> Weighed:
    """Parts of one list of pairs as one."""
    return Weighed(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Weighed)))


@cache
def families() -> tuple[str, ...]:
    """All families, in order."""
    return tuple(sorted({kind.family for kind in kinds().values()}))


def odds(probability: float) -> float:
    """Log2 odds of a probability."""
    return float(np.log2(probability / (1 - probability)))


def weigh(a: Ints, b: Ints, shared: Evidence, scale: Scale) -> Weighed:
    """Weigh the shared values of the pairs of units ``a`` and ``b``.

    Where units are groups of publishers, each bears many values, and every match is less surprising (see
    scale.of_groups).
    """
    pairs, index, values, groups = len(a), scale.index, scale.values, scale.groups
    kind = values.kind_number[shared.value]
    family_of = np.array([families().index(kinds()[name].family) for name in names()], dtype=np.int64)
    family = family_of[kind]
    why = np.zeros(len(kind), dtype=np.int64)
    full, gap = _with_time(values.bits[shared.value], kind, shared, index, why)
    # That two groups have a host in common, each several times, is no longer the chance of one unknown host.
    unknown = np.ones(len(kind), dtype=np.bool_) if not groups else family != families().index(HOST)
    full = np.where(unknown, _with_tenants(full, shared, values, why), full)
    if groups:
        day = _day_of_groups() * ((kind == names().index("created")) & (full > 0))
        full = of_groups(full + day, shared.row_a, shared.row_b, scale)
    else:
        less = of_pages(full, shared.row_a, shared.row_b, scale)
        why[(less < full) & (why == NONE)] = CHANCES
        full = less
        full = _with_crowd(full, kind, shared, index, why)
        full = _with_own_accounts(a, b, full, kind, shared, scale, why)
    full = _with_registrar(pairs, full, kind, shared, scale, why)
    if not groups:
        why[(full > 0) & (full < LEAST) & (why == NONE)] = LITTLE
        full = np.where(full < LEAST, 0.0, full)
    counted = np.where(_implied(pairs, kind, shared), 0.0, full)
    why[(counted < full) & (full > 0)] = IMPLIED
    counted = _in_family(pairs, counted, family, kind, shared, index, why, groups)
    cell = shared.pair * len(families()) + family
    by_family = np.bincount(cell, weights=counted, minlength=pairs * len(families())).reshape(pairs, len(families()))
    against = np.zeros((pairs, len(EXCLUSIVE))) if groups else _against(a, b, kind, shared, scale)
    bits = by_family.sum(axis=1) - against.sum(axis=1)
    mask = ((by_family >= FAMILY) * (1 << np.arange(len(families())))).sum(axis=1).astype(np.int64)
    decided = np.zeros(pairs, dtype=np.bool_)
    decided[shared.pair[values.decides[shared.value] & (counted >= DECIDES)]] = True
    probability = 1 / (1 + 2.0 ** -(bits + odds(scale.prior)))
    one = ~decided & (np.bitwise_count(mask) < 2)
    probability = np.where(one, np.minimum(probability, ALONE), probability)
    hosted = ~decided & (mask == 1 << families().index(HOST))
    if not groups:
        probability = np.where(hosted, np.minimum(probability, BESIDE_ONLY), probability)
    return Weighed(counted, why, gap, bits, probability, mask, decided, against)


def scale_of(index: Index, values: Values, prior: float, groups: bool = False) -> Scale:
    """What :func:`weigh` needs to know of an index."""
    return scale(index, values, prior, telling(values), (*EXCLUSIVE, *OWN_COUNTS, "registrar"), groups)


def at_most(scale: Scale) -> Most:
    """Bounds on what :func:`weigh` finds, from which it follows which pairs need not be weighed."""
    values, groups = scale.values, scale.groups
    family = np.array([families().index(kinds()[name].family) for name in names()], dtype=np.int64)
    ceiling = np.array([_ceiling(name, groups) for name in families()], dtype=np.float64)
    more = np.zeros(len(families()))
    bits = values.bits
    if groups:
        for name, same in _same_of_groups().items():
            place = family[names().index(name)]
            more[place] = max(more[place], -np.log2(same))
        bits = bits + _day_of_groups() * (of_kind(values, "created") & (bits > 0))
    else:
        bits = np.maximum(0.0, bits - values.tenants)
    next_ = np.full(len(families()), 1.0 if groups else 0.5)
    if not groups:
        next_[families().index(HOST)] = 0.0
    return Most(
        bits,
        bits if groups else np.where(bits < LEAST - TRACE, 0.0, bits),
        family[values.kind_number],
        ceiling,
        more,
        next_,
        0.0 if groups else LEAST,
        scale.rare,
        scale.index.siblings if groups else np.ones(len(scale.rare), dtype=Small),
    )


def _same_of_groups() -> dict[str, float]:
    """Share of pairs of one operator's groups that have such a value in common, of the kinds of SEVERAL."""
    return {name: kinds()[name].share_same for name in SEVERAL} | {"created": GROUP_SAME_DAY}


def _day_of_groups() -> float:
    """Bits that a day of registration weighs more between groups than between single sites."""
    return float(np.log2(GROUP_SAME_DAY / kinds()["created"].share_same))


def _differ(name: str, a: Ints, b: Ints, kind: Ints, shared: Evidence, scale: Scale) -> Bools:
    """Which pairs both have values of a kind, and none in common. A platform's value is none."""
    has = scale.has_own[name]
    differ: Bools = has[a] & has[b]
    differ[shared.pair[kind == names().index(name)]] = False
    return differ


def _with_own_accounts(a: Ints, b: Ints, full: Floats, kind: Ints, shared: Evidence, scale: Scale, why: Ints) -> Floats:
    """Less for an account that two pages share whose own analytics accounts differ."""
    accounts = np.array([kinds()[name].family in ACCOUNTS for name in names()], dtype=np.bool_)[kind]
    differ = np.zeros(len(a), dtype=np.bool_)
    same = np.zeros(len(a), dtype=np.bool_)
    for name in OWN_COUNTS:
        differ |= _differ(name, a, b, kind, shared, scale)
        same[shared.pair[kind == names().index(name)]] = True
    wanted = accounts & (differ & ~same)[shared.pair] & (full > 0)
    why[wanted] = MIDDLEMAN
    return np.where(wanted, np.maximum(0.0, full - CONTRADICTED), full)


def _against(a: Ints, b: Ints, kind: Ints, shared: Evidence, scale: Scale) -> Floats:
    """Bits against, by pair and kind of EXCLUSIVE: both have such values, and none in common (Fellegi and Sunter)."""
    found = np.zeros((len(a), len(EXCLUSIVE)))
    for column, name in enumerate(EXCLUSIVE):
        found[_differ(name, a, b, kind, shared, scale), column] = -np.log2(1 - kinds()[name].share_same)
    return found


def _with_time(full: Floats, kind: Ints, shared: Evidence, index: Index, why: Ints) -> tuple[Floats, Ints]:
    """Less for windows that lie apart: half for each half-life of the kind. Also the gap in days."""
    half = np.array([kinds()[name].half_life_days for name in names()], dtype=np.float64)[kind]
    a, b = shared.row_a, shared.row_b
    begin = np.maximum(index.first_day[a], index.first_day[b])
    gap = np.maximum(0, begin - np.minimum(index.last_day[a], index.last_day[b]) - SLACK_DAYS)
    gap = np.where(np.isinf(half), 0, gap)
    why[(gap > 0) & (full > 0)] = APART
    return full * 0.5 ** (gap / half), gap


def _with_tenants(full: Floats, shared: Evidence, values: Values, why: Ints) -> Floats:
    """Less for a host that may have many tenants whom nobody has counted (see rarity)."""
    less = np.maximum(0.0, full - values.tenants[shared.value])
    why[(less < full) & (full > 0) & (why == NONE)] = TENANTS
    return less


def _with_crowd(full: Floats, kind: Ints, shared: Evidence, index: Index, why: Ints) -> Floats:
    """Less on pages that bear other values of the kind, of which an honest page bears one or two.

    An account that stands beside a page's own is often that of a platform or an advertising network.

    A page with many bears other people's: the more there are, the more often an id is met there, and the less it says
    of who runs the page, so each side counts twice.
    """
    sparse = np.array([kinds()[name].family in SPARSE for name in names()], dtype=np.bool_)[kind]
    many = np.ones(len(full))
    for rows in (shared.row_a, shared.row_b):
        many *= np.where(sparse, np.maximum(1.0, index.siblings[rows] - USUAL) ** 2, 1.0)
    accounts = np.array([kinds()[name].family in ACCOUNTS for name in names()], dtype=np.bool_)[kind]
    common = siblings_of(shared.pair, kind)
    beside = sum((index.siblings[rows] > common).astype(np.float64) for rows in (shared.row_a, shared.row_b))
    less = np.maximum(0.0, full - np.log2(many) - np.where(accounts, BESIDE * beside, 0.0))
    why[(less < full) & (full > 0)] = CROWD
    return less


def _with_registrar(pairs: int, full: Floats, kind: Ints, shared: Evidence, scale: Scale, why: Ints) -> Floats:
    """Half for one day of registration at two registrars: a burst is one customer's at one registrar."""
    created, registrar = names().index("created"), names().index("registrar")
    together = np.zeros(pairs, dtype=np.bool_)
    together[shared.pair[kind == registrar]] = True
    known, unit = scale.has["registrar"], scale.index.unit
    differ = (kind == created) & ~together[shared.pair] & known[unit[shared.row_a]] & known[unit[shared.row_b]]
    why[differ & (full > 0)] = OTHER_REGISTRAR
    return np.where(differ, full / 2, full)


def _implied(pairs: int, kind: Ints, shared: Evidence) -> Bools:
    """Which rows say nothing new, since the pair shares a value that they follow from, be it a platform's."""
    has = np.zeros((len(names()), pairs), dtype=np.bool_)
    has[kind, shared.pair] = True
    follows = np.zeros_like(has)
    for number, name in enumerate(names()):
        for cause in kinds()[name].implied_by:
            follows[number] |= has[names().index(cause)]
    return follows[kind, shared.pair]


@cache
def causes() -> frozenset[str]:
    """Kinds from which others follow."""
    return frozenset(cause for kind in kinds().values() for cause in kind.implied_by)


def telling(values: Values) -> Bools:
    """Values that a pair is weighed by: those of any weight, and those of none from which others follow.

    A default icon is a platform's under each of its hashes, also under one that the background does not know.
    """
    found: Bools = (values.bits > 0) | of_kind(values, *causes())
    return found


def _in_family(
    pairs: int, full: Floats, family: Ints, kind: Ints, shared: Evidence, index: Index, why: Ints, groups: bool
) -> Floats:
    """Counted bits: the strongest of a family in full, the next by half and so on, up to the family's ceiling."""
    order = strongest_first(np.searchsorted(shared.pair, np.arange(pairs + 1)), family, full)
    cell = shared.pair[order] * len(families()) + family[order]
    first = np.r_[True, cell[1:] != cell[:-1]] if len(cell) else np.zeros(0, dtype=np.bool_)
    start = np.flatnonzero(first)
    size = np.diff(np.r_[start, len(cell)])
    rank = np.arange(len(cell)) - np.repeat(start, size)
    host = family[order] == families().index(HOST)
    share = full[order] * np.where(host & (not groups), 1.0 * (rank == 0), 0.5**rank)
    ceiling = np.array([_ceiling(name, groups) for name in families()], dtype=np.float64)[family[order]]
    if groups:
        # Several values of one kind in common are separate coincidences: m k! / lambda^k in place of m / lambda.
        same = np.array([_same_of_groups().get(name, 1.0) for name in names()], dtype=np.float64)
        again = full[order] - np.log2(same[kind[order]]) + np.log2(rank + 1.0)
        several = np.isin(kind[order], [names().index(name) for name in SEVERAL])
        alike = several & (kind[order] == np.repeat(kind[order][start], size)) & (full[order] > 0) & (rank > 0)
        one = np.array([_ceiling(name, False) for name in families()], dtype=np.float64)[family[order]]
        share = np.where(alike, np.maximum(share, again), np.minimum(share, one))
    counted = np.minimum(share, np.maximum(0.0, ceiling - sums_before(first, share)))
    found = np.empty(len(counted), dtype=np.float64)
    found[order] = counted
    note = np.zeros(len(counted), dtype=np.int64)
    note[order] = np.where(counted < share, CEILING, np.where((rank > 0) & (full[order] > 0), SAME_FAMILY, NONE))
    why[:] = np.where((note != NONE) & (why == NONE), note, why)
    return found


def _ceiling(family: str, groups: bool) -> float:
    return next(
        GROUP_DAYS if groups and family == "registration" else kind.family_cap
        for kind in kinds().values()
        if kind.family == family
    )


def holds(weighed: Weighed, least: float) -> Bools:
    """Which pairs may hold a network together: p of ``least`` and two independent families, of which one decides.

    Where nothing decides, it takes a third family, or p of .99: a host and a theme in common are an agency's customers.
    """
    count = np.bitwise_count(weighed.families)
    enough = weighed.decided | (count >= 3) | (weighed.probability >= CONCLUSIVE)
    found: Bools = (weighed.probability >= least) & (count >= 2) & enough
    return found


def conclusive(weighed: Weighed) -> Bools:
    """Which pairs are conclusive (see tiers)."""
    found: Bools = (weighed.probability >= CONCLUSIVE) & (np.bitwise_count(weighed.families) >= 2) & weighed.decided
    return found


def tiers(weighed: Weighed) -> Ints:
    """Number of each pair's tier among TIERS.

    Conclusive: p of .99, two independent families and a value that may decide. Associative: p of .5 and either.
    """
    either = (np.bitwise_count(weighed.families) >= 2) | weighed.decided
    found: Ints = np.where(conclusive(weighed), 0, np.where((weighed.probability >= ASSOCIATIVE) & either, 1, 2))
    return found
