"""A pair that is left unweighed could not have weighed enough."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from wiretrace.attribute import cluster, pairs
from wiretrace.attribute.pairs import able, borne, brought_up, evidence
from wiretrace.attribute.values import code, gather, prepare
from wiretrace.attribute.weigh import at_most, scale_of, weigh

KINDS = ("ga_ua", "adsense", "ip", "ns", "created", "registrar", "theme", "plugin", "favicon", "wp_user", "asset_host")
NEEDS = (-4.0, 0.0, 4.0, 8.0, 12.0, 20.0, 30.0)


def crowded(world, seed):
    draw = random.Random(seed)  # noqa: S311
    for number in range(24):
        role = "control" if number % 6 == 5 else "suspect"
        for kind in KINDS:
            for _ in range(draw.randint(0, 4)):
                pick = draw.randint(0, 5)
                value = f"20{10 + pick}-03-{1 + pick:02d}" if kind == "created" else f"{kind}-{pick}.example"
                value = f"198.51.100.{pick}" if kind == "ip" else value
                world.add(f"site{number:02d}.example", role, **{kind: value})
    publishers, observations, _ = world.tables()
    return prepare(gather(publishers, code(publishers, observations)))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("groups", [False, True])
def test_no_pair_weighs_more_than_its_bound(world, seed, groups):
    prepared = crowded(world, seed)
    index, values = prepared.index, prepared.values
    if groups:
        number = np.arange(index.units) // 3
        size = np.bincount(number)
        rows = cluster._of_several(index, prepared.more, values, np.ones(index.units, dtype=bool))
        index, _ = cluster._as_wholes(rows, values, number, size)
    a, b = np.triu_indices(index.units, 1)
    scale = scale_of(index, values, 0.001, groups)
    bits = weigh(a, b, evidence(a, b, scale.telling), scale).bits
    assert bits.max() > 12
    most, dropped = at_most(scale), 0
    these = borne(index, most.bits > 0)
    for need in NEEDS:
        possible = able(a, b, these, most, np.full(len(a), need))
        assert not (~possible & (bits >= need)).any()
        dropped += int((~possible).sum())
    assert dropped


@pytest.mark.parametrize("seed", range(6))
def test_pairs_that_are_brought_up_are_those_of_all_pairs(world, seed, monkeypatch):
    prepared = crowded(world, seed)
    index, values = prepared.index, prepared.values
    lone = np.arange(index.units) % 4 == 0
    scale = scale_of(index, values, 0.001)
    most = replace(at_most(scale), bits=values.bits)
    monkeypatch.setattr(pairs, "PIECE", 7)
    for need in (4.0, 8.0, 16.0):
        a, b = (np.concatenate(column) for column in zip(*brought_up(index, most, need, lone), strict=True))
        x, y = np.triu_indices(index.units, 1)
        shared = evidence(x, y, scale.telling)
        bits = values.bits[shared.value]
        total = np.bincount(shared.pair, weights=bits, minlength=len(x))
        strong = np.bincount(shared.pair, weights=np.where(bits >= 3, bits, 0.0), minlength=len(x))
        expected = (total >= need) & (strong > 0) & ~(lone[x] & lone[y])
        found = set(zip(a.tolist(), b.tolist(), strict=True))
        assert found >= set(zip(x[expected].tolist(), y[expected].tolist(), strict=True))
        assert all(one < other and not (lone[one] and lone[other]) for one, other in found)
        assert sorted(found) == list(zip(a.tolist(), b.tolist(), strict=True))
