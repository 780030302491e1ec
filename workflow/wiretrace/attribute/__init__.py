"""Attribute: which publishers belong together, how sure that is, and why it may be an accident."""

from wiretrace.attribute.known import lint, read_lists
from wiretrace.attribute.run import attribute

__all__ = ["attribute", "lint", "read_lists"]
