"""Across languages: which texts translate each other, and by which anchors one can tell. No model.

Texts in, verified pairs out: :func:`translations`; :func:`shown` and :func:`passages` say what a pair rests on.
"""

from __future__ import annotations

from wiretrace.trace.across import glosses
from wiretrace.trace.across.anchors import Tools, tools
from wiretrace.trace.across.languages import base_language, cell
from wiretrace.trace.across.matching import Translated, translations
from wiretrace.trace.across.order import Chain, passages, shown
from wiretrace.trace.across.pictures import pictures

__all__ = [
    "Chain",
    "Tools",
    "Translated",
    "base_language",
    "cell",
    "passages",
    "pictures",
    "shown",
    "tools_for",
    "translations",
]


def tools_for(dictionaries: bool) -> Tools:
    """Word lists for the search.

    Raises:
        UserError: dictionaries are asked for and not installed.
    """
    return tools(glosses.load() if dictionaries else None)
