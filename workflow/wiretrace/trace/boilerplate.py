"""Lines that a site or a wire adds to whatever it publishes: footers, credit lines, "About" paragraphs, disclaimers.

A line is counted once for all copies of a text, however many sites ran them, so that a sentence of a release is not
taken for a footer. What is found takes no part in any match; here an editor sees what it was.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wiretrace.identity import make_id
from wiretrace.trace.fold import folded
from wiretrace.trace.stories import Match, families
from wiretrace.trace.texts import LINE_ARTICLES, LINE_SHARE, Text

PUBLISHERS = 3  # publishers on which a line stands that is said to be common to several
LEAST, MOST = 8, 600  # folded characters of a line: shorter ones are labels, longer ones text


def rows(texts: Sequence[Text], matches: Sequence[Match]) -> list[dict[str, Any]]:
    """Rows of ``boilerplate``.

    ``on_one_publisher``: a line of 30 %, and at least four, of a publisher's unrelated texts; ``across_publishers``: a
    line of at least four unrelated texts at three publishers or more. Texts are unrelated where no matches, not even
    over others, tie them together.
    """
    root = families(matches)
    found: dict[str, dict[int, str]] = defaultdict(dict)
    unrelated: dict[str, set[int]] = defaultdict(set)
    for index, text in enumerate(texts):
        unrelated[text.publisher].add(root.get(index, index))
        for line, written in _lines(text.text).items():
            found[line][index] = written.strip()
    made = []
    for line, members in found.items():
        if len(members) < LINE_ARTICLES:
            continue
        own: dict[str, list[int]] = defaultdict(list)
        for index in members:
            own[texts[index].publisher].append(index)
        for publisher, indices in own.items():
            count = len({root.get(index, index) for index in indices})
            if count >= max(LINE_ARTICLES, LINE_SHARE * len(unrelated[publisher])):
                here = {index: members[index] for index in indices}
                made.append(_row("on_one_publisher", publisher, line, texts, here, count))
        count = len({root.get(index, index) for index in members})
        if count >= LINE_ARTICLES and len(own) >= PUBLISHERS:
            made.append(_row("across_publishers", "", line, texts, members, count))
    return made


def _lines(text: str) -> Mapping[str, str]:
    """The lines of a text, folded, each once, and as they are written."""
    return {key: line for line in text.split("\n") if len(line) >= LEAST and LEAST <= len(key := folded(line)) <= MOST}


def _row(
    kind: str, publisher: str, line: str, texts: Sequence[Text], members: Mapping[int, str], count: int
) -> dict[str, Any]:
    order = sorted(members, key=lambda index: texts[index].article_id)
    own = [texts[index] for index in order]
    return {
        "boilerplate_id": make_id("b", kind, publisher, line),
        "kind": kind,
        "text": _most(members[index] for index in order),
        "publisher": publisher,
        "publishers": len({text.publisher for text in own}),
        "articles": len(own),
        "texts": count,
        "language": _most(text.language for text in own),
        "first_article": own[0].article_id,
        "capture_id": own[0].capture_id,
    }


def _most(values: Iterator[str]) -> str:
    """The most frequent value, the first in order among equals."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value))
