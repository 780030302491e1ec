"""What a site puts on many of its articles: whole lines, and within lines whole sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wiretrace.trace.fold import fold, size

# A line or a sentence is the site's own when it stands on this share of its articles, and on so many.
LINE_SHARE = 0.3
LINE_ARTICLES = 4
INNER = 30.0  # size (see fold.size) of what is added within a line; less is a stock phrase
MOSTLY = 0.5  # share of an article from which repeated sentences are its text, run again, and no addition
STOP = re.compile(r"[。！？]+[」』”）)]*|[.!?]+[”’\")]*(?=\s)")


@dataclass(frozen=True, slots=True)
class Added:
    """Lines and sentences that a site adds."""

    lines: frozenset[str]
    sentences: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.lines or self.sentences)


def added(texts: Iterable[str]) -> Added:
    """What stands on many of the ``texts`` of one publisher.

    Articles with the same longest line count once: a text that a site ran many times is no footer. For the same reason
    a sentence counts only where the repeated ones are less than half of an article.
    """
    lines: dict[str, set[str]] = {}
    sentences: dict[str, set[str]] = {}
    for text in texts:
        own = {line for line in (part.strip() for part in text.split("\n")) if line}
        if own:
            body = max(own, key=lambda line: (len(line), line))
            lines.setdefault(body, set()).update(own)
            parts = (line[begin:end].strip() for line in own for begin, end in _sentences(line))
            sentences.setdefault(body, set()).update(part for part in parts if part)
    least = max(LINE_ARTICLES, LINE_SHARE * len(lines))
    common = _on(lines.values(), least)
    frequent = _on(sentences.values(), least)
    within = (own for own in sentences.values() if _length(own & frequent) < MOSTLY * _length(own))
    return Added(common, _on(within, least) if frequent else frequent)


def _on(bodies: Iterable[set[str]], least: float) -> frozenset[str]:
    """What stands on ``least`` bodies and more."""
    counts = Counter(part for body in bodies for part in body)
    return frozenset(part for part, count in counts.items() if count >= least)


def _length(parts: Iterable[str]) -> int:
    return sum(map(len, parts))


def spans(text: str, known: Added) -> Iterator[tuple[int, int]]:
    """The lines of ``text`` that the site adds, and in the others the runs of sentences."""
    begin = 0
    for line in text.split("\n"):
        if line.strip() in known.lines:
            yield begin, begin + len(line)
        elif known.sentences:
            for start, end in _runs(line, known.sentences):
                yield begin + start, begin + end
        begin += len(line) + 1


def _runs(line: str, wanted: frozenset[str]) -> Iterator[tuple[int, int]]:
    """The longest runs of ``wanted`` sentences of a line that are more than a stock phrase."""
    runs: list[tuple[int, int]] = []
    for begin, end in _sentences(line):
        if line[begin:end].strip() not in wanted:
            continue
        if runs and runs[-1][1] == begin:
            begin = runs.pop()[0]
        runs.append((begin, end))
    return (run for run in runs if size(fold(line[run[0] : run[1]])[0]) >= INNER)


def _sentences(line: str) -> Iterator[tuple[int, int]]:
    """The sentences of a line, one after the other."""
    begin = 0
    for stop in STOP.finditer(line):
        yield begin, stop.end()
        begin = stop.end()
    if begin < len(line):
        yield begin, len(line)
