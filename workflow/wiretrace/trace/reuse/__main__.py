"""Compile the kernels once, for all later processes: ``python -m wiretrace.trace.reuse``."""

from wiretrace.trace.reuse.find import find
from wiretrace.trace.reuse.verify import Limits

TEXT = "A pump for the harbour was set up on Monday, and the town paid for it. " * 8

find(["a", "b"], [TEXT, TEXT + "So it is said."], [(), ()], Limits(0.2, 60, 60))
