"""Bytes of a page to text, whatever its charset and whatever it claims.

Order: byte order mark; UTF-16 by its zero bytes; ISO-2022-JP by its escapes; UTF-8 where nearly all of its sequences
are sound (other text that is sound UTF-8 by accident is a few bytes long); then the declared charset, the detector's
guess and the five legacy charsets of East Asia are all tried, and the one whose text reads like a language wins,
because declarations lie.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from functools import cached_property

import cchardet

from wiretrace.read.text import utf8

# WHATWG label -> Python codecs in order of preference (https://encoding.spec.whatwg.org/#names-and-labels).
CODECS = {
    "utf-8": ("utf-8",),
    "utf-16le": ("utf-16-le",),
    "utf-16be": ("utf-16-be",),
    "shift_jis": ("cp932",),
    "euc-jp": ("euc_jp", "euc_jis_2004"),
    "gb18030": ("gb18030",),
    "big5": ("cp950", "big5hkscs"),
    "euc-kr": ("cp949",),
}
LABELS = {
    "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8", "utf-16": "utf-16le", "unicode": "utf-16le",
    "sjis": "shift_jis", "shift-jis": "shift_jis", "x-sjis": "shift_jis", "ms_kanji": "shift_jis",
    "windows-31j": "shift_jis", "cp932": "shift_jis", "csshiftjis": "shift_jis",
    "x-euc-jp": "euc-jp", "eucjp": "euc-jp", "euc_jp": "euc-jp", "cseucpkdfmtjapanese": "euc-jp",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "gb_2312": "gb18030",
    "big5-hkscs": "big5", "x-x-big5": "big5", "big-5": "big5", "cp950": "big5",
    "euckr": "euc-kr", "ks_c_5601-1987": "euc-kr", "korean": "euc-kr", "windows-949": "euc-kr", "uhc": "euc-kr",
    "cp949": "euc-kr", "ksc5601": "euc-kr", "csiso2022jp": "iso-2022-jp",
    "iso-8859-1": "windows-1252", "latin1": "windows-1252", "us-ascii": "windows-1252", "ascii": "windows-1252",
    "iso8859-1": "windows-1252", "iso-8859-9": "windows-1254", "iso-8859-11": "windows-874",
}  # fmt: skip
EAST_ASIA = ("shift_jis", "euc-jp", "gb18030", "big5", "euc-kr")
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16le"), (codecs.BOM_UTF16_BE, "utf-16be"))
META = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
HTTP = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
ESCAPES = re.compile(rb"(?:\x1b(\$[@B]|\([BIJ]|\$\([DQO]))+")  # of several in a row the last one holds
EUC = bytes(b | 0x80 if 0x20 < b < 0x7F else b for b in range(256))  # two-byte text as EUC; a line's end ends it
KATAKANA = bytes(b | 0x80 for b in range(256))
SAMPLE = 20_000  # characters beyond ASCII that are judged; a page's first screens tell its language
SURE = 0.15  # share of common characters from which text is text
LIKELY = 0.05  # share from which it is, where it is five times that of any other charset: menus and tables have fewer
BROKEN = 0.02  # share of damaged characters above which a charset is not believed
# The commonest characters of running text; text in the right charset has a third or more of its characters among
# them (kana make it more), text in a wrong one next to none. They are the function words of each language.
COMMON = {
    "shift_jis": "のにはをたがでてとしれさいるなもかすこあらりきまくうけえそどつわちよせみおめだっん、。年月日人大国",
    "gb18030": (
        "的一是了不在有人和国中年大为上个发会公业市行这地要以生新到作来时部我他分成对产高经日，。自本多方月可出过"
        "用工同进实现于全家开展理法电政后动主者及等信与员报场前关社民最机加位都面服务建长力事所外网车资投技设体平"
        "量"
    ),
    "big5": (
        "的一是了不在有人和國中年大爲上個發會公業市行這地要以生新到作來時部我他分成對產高經日，。自本多方月可出過"
        "用工同進實現於全家開展理法電政後動主者及等信與員報場前關社民最機加位都面服務建長力事所外網車資投技設體平"
        "量"
    ),
    "euc-kr": "이다는의에을를가고하은지로한도사있으기에서대자수인시들정부리해아일만전보라과그나것제상원스장연",
}
COMMON["euc-jp"] = COMMON["shift_jis"]


@dataclass(frozen=True)
class Decoded:
    """Text, the charset's WHATWG name, what said so (bom, bytes, http, meta, detector), damaged characters.

    ``sound``: the body, where that is the text in UTF-8.
    """

    text: str
    encoding: str
    source: str
    damaged: int
    sound: bytes | None = field(default=None, repr=False, compare=False)

    @cached_property
    def utf8(self) -> bytes:
        """The text in UTF-8."""
        return utf8(self.text) if self.sound is None else self.sound


def decode(body: bytes, content_type: str = "") -> Decoded:
    """``body`` as text; never fails. Damaged sequences become U+FFFD and are counted; one cut at the end is dropped."""
    for bom, name in BOMS:
        if body.startswith(bom):
            return _taken(body[len(bom) :], name, "bom")
    wide = _wide(body)
    if wide:
        return _taken(body, wide, "bytes")
    if b"\x1b" in body and ESCAPES.search(body):
        return _iso_2022_jp(body)
    if body.isascii():
        return Decoded(body.decode("ascii"), "utf-8", "bytes", 0, body)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = "\ufffd"
    if "\ufffd" not in text:
        return Decoded(text, "utf-8", "bytes", 0, body)
    utf8 = _taken(body, "utf-8", "bytes")
    foreign = len(utf8.text) - sum(map(len, re.findall(r"[\x00-\x7f]+", utf8.text)))
    if utf8.damaged <= BROKEN * foreign:
        return utf8
    return _legacy(body, _declared(body, content_type), utf8)


def _declared(body: bytes, content_type: str) -> list[tuple[str, str]]:
    """(charset, who says so) as the HTTP header, the XML declaration and the meta element state it."""
    found = [(m[1], "http") for m in [HTTP.search(content_type)] if m]
    found += [(m[1].decode("ascii"), "meta") for m in (XML.search(body[:1024]), META.search(body[:8192])) if m]
    return [(_label(name), source) for name, source in found]


def _label(name: str) -> str:
    name = name.strip().lower()
    return LABELS.get(name, name)


def _legacy(body: bytes, declared: list[tuple[str, str]], utf8: Decoded) -> Decoded:
    """The charset, declared or not, whose text reads best."""
    guess = _label(cchardet.detect(body[:200_000])["encoding"] or "windows-1252")
    tried = [*declared, (guess, "detector"), *((name, "bytes") for name in EAST_ASIA)]
    best, best_score, second = utf8, -1.0, -1.0
    plain: list[Decoded] = []
    seen: set[str] = set()
    for name, source in tried:
        if name in seen or not _known(name):
            continue
        seen.add(name)
        made = _taken(body, name, source)
        if name in COMMON:
            score = _readable(made, name)
            if score > best_score:
                best, best_score, second = made, score, best_score
            else:
                second = max(second, score)
        elif name != "utf-8":
            plain.append(made)
    if best_score >= SURE or (best_score >= max(LIKELY, 5 * second) and _runs(body) >= 0.6):
        return best
    sound = [made for made in plain if made.damaged == 0]
    if sound:
        return sound[0]
    fallback = [*plain, utf8, _taken(body, "windows-1252", "bytes")]
    return min(fallback, key=lambda made: made.damaged)


def _runs(body: bytes) -> float:
    """Share of the bytes beyond ASCII that stand beside another one: accents of the West stand alone."""
    high = len(re.findall(rb"[\x80-\xff]", body))
    return sum(map(len, re.findall(rb"[\x80-\xff]{2,}", body))) / high if high else 0.0


def _known(name: str) -> bool:
    try:
        return name in CODECS or codecs.lookup(name)._is_text_encoding
    except (LookupError, ValueError):
        return False


def _readable(made: Decoded, name: str) -> float:
    """Share of the common characters of the charset's language in what is not ASCII; damage counts against it."""
    sample = re.sub(r"[\x00-\x7f]+", "", made.text)[:SAMPLE]
    if not sample or made.damaged > BROKEN * len(sample) + 1:
        return -1.0
    common = COMMON[name]
    hits = sum(sample.count(c) for c in set(common))
    if name in ("shift_jis", "euc-jp"):
        hits = max(hits, sum("\u3041" <= c <= "\u30fc" for c in sample))
        # Half-width katakana is what other charsets look like as Shift_JIS.
        hits -= 2 * sum("\uff61" <= c <= "\uff9f" for c in sample)
    elif name != "euc-kr":
        # Kana has the same bytes in EUC-JP and GB2312; Chinese text has none.
        hits -= sum("\u3041" <= c <= "\u30fc" for c in sample)
    strange = sum("\ue000" <= c <= "\uf8ff" for c in sample)
    return (hits - strange) / len(sample)


