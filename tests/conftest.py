"""What all tests share: properties are never judged by the clock, since a busy machine is slow and not wrong."""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

# Folder and fixture that takes long to make, and the group of the tests that look at it: one worker makes it, once.
# pytest-xdist starts the groups of most tests first, so that what is left at the end are single tests.
TOGETHER = {("practice", "ran"): "chain", ("narrate", "version"): "report"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of one long fixture in one worker."""
    for item in items:
        for name in getattr(item, "fixturenames", ()):
            if group := TOGETHER.get((item.path.parent.name, name)):
                item.add_marker(pytest.mark.xdist_group(group))


def pytest_make_parametrize_id(val: Any) -> str | None:
    """A short name for a test of a huge input, of which pytest would keep several copies."""
    return f"{len(val)} long" if isinstance(val, str | bytes) and len(val) > 200 else None
