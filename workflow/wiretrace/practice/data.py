"""The world's data files and the dice that vary it; the same seed value throws the same numbers everywhere."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import opencc
import yaml

HERE = Path(__file__).resolve().parent
T = TypeVar("T")


def dice(seed: int, *purpose: object) -> random.Random:
    """Random numbers for one purpose of world ``seed``; they don't depend on what else was thrown."""
    joined = "\x1f".join(str(part) for part in (seed, *purpose))
    return random.Random(int.from_bytes(hashlib.sha256(joined.encode()).digest()[:16], "big"))  # noqa: S311 no secret


def option(seed: int, key: str, items: Sequence[T]) -> T:
    """The item that world ``seed`` takes; neighbouring seeds take different ones where there are two or more."""
    start = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big")
    return items[(start + seed) % len(items)]


def digest(*parts: object, size: int = 12) -> str:
    """``size`` hex digits that stand for ``parts``."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:size]


@cache
def load(name: str) -> Any:
    """One data file below this package, e.g. ``publishers/wires.yaml``."""
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


def names(folder: str) -> list[str]:
    """Data files in ``folder``, sorted."""
    return [f"{folder}/{path.name}" for path in sorted((HERE / folder).glob("*.yaml"))]


@cache
def _converter() -> Any:
    return opencc.OpenCC("s2t")


@cache
def traditional(text: str) -> str:
    """``text`` in traditional Chinese characters."""
    converted: str = _converter().convert(text)
    return converted
