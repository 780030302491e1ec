"""Images that two texts of different languages show: the same bytes tell more than a few words that agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from wiretrace.schema.stored import Rows, rows
from wiretrace.trace.texts import Text

# Groups of copies that one image may stand with: what more of them show is a logo, a portrait, an agency's picture.
GROUPS = 2

Pictures = Mapping[int, frozenset[str]]  # text → digests of its images
NONE: Pictures = MappingProxyType({})


def pictures(images: Rows, texts: Sequence[Text], group: Sequence[int]) -> Pictures:
    """Of each text the images that only its own and one other of the groups of copies show, if it has any.

    ``group`` gives each text its representative.
    """
    place = {text.article_id: index for index, text in enumerate(texts)}
    shown: dict[str, set[int]] = defaultdict(set)
    for row in rows(images, "article_id", "digest"):
        if row["digest"] and row["article_id"] in place:
            shown[row["digest"]].add(place[row["article_id"]])
    found: dict[int, set[str]] = defaultdict(set)
    for digest, own in sorted(shown.items()):
        if len({group[index] for index in own}) == GROUPS:
            for index in own:
                found[index].add(digest)
    return {index: frozenset(digests) for index, digests in found.items()}