def _taken(body: bytes, name: str, source: str) -> Decoded:
    best: tuple[int, str] | None = None
    for codec in CODECS.get(name, (name,)):
        decoder = codecs.getincrementaldecoder(codec)("replace")
        try:
            text = decoder.decode(body, final=False)
        except (UnicodeError, ValueError):  # e.g. idna and punycode take no error handler
            continue
        # Python's cp932 hides four bytes that mean nothing behind private characters.
        text = re.sub("[\uf8f0-\uf8f3]", "\ufffd", text) if codec == "cp932" else text
        damaged = text.count("\ufffd")
        if best is None or damaged < best[0]:
            best = damaged, text
    if best is None:
        text = body.decode("windows-1252", "replace")
        return Decoded(text, "windows-1252", source, text.count("\ufffd"))
    return Decoded(best[1], name, source, best[0])


def _wide(body: bytes) -> str:
    """UTF-16 without a byte order mark: markup's ASCII puts zeros in every other byte."""
    head = body[:2000]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) < max(8, len(head) / 40) or min(even, odd) > max(even, odd) / 10:
        return ""
    return "utf-16le" if odd > even else "utf-16be"


def _iso_2022_jp(body: bytes) -> Decoded:
    """ISO-2022-JP as EUC, since Python's codec lacks the vendors' row 13 (the circled numbers, the company sign)."""
    made: list[str] = []
    damaged, position, mode = 0, 0, b"(B"
    for found in [*ESCAPES.finditer(body), None]:
        piece = body[position : found.start() if found else len(body)]
        if mode.startswith((b"$@", b"$B")):
            decoded = piece.translate(EUC).decode("euc_jis_2004", "replace")
        elif mode == b"(I":
            decoded = piece.translate(KATAKANA).decode("cp932", "replace")
        elif mode.startswith(b"$("):
            decoded = (b"\x1b" + mode + piece + b"\x1b(B").decode("iso2022_jp_ext", "replace")
        else:
            decoded = piece.decode("ascii", "replace")
        made.append(decoded)
        damaged += decoded.count("\ufffd")
        if found:
            position, mode = found.end(), found[1]
    return Decoded("".join(made), "iso-2022-jp", "bytes", damaged)
