"""What the words before a value mean: ``config/registry/whois_labels.yaml`` by normal form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from wiretrace.identity import registry
from wiretrace.whois_phrases import LABELS

LONGEST = 160  # characters of a label that are looked at
INDEX = re.compile(r"^\d{1,2}[a-z]?\.\s+|^[*\s]+")
BRACKETS = re.compile(r"\([^()]*\)")
MARKS = re.compile(r"[\s._\-]+")
DIGITS = re.compile(r"\s*\d{1,2}$")


def normal(label: str) -> str:
    """``label`` in lower case without index, brackets, dashes, dots, final digits: ``Registrant-Street2`` is one."""
    label = INDEX.sub("", label[:LONGEST].casefold())
    plain = MARKS.sub(" ", BRACKETS.sub("", label)).strip(" '*:：[]")
    return DIGITS.sub("", plain).replace("'s ", " ") or plain


def forms(label: str) -> Iterator[str]:
    """The normal form of ``label``, then those of its parts where it is given in two languages."""
    whole = normal(label)
    yield whole
    if "/" in whole:
        yield from (part.strip() for part in whole.split("/"))
    inner = BRACKETS.search(label[:LONGEST])
    if inner:
        yield normal(inner[0].strip("()"))


@cache
def _inverted(part: str) -> dict[str, str]:
    return {normal(label): name for name, labels in registry(LABELS)[part].items() for label in labels}


@cache
def _qualified() -> dict[str, tuple[str, str]]:
    """(role, attribute) by label, for every role's word before every attribute's."""
    listed = registry(LABELS)
    return {
        normal(f"{word} {attribute}"): (role, name)
        for role, words in listed["roles"].items()
        for word in words
        for name, attributes in listed["attributes"].items()
        for attribute in attributes
    }


@lru_cache(maxsize=4096)
def field_of(label: str) -> str:
    """The field that ``label`` names wherever it stands, or ''."""
    return next((name for form in forms(label) if (name := _inverted("labels").get(form, ""))), "")


@lru_cache(maxsize=4096)
def qualified(label: str) -> tuple[str, str]:
    """(role, attribute) that ``label`` names, or two empty strings."""
    return next((found for form in forms(label) if (found := _qualified().get(form, ("", "")))[0]), ("", ""))


@lru_cache(maxsize=4096)
def attribute_of(label: str) -> str:
    """The attribute of a contact that ``label`` names inside its part, or ''."""
    return next((name for form in forms(label) if (name := _inverted("attributes").get(form, ""))), "")


@lru_cache(maxsize=4096)
def section_of(label: str) -> str:
    """The kind of part that ``label`` is the title of, or ''."""
    return next((name for form in forms(label) if (name := _inverted("sections").get(form, ""))), "")


@lru_cache(maxsize=4096)
def own_of(label: str) -> str:
    """The registrant's attribute that ``label`` names inside the domain's own block, or ''."""
    own = registry(LABELS)["own"]
    return next((str(own[form]) for form in forms(label) if form in own), "")


@cache
def handles() -> frozenset[str]:
    """Labels by which a block names itself."""
    return frozenset(registry(LABELS)["handles"])


def known(label: str) -> bool:
    """Whether ``label`` means anything here."""
    return bool(field_of(label) or section_of(label) or qualified(label)[0] or attribute_of(label))
