"""From captured bytes to pages, articles, clocks, links and observations; a pure function of what was captured."""

from wiretrace.read.brought import lint
from wiretrace.read.tables import publishers_of, read_publishers

__all__ = ["lint", "publishers_of", "read_publishers"]
