"""Findings that one pattern cannot state. Each matcher takes a text and returns spans (start, end) in it, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import regex

from wiretrace.indicate import glyphs

Spans = list[tuple[int, int]]

# ChatGPT marks each block of an answer with its offsets in the answer's source: a block starts 1 to 3 characters (line
# breaks) after the end of the one before. Three blocks in a row make a chain; a slider's or transcript's numbers don't.
OFFSETS = regex.compile(
    r"<[a-z][a-z0-9]{0,9}+\s[^<>]{0,300}?\bdata-start=[\"'](\d{1,7})[\"'][^<>]{0,300}?\bdata-end=[\"'](\d{1,7})[\"']",
    regex.IGNORECASE,
)
CHAIN = 3
COMMENT = regex.compile(r"<!--[^<>]{1,400}|/\*[^*<>]{1,400}|(?<![:\"'/\w])//[^\n<>\"']{1,200}")
# Words of Chinese developers' comments whose characters Japanese has too.
COMMENT_WORDS = regex.compile(
    r"首[页頁]|[导導]航|底部|[轮輪]播|列表|文章[内內]容|搜索|[结結]束|[开開]始|[头頭]部|侧边|公共|引入|样式"
)
# A run of Chinese that stayed: no kana within, and grammar that no Japanese word bears.
CHINESE_RUN = regex.compile(r"[\p{Han}，。、；：！？“”《》（）\d]{8,200}+")
CHINESE_WORDS = regex.compile(
    r"[们們这這您吗嗎呢吧她]|没有|沒有|不是|[为為]了|因[为為]|可以|就是|什[么麼]|[关關][于於]|的[了是]|了[一的不]"
)
KANA_COMMA = regex.compile(r"\p{Hiragana}，(?=[\p{Han}\p{Hiragana}\p{Katakana}])")
HALF_COMMA = regex.compile(r"\p{Hiragana},(?=[\p{Han}\p{Hiragana}\p{Katakana}])")
FOREIGN_HAN = regex.compile(r"(?<=[\p{Latin}\p{Cyrillic}][ ,]{0,2})\p{Han}{2,30}+(?=[ ,]{0,2}[\p{Latin}\p{Cyrillic}])")
# A run is cut to this many characters on either side of the glyph that makes it a finding.
SIDE = 8


def offset_chain(markup: str) -> Spans:
    """Chains of three or more blocks in HTML whose source offsets follow each other."""
    found: Spans = []
    chain: list[tuple[int, int]] = []
    first = last = -1
    for match in OFFSETS.finditer(markup):
        start, end = int(match[1]), int(match[2])
        # An inner element (a list item, bold words) has offsets within its block and does not break the chain.
        if chain and first <= start < end <= last:
            continue
        if not (chain and 1 <= start - last <= 3):
            found.extend(_chained(chain))
            chain = []
        if end > start:
            first = start
            chain.append(match.span())
            last = end
    found.extend(_chained(chain))
    return found


def _chained(chain: list[tuple[int, int]]) -> Spans:
    return [(chain[0][0], chain[0][1])] if len(chain) >= CHAIN else []


def _runs(table: str, text: str) -> Iterator[tuple[int, int]]:
    """Runs of Han around the characters of a glyph table."""
    if not glyphs.of(table, text):
        return
    pattern = glyphs.finder(table)
    for run in glyphs.HAN_RUN.finditer(text):
        found = pattern.search(text, *run.span())
        if found:
            last = max(m.end() for m in pattern.finditer(text, found.start(), min(run.end(), found.start() + SIDE)))
            yield max(run.start(), found.start() - SIDE), min(run.end(), last + SIDE)


def simplified(text: str) -> Spans:
    """Runs with a character that only mainland China's encodings hold."""
    return list(_runs("simplified", text))


def traditional(text: str) -> Spans:
    """Runs with a character that only Taiwan's and Hong Kong's encodings hold."""
    return list(_runs("traditional", text))


def chinese(text: str) -> Spans:
    """Runs with a character that Chinese encodings hold and Japanese ones do not, of either script."""
    return [
        (start, end)
        for start, end in _runs("chinese", text)
        if not glyphs.of("simplified", text[start:end]) and not glyphs.of("traditional", text[start:end])
    ]


def untranslated_chinese(text: str) -> Spans:
    """Runs of eight and more characters of Chinese grammar in a text that has kana."""
    if not glyphs.KANA.search(text):
        return []
    return [
        match.span()
        for match in CHINESE_RUN.finditer(text)
        if len(CHINESE_WORDS.findall(match[0])) >= 2
        or (CHINESE_WORDS.search(match[0]) and glyphs.of("simplified", match[0]))
    ]


def chinese_comment(markup: str) -> Spans:
    """Comments in HTML, style or script that are in Chinese: a Simplified form, or two words of Chinese developers."""
    found: Spans = []
    for comment in COMMENT.finditer(markup):
        if glyphs.KANA.search(comment[0]) or not glyphs.HAN_RUN.search(comment[0]):
            continue
        if glyphs.of("simplified", comment[0]) or len(set(COMMENT_WORDS.findall(comment[0]))) >= 2:
            found.append(comment.span())
    return found


def _beside(pattern: regex.Pattern[str], text: str) -> Spans:
    """The first match of ``pattern`` in a text that also uses the Japanese comma."""
    match = pattern.search(text)
    return [match.span()] if match and "、" in text else []


def fullwidth_comma(text: str) -> Spans:
    """A Chinese comma after kana in a text that uses the Japanese one elsewhere."""
    return _beside(KANA_COMMA, text)


def halfwidth_comma(text: str) -> Spans:
    """An ASCII comma between Japanese words in a text that uses the Japanese one elsewhere."""
    return _beside(HALF_COMMA, text)


def han_in_foreign(text: str) -> Spans:
    """Han between Latin or Cyrillic words, without brackets or quotation marks around it."""
    return [match.span() for match in FOREIGN_HAN.finditer(text)]


MATCHERS: dict[str, Callable[[str], Spans]] = {
    "offset_chain": offset_chain,
    "simplified": simplified,
    "traditional": traditional,
    "chinese": chinese,
    "untranslated_chinese": untranslated_chinese,
    "chinese_comment": chinese_comment,
    "fullwidth_comma": fullwidth_comma,
    "halfwidth_comma": halfwidth_comma,
    "han_in_foreign": han_in_foreign,
}
