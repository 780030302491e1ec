"""What the matching across languages knows of a language."""

from __future__ import annotations

CELL = {"ja": 60, "zh": 50, "ko": 80}  # characters of about one sentence
CELL_OTHER = 150


def base_language(language: str) -> str:
    """``zh`` for zh-Hans and zh-Hant, else the language without script and region."""
    return language.split("-")[0].split("_")[0].lower()


def cell(language: str) -> int:
    """Characters of about one sentence in ``language``."""
    return CELL.get(base_language(language), CELL_OTHER)
