"""All matches of some texts in one process."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from wiretrace.trace.reuse import index
from wiretrace.trace.reuse.store import Spans, build
from wiretrace.trace.reuse.verify import Limits, verified


def find(names: Sequence[str], texts: Sequence[str], masked: Sequence[Spans], limits: Limits) -> pa.Table:
    """Matches (:data:`wiretrace.trace.reuse.verify.SCHEMA`) of ``texts``, named ``names``, without the spans masked."""
    store = build(names, texts, masked)
    found = index.pairs(
        [index.keys(store.prints, store.print_starts, 0, 1)], np.zeros(1, np.int64), store.low, store.order
    )
    first, second = index.from_shard([index.candidates([found], store.order, 0, len(store))], 0, len(store))
    return verified(store, store, first, second, limits)
