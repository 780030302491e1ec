"""Nobody is asked more often than promised: no host, no domain, no server that many sites stand on."""

from __future__ import annotations

import multiprocessing
import tempfile
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from wiretrace.acquire.pace import PER_ADDRESS, Pace

HOSTS = {
    "www.one.example": ("one.example", "192.0.2.1"),
    "img.one.example": ("one.example", "192.0.2.2"),
    **{f"s{n}.example": (f"s{n}.example", "192.0.2.1") for n in range(9)},
}


@given(
    st.lists(st.tuples(st.sampled_from(sorted(HOSTS)), st.floats(0, 3), st.integers(0, 2)), max_size=40),
    st.floats(0.1, 5),
    st.booleans(),
)
@settings(max_examples=30, deadline=None)
def test_turns_are_apart_whichever_job_takes_them(
    asked: list[tuple[str, float, int]], delay: float, shared: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        jobs = [Pace(delay, Path(folder)) for _ in range(3)] if shared else [Pace(delay)] * 3
        now = 0.0
        turns: list[tuple[float, str]] = []
        for host, later, job in asked:
            now += later
            at = jobs[job].turn(now, host, *HOSTS[host])
            assert at >= now
            turns.append((at, host))
    for key, least in ((0, delay), (1, delay / PER_ADDRESS)):
        of: dict[str, list[float]] = {}
        for at, host in turns:
            of.setdefault(HOSTS[host][key], []).append(at)
        for times in of.values():
            assert all(b - a >= least - 1e-6 for a, b in pairwise(sorted(times)))


def test_a_host_that_asks_for_more_time_gets_it_and_others_do_not_wait_for_it() -> None:
    pace = Pace(1.0)
    pace.slow_down("slow.example", 10.0)
    assert [pace.turn(0.0, "slow.example", "slow.example", "192.0.2.1") for _ in range(3)] == [0.0, 10.0, 20.0]
    assert pace.turn(0.0, "quick.example", "quick.example", "192.0.2.9") == 0.0


def turns_of(folder: Path) -> list[float]:
    pace = Pace(1.0, folder)
    return [pace.turn(1000.0, "site.example", "site.example", "192.0.2.1") for _ in range(20)]


def test_processes_side_by_side_take_each_turn_once(tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(3) as jobs:
        turns = sorted(turn for taken in jobs.map(turns_of, [tmp_path] * 3) for turn in taken)
    assert turns == [1000.0 + number for number in range(60)]


def test_one_job_told_to_wait_tells_the_others(tmp_path: Path) -> None:
    one, other = Pace(1.0, tmp_path), Pace(1.0, tmp_path)
    one.hold("site.example", 3600)
    assert 3500 < other.held("site.example") <= 3600
    assert other.held("else.example") == 0


def test_a_torn_note_or_a_clock_set_back_stops_nobody(tmp_path: Path) -> None:
    pace = Pace(1.0, tmp_path)
    pace.turn(1e9, "site.example")
    assert pace.turn(1000.0, "site.example") == 1000.0
    for file in tmp_path.iterdir():
        file.write_bytes(b"")
    assert pace.turn(1000.0, "site.example") == 1000.0
