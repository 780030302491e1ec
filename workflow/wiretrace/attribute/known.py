"""Published lists of networks that others have found, and the mistakes in the lists."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from wiretrace import given, identity

COLUMNS = ("domain", "label", "listed_by", "date")


def read_lists(paths: Iterable[str]) -> list[dict[str, str]]:
    """Rows of the lists in ``paths`` with their publisher and line, in order.

    Raises:
        UserError: a file cannot be read or lacks a column.
    """
    found: list[dict[str, str]] = []
    for path in paths:
        for number, row in given.rows(path, "domain", "listed_by"):
            taken = {column: row.get(column, "") for column in COLUMNS}
            found.append({**taken, "publisher": _publisher(taken["domain"]), "path": path, "line": str(number)})
    return found


def _publisher(domain: str) -> str:
    bare = domain.replace("[.]", ".").replace("hxxp", "http").strip()
    return identity.publisher_of(bare if "://" in bare else f"http://{bare}") if bare else ""


def listed_by(rows: Iterable[dict[str, str]]) -> dict[str, str]:
    """Who lists each publisher, in words: "A (2024-02-07, label); B"."""
    said: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row["publisher"]:
            detail = ", ".join(part for part in (row["date"], row["label"]) if part)
            said[row["publisher"]].append(row["listed_by"] + (f" ({detail})" if detail else ""))
    return {publisher: "; ".join(sorted(set(texts))) for publisher, texts in said.items()}


def lint(rows: Iterable[dict[str, str]]) -> list[str]:
    """What is wrong with the lists, one line each: entries that are no domain, doubled entries, totals that mislead."""
    said = []
    by_list: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        by_list[row["path"], row["label"]].append(row)
    for (path, label), entries in sorted(by_list.items()):
        for row in entries:
            if not row["publisher"]:
                said.append(f"{path}, line {row['line']}: {row['domain']!r} is not a domain")
            if not row["listed_by"]:
                said.append(f"{path}, line {row['line']}: nobody is named who lists {row['domain']!r}")
        count = Counter(row["publisher"] for row in entries if row["publisher"])
        doubled = sorted(name for name, times in count.items() if times > 1)
        if doubled:
            shown = ", ".join(doubled[:5]) + (f" and {len(doubled) - 5} more" if len(doubled) > 5 else "")
            title = f" ({label})" if label else ""
            said.append(f"{path}{title}: {len(entries)} entries, but {len(count)} publishers; more than once: {shown}")
    return said
