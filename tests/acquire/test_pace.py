"""Nobody is asked more often than promised: no host, no domain, no server that many sites stand on."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from wiretrace.acquire.pace import PER_ADDRESS, Pace

HOSTS = {
    "www.one.example": ("one.example", "192.0.2.1"),
    "img.one.example": ("one.example", "192.0.2.2"),
    **{f"s{n}.example": (f"s{n}.example", "192.0.2.1") for n in range(9)},
}


@given(st.lists(st.tuples(st.sampled_from(sorted(HOSTS)), st.floats(0, 3)), max_size=60), st.floats(0.1, 5))
def test_turns_are_apart(asked: list[tuple[str, float]], delay: float) -> None:
    pace, now = Pace(delay), 0.0
    turns: list[tuple[float, str]] = []
    for host, later in asked:
        now += later
        at = pace.turn(now, host, *HOSTS[host])
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
