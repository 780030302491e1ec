"""The form in which two values of one kind are compared, and what a host lies under."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from wiretrace import identity

# Legal forms and the words around them; a firm is the same firm with or without them.
LEGAL = re.compile(
    r"\b(co|company|corp|corporation|inc|incorporated|ltd|limited|llc|llp|plc|gmbh|ag|kg|sa|sas|sarl|srl|spa|bv|nv|oy|ab|as|"
    r"pte|pty|pvt|sdn|bhd|kk|ooo|zao|oao|pao|jsc|ojsc|cjsc|"
    r"obsch?h?estvo s ogranichenno[iy]+ otvetstvennost(yu|ju|iu)|non.public joint stock company|joint stock company)\b"
    r"|株式会社|有限会社|合同会社|一般社団法人|\(株\)|\(有\)|股份有限公司|有限责任公司|有限責任公司|有限公司|주식회사|유한회사|\(주\)"
)
SEPARATORS = re.compile(r"[\s\W_]+")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
LABELS = 8  # of a host name that are looked at
ICP = re.compile(r"(\w?ICP\s*[备備證证]\s*\d{6,10}\s*号?)", re.IGNORECASE)


def exact(value: str) -> str:
    """As it is, without outer space."""
    return value.strip()


def folded(value: str) -> str:
    """NFKC, case folded, runs of space as one."""
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split()).rstrip(".")


def organisation(value: str) -> str:
    """Folded, without legal form and punctuation; a name that is nothing but these keeps them."""
    plain = folded(value)
    return SEPARATORS.sub(" ", LEGAL.sub(" ", plain)).strip() or plain


def domains(host: str) -> list[str]:
    """The domains that ``host`` is or lies under, the longest first: ``b.quay.example``, ``quay.example``."""
    labels = host.lower().split(".")[-LABELS:]
    return [".".join(labels[at:]) for at in range(len(labels) - 1)]


def phone(value: str) -> str:
    """Its digits; numbers of fewer than six digits are none."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", value))
    return digits.lstrip("0") if len(digits) >= 6 else ""


def day(value: str) -> str:
    """The day; a date that is less precise is not comparable."""
    found = DAY.match(value.strip())
    return found.group() if found else ""


def icp(value: str) -> str:
    """The licence without the number of the single site (京ICP备00000000号-2)."""
    plain = unicodedata.normalize("NFKC", value)
    found = ICP.search(plain)
    return re.sub(r"\s", "", found.group(1)).rstrip("号").casefold() if found else folded(value)


FORMS: dict[str, Callable[[str], str]] = {
    "exact": exact,
    "folded": folded,
    "organisation": organisation,
    "provider": identity.provider_of,
    "phone": phone,
    "day": day,
    "icp": icp,
}
