"""Languages whose speakers are not read: their marks are known, and nothing is said of who speaks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiretrace.trace.headlines import phrases
from wiretrace.trace.quotes import quotes

LONG = {
    "fr": ("Le maire a dit : « L’eau est à nous et à personne d’autre », puis il est parti.", "L’eau est à nous et à personne d’autre"),
    "es": ("El alcalde dijo: «El agua es nuestra y de nadie más».", "El agua es nuestra y de nadie más"),
    "pt": ("\"A água é nossa e de mais ninguém\", disse o autarca.", "A água é nossa e de mais ninguém"),
    "de": ("Der Bürgermeister sagte: „Das Wasser gehört uns und sonst keinem.“ Dann ging er.", "Das Wasser gehört uns und sonst keinem."),
    "da": ("Borgmesteren sagde: »Vandet tilhører os og ingen andre.« Så gik han.", "Vandet tilhører os og ingen andre."),
    "fi": ("Pormestari sanoi: ”Vesi kuuluu meille eikä kenellekään muulle.” Sitten hän lähti.", "Vesi kuuluu meille eikä kenellekään muulle."),
    "ru": ("Мэр сказал: «Вода принадлежит нам и больше никому», и ушёл.", "Вода принадлежит нам и больше никому"),
    "ar": ("قال العمدة: «الماء ملك لنا وليس لأحد غيرنا» ثم غادر", "الماء ملك لنا وليس لأحد غيرنا"),
    "th": ("นายกเทศมนตรีกล่าวว่า “น้ำเป็นของเราและไม่ใช่ของใครอื่นเลย” แล้วจากไป", "น้ำเป็นของเราและไม่ใช่ของใครอื่นเลย"),
}  # fmt: skip


@pytest.mark.parametrize("language", LONG)
def test_words_between_the_marks_of_a_language_are_listed_and_given_to_nobody(language: str) -> None:
    text, words = LONG[language]
    (quote,) = quotes(text, language)
    assert (quote.words, quote.speaker, quote.named, quote.pattern) == (words, "", False, "unread")
    assert text[quote.start : quote.end] == words


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Luego leyó «Cien años de soledad» en voz alta."),
        ("fr", "C'est « juste » l'essentiel, dit-on."),
        ("it", "Il sindaco dell'isola dice che un po' d'acqua c'è ancora nell'invaso dell'altra valle"),
        ("de", "Das Buch »Der Zauberberg« liegt auf dem Tisch."),
    ],
)
def test_titles_single_words_and_apostrophes_are_no_quotations(language: str, text: str) -> None:
    assert not quotes(text, language)


def test_english_patterns_name_nobody_in_another_language() -> None:
    assert [q.speaker for q in quotes("“Wir bleiben hier, solange es geht”, said Ada Quill.", "de")] == [""]


@given(st.text("«»“”„\"'’‘ aé.,\n", max_size=200))
def test_words_lie_in_the_text_in_order_whatever_the_marks(text: str) -> None:
    found = quotes(text, "fr")
    assert all(text[q.start : q.end] == q.words and q.words.strip() == q.words for q in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_headlines_of_other_languages_are_not_judged() -> None:
    body = "El río creció tres metros durante la noche y los vecinos pasaron a la escuela del pueblo. " * 5
    assert phrases("Catástrofe nunca vista sacude toda la región andina oriental", [body], "es") == []
