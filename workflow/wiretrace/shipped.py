"""The YAML files that come with the code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

# libyaml's where PyYAML was built with it: a tenth of the time, which each process pays anew.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def yaml_of(path: Path) -> Any:
    """What the YAML file ``path`` holds."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - both are safe
