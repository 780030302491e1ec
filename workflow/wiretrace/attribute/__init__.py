"""Attribute: which publishers belong together, how sure that is, and why it may be an accident."""

from wiretrace.attribute.known import lint, read_lists
from wiretrace.attribute.run import attribute, in_pieces

__all__ = ["attribute", "in_pieces", "lint", "read_lists"]
