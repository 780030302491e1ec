"""What all tests share: properties are never judged by the clock, since a busy machine is slow and not wrong."""

from typing import Any

from hypothesis import HealthCheck, settings

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_make_parametrize_id(val: Any) -> str | None:
    """A short name for a test of a huge input, of which pytest would keep several copies."""
    return f"{len(val)} long" if isinstance(val, str | bytes) and len(val) > 200 else None
