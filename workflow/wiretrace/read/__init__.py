"""From captured bytes to pages, articles, clocks, links and observations; a pure function of what was captured."""

from wiretrace.read.brought import lint, mistakes, observations
from wiretrace.read.imports import imported, lint_articles, split
from wiretrace.read.tables import publishers_of, read_publishers

# How many objects are made between two searches for cycles, of which a page leaves next to none: at Python's own
# numbers the searches take a tenth of the time.
SELDOM = (200_000, 50, 100)

__all__ = [
    "SELDOM",
    "imported",
    "lint",
    "lint_articles",
    "mistakes",
    "observations",
    "publishers_of",
    "read_publishers",
    "split",
]
