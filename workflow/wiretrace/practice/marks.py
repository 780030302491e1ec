"""Signs of chat tools in texts, markup and pictures of the networks' articles."""

from __future__ import annotations

from wiretrace.practice.articles import Article
from wiretrace.practice.data import dice, load
from wiretrace.practice.runs import Newsstand

# Kanji and what a Chinese input method writes for them; no Japanese encoding has the second ones.
SIMPLIFIED = {
    "時": "时",
    "発": "发",
    "業": "业",
    "場": "场",
    "開": "开",
    "車": "车",
    "長": "长",
    "電": "电",
    "記": "记",
    "関": "关",
}
SLIPS = 6  # Japanese translations that keep some of them
HIDDEN = "\ue200cite\ue202turn0search3\ue201"  # what copying from a chat window leaves between two private characters


def leave(stand: Newsstand) -> None:
    """Put every sign of ``publishers/residues.yaml`` into one article of a network or an account."""
    residues = load("publishers/residues.yaml")
    throw = dice(stand.seed, "residues")
    free = [
        a
        for a in stand.articles
        if a.site.kind in ("fake_local", "account")
        and a.site.role == "suspect"
        and a.kind in ("verbatim", "trimmed", "translated", "reheadlined")
        and a.source
        and "live" in a.states.values()
    ]
    throw.shuffle(free)
    for article in [a for a in free if a.language == "ja" and a.kind == "translated" and a.site.network == "network-a"][
        :SLIPS
    ]:
        _simplify(article)
        free.remove(article)
    for language in ("ja", "en", "ko", "zh-Hans", "zh-Hant"):
        for sign in residues[language]:
            fitting = [a for a in free if a.language == language and _may_talk(a)]
            if fitting:
                _write(fitting[0], sign)
                free.remove(fitting[0])
    for kind, pool in (("markup", residues["marks"]), ("image", residues["images"])):
        for sign in pool:
            found = next((a for a in free if a.site.family != "plain"), None)
            if found is None:
                continue
            free.remove(found)
            if kind == "markup":
                _paste(found, sign)
            else:
                found.image = sign
                found.mark("ai", place="image", rule_family="image_metadata", excerpt=_seen(sign))


def _simplify(article: Article) -> None:
    """Leave two simplified characters in a Japanese translation."""
    found = [k for k in sorted(SIMPLIFIED) if k in "".join(article.paragraphs)][:2]
    for kanji in found:
        at = next(i for i, p in enumerate(article.paragraphs) if kanji in p)
        article.paragraphs[at] = article.paragraphs[at].replace(kanji, SIMPLIFIED[kanji], 1)
        article.mark("origin", form=SIMPLIFIED[kanji], place="text", points_to="zh-Hans")


def _may_talk(article: Article) -> bool:
    """Chat tools write what they translate or rewrite; what is copied letter by letter comes without them."""
    return article.kind in ("translated", "reheadlined", "trimmed")


def _write(article: Article, sign: dict[str, str]) -> None:
    words = sign["words"]
    if sign["at"] == "head":
        article.paragraphs = [words, *article.paragraphs]
    elif sign["at"] == "tail":
        article.paragraphs = [*article.paragraphs, words]
        article.about = article.contact = ""
    elif sign["at"] == "title":
        article.title = words + article.title
    else:
        article.paragraphs = [p + (words if i == 1 else "") for i, p in enumerate(article.paragraphs)]
    place = "title" if sign["at"] == "title" else "text"
    article.mark("ai", place=place, rule_family=sign["family"], excerpt=words)


def _paste(article: Article, sign: str) -> None:
    if sign == "citation":
        words = " :contentReference[oaicite:2]{index=2}"
        article.paragraphs = [p + (words if i == 2 else "") for i, p in enumerate(article.paragraphs)]
        article.mark("ai", place="text", rule_family="citation_residue", excerpt=words.strip())
    elif sign == "hidden":
        article.paragraphs = [p + (HIDDEN if i == 1 else "") for i, p in enumerate(article.paragraphs)]
        article.mark("ai", place="text", rule_family="hidden_unicode", excerpt=HIDDEN)
    else:
        article.markup = sign
        excerpt = {"chatgpt": 'data-start="', "deepseek": 'class="ds-markdown-paragraph"'}[sign]
        article.mark("ai", place="markup", rule_family="markup", excerpt=excerpt)


def _seen(sign: str) -> str:
    return {"parameters": "parameters", "aigc_xmp": "TC260:AIGC", "aigc_chunk": "AIGC"}[sign]
