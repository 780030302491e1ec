"""From captured bytes to pages, articles, clocks, links and observations; a pure function of what was captured."""

from wiretrace.read.brought import lint, mistakes
from wiretrace.read.brought import observations as brought_observations
from wiretrace.read.imports import imported, lint_articles, split
from wiretrace.read.tables import publishers_of, read_publishers

# How many objects are made between two searches for cycles, of which a page leaves next to none: at Python's own
# numbers the searches take a tenth of the time.
SELDOM = (200_000, 50, 100)

__all__ = [
    "SELDOM",
    "brought_observations",
    "imported",
    "lint",
    "lint_articles",
    "mistakes",
    "publishers_of",
    "read_publishers",
    "split",
]
