"""A site's chrome (masthead, menus, dates) as it was read, with the slips of another language marked in it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from markupsafe import Markup, escape

from wiretrace.narrate.pages import visible
from wiretrace.narrate.version import Version
from wiretrace.publish.rows import Record

# Lines of the top that are always shown, lines of one page in all, letters of one line.
TOP, LINES, LONGEST = 4, 16, 160


@dataclass(frozen=True)
class Masthead:
    """The chrome of one capture: its lines with the slips in <mark>, and a row for each slip."""

    publisher: str
    capture: Record
    language: str
    lines: tuple[Markup, ...]
    slips: tuple[Record, ...]  # numbered as in the lines
    others: int  # captures of the same publisher that bear slips too


def mastheads(version: Version, most: int) -> list[Masthead]:
    """One for each publisher with slips that count in its chrome, those with most different slips first.

    Of a publisher's captures the one that bears most is shown.
    """
    by_capture: dict[str, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for row in version.table("origin_indicators"):
        if (
            row["place"] == "chrome"
            and row["counts"]
            and row["start"] is not None
            and row["capture_id"] in version.pages
        ):
            by_capture[row["publisher"]][row["capture_id"]].append(row)
    chosen = []
    for publisher, captures in by_capture.items():
        best = min(captures, key=lambda c: (-len({(r["rule_id"], r["excerpt"]) for r in captures[c]}), c))
        chosen.append((publisher, best, captures[best], len(captures) - 1))
    chosen.sort(key=lambda item: (-len({row["excerpt"] for row in item[2]}), item[0]))
    return [_masthead(version, *item) for item in chosen[:most]]


def _masthead(version: Version, publisher: str, capture: str, rows: list[Record], others: int) -> Masthead:
    page, chrome = version.pages[capture], version.pages[capture]["chrome"]
    places: list[tuple[int, int, list[Record]]] = []
    for row in sorted(rows, key=lambda r: (r["start"], -r["end"])):
        if places and row["start"] < places[-1][1]:
            start, end, same = places[-1]
            places[-1] = (start, max(end, row["end"]), [*same, row])
        else:
            places.append((row["start"], row["end"], [row]))
    lines: list[Markup] = []
    slips: list[Record] = []
    at, shown, skipped = 0, 0, False
    for number, line in enumerate(chrome.split("\n")):
        inside = [place for place in places if at <= place[0] < at + len(line) + 1]
        if shown < LINES and (inside or number < TOP):
            lines += [Markup('<span class="gap">[…]</span>')] if skipped else []
            lines.append(_line(line, at, inside, slips))
            shown, skipped = shown + 1, False
        else:
            skipped = True
        at += len(line) + 1
    return Masthead(publisher, version.captures[capture], page["language"], tuple(lines), tuple(slips), others)


def _line(line: str, offset: int, places: list[tuple[int, int, list[Record]]], slips: list[Record]) -> Markup:
    """One line with its slips marked and numbered; the rows of the slips are added to ``slips``."""
    out, at = Markup(), 0
    for start, end, rows in places:
        low, high = start - offset, min(end - offset, len(line))
        number = len(slips) + 1
        slips.append({**rows[0], "number": number, "rules": ", ".join(sorted({row["rule_id"] for row in rows}))})
        out += escape(visible(line[at:low][-LONGEST:]))
        out += Markup("<mark>{}<sup>{}</sup></mark>").format(visible(line[low:high]), number)
        at = high
    return out + escape(visible(line[at:][:LONGEST]))
