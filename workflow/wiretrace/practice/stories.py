"""Stories as told: templates with the seed's names filled in, one text for each language, paragraph by paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from wiretrace.practice.data import dice, digest, load, names, option, traditional

PEOPLE = "publishers/people.yaml"
SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Text:
    """One story in one language."""

    title: str
    subtitle: str
    paragraphs: tuple[str, ...]
    about: str = ""
    contact: str = ""
    headlines: tuple[str, ...] = ()  # sharper headlines, each with a phrase that the body has not


@dataclass(frozen=True)
class Story:
    """One story of the world; ``texts`` by language tag (ja, en, ko, zh-Hans, zh-Hant)."""

    id: str
    kind: str
    born: str
    texts: dict[str, Text]
    quotes: tuple[dict[str, Any], ...] = ()
    release: datetime = datetime(2025, 1, 1)
    plan: dict[str, Any] = field(default_factory=dict)


def base(language: str) -> str:
    """Language of the data files: both Chinese scripts are written as zh."""
    return "zh" if language.startswith("zh") else language


def in_words(day: datetime, language: str) -> str:
    """A date as prose of ``language`` writes it."""
    if language == "en":
        return f"{day:%B} {day.day}, {day.year}"
    if language == "ko":
        return f"{day.year}년 {day.month}월 {day.day}일"
    return f"{day.year}年{day.month}月{day.day}日"


def _domain(slots: dict[str, Any], story: str) -> str:
    company = slots.get("company") or slots.get("organisation") or ""
    word = company if isinstance(company, str) else company.get("en", "")
    label = re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-").removesuffix("-ltd").removesuffix("-inc")
    return f"{label or 'office-' + digest(story, size=5)}.example"


def _fill(template: str, slots: dict[str, Any], language: str, day: datetime) -> str:
    def form(match: re.Match[str]) -> str:
        name = match[1]
        if name == "date":
            return in_words(day, base(language))
        value = slots[name]
        if isinstance(value, str):
            return value
        return str(value.get(base(language)) or value["en"])

    return SLOT.sub(form, template)


def _text(raw: dict[str, Any], slots: dict[str, Any], language: str, day: datetime) -> Text:
    def one(template: str) -> str:
        filled = _fill(template, slots, language, day)
        return traditional(filled) if language == "zh-Hant" else filled

    return Text(
        one(raw["title"]),
        one(raw.get("subtitle") or ""),
        tuple(one(p) for p in raw["paragraphs"]),
        one(raw.get("about") or ""),
        one(raw.get("contact") or ""),
        tuple(one(h) for h in raw.get("headlines") or ()),
    )


def people(seed: int) -> dict[str, dict[str, Any]]:
    """The world's known people and places, by slot."""
    return {slot: dict(option(seed, slot, forms)) for slot, forms in load(PEOPLE).items()}


def _slots(seed: int, raw: dict[str, Any], stories: dict[str, dict[str, Any]]) -> dict[str, Any]:
    owner = stories[raw["slots_of"]] if raw.get("slots_of") else raw
    slots = {
        name: option(seed, f"{owner['id']} {name}", forms)
        for source in (owner, raw)
        for name, forms in (source.get("slots") or {}).items()
    }
    for name, person in people(seed).items():
        slots[name] = person
        for slip in ("same_reading", "order_swapped"):
            if slip in person:
                slots[f"{name}_{slip}"] = {**person, "ja": person[slip]}
    slots["domain"] = _domain(slots, raw["id"])
    return slots


def _fill_all(value: Any, slots: dict[str, Any], language: str, day: datetime) -> str:
    """A quotation's words or speaker: one string, or a mapping of language to string; '' where there is none."""
    if isinstance(value, dict):
        value = value.get(base(language)) or ""
    filled = _fill(str(value), slots, language, day)
    return traditional(filled) if language == "zh-Hant" else filled


def tell(seed: int, start: datetime, days: int) -> list[Story]:
    """All stories of world ``seed``, each released at a moment of the ``days`` after ``start``."""
    files = [load(name) for folder in ("stories", "stories_special") for name in names(folder)]
    raws: dict[str, dict[str, Any]] = {}
    for item in files:
        for raw in item if isinstance(item, list) else [item]:
            raws[raw["id"]] = raw
    told = []
    for name, raw in sorted(raws.items()):
        moment = _moment(seed, raw.get("about_story") or name, start, days)
        moment += timedelta(hours=float(raw.get("hours_after", 0)))
        slots = _slots(seed, raw, raws)
        languages = [x for lang in raw["texts"] for x in (["zh-Hans", "zh-Hant"] if lang == "zh" else [lang])]
        texts = {lang: _text(raw["texts"][base(lang)], slots, lang, moment) for lang in languages}
        quotes = tuple(
            {
                "speaker": {lang: _fill_all(quote["speaker"], slots, lang, moment) for lang in languages},
                "words": {lang: _fill_all(quote["words"], slots, lang, moment) for lang in languages},
                "false": bool(quote.get("false")),
            }
            for quote in raw.get("quotes") or ()
        )
        born = "zh-Hans" if raw["born"] == "zh" else raw["born"]
        told.append(Story(name, raw["kind"], born, texts, quotes, moment, raw.get("plan") or {}))
    return told


def _moment(seed: int, name: str, start: datetime, days: int) -> datetime:
    throw = dice(seed, "release", name)
    return start + timedelta(days=throw.randrange(days), hours=throw.randrange(0, 12), minutes=throw.randrange(60))
