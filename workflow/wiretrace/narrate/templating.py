"""Templates of the report: escaped, in both languages, each page with the policy under which nothing is alive."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from wiretrace.narrate import pages
from wiretrace.narrate.version import HERE, words
from wiretrace.publish import wording

TEMPLATES = HERE / "templates"
# A script that the policy names may load scripts of its own.
STRICT = " 'strict-dynamic'"


@cache
def environment() -> Environment:
    """Templates; every value is escaped unless it is already markup."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.globals |= {"t": told, "both": both, "word": words()}
    made.filters |= {"minute": minute, "visible": pages.visible, "named": named, "stated": stated, "counted": counted}
    return made


def told(key: str) -> Markup:
    """The report's own words by key, in both languages."""
    return both(words()[key])


def both(value: Mapping[str, str] | tuple[str, str]) -> Markup:
    """A text in both languages; the page shows the one that is chosen."""
    english, japanese = (value["en"], value["ja"]) if isinstance(value, Mapping) else value
    spans = Markup('<span class="t" lang="en">{}</span><span class="t" lang="ja">{}</span>')
    return spans.format(pages.visible(english), pages.visible(japanese))


def named(value: str) -> Markup:
    """A value of an enumeration in both languages."""
    return both(wording.term(value))


def stated(sentence: str) -> Markup:
    """A sentence that a stage wrote, in both languages."""
    return both(wording.told(sentence))


def counted(number: int, noun: str) -> Markup:
    """A number and one of the registry's nouns, in both languages."""
    return both(wording.count(number, noun))


def minute(time: str) -> str:
    """A UTC time to the minute."""
    return f"{time[:16].replace('T', ' ')} UTC" if len(time) > 10 else time


@cache
def asset(name: str) -> str:
    """A style sheet or script of ours."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def filled(
    template: str,
    *,
    style: str = "style.css",
    script: str = "",
    language: bool = True,
    loads: bool = False,
    frames: bool = False,
    **values: Any,
) -> str:
    """A page from ``template`` with ``values``, our own ``style`` and ``script``, and the policy that lets in no other.

    ``language``: whether the page can be read in either language, for which it has a script.
    ``loads``, ``frames``: see ``policy``.
    """
    css = asset(style)
    js = (asset("language.js") if language else "") + (asset(script) if script else "")
    return (
        environment()
        .get_template(template)
        .render(
            **values,
            style=Markup(css),  # noqa: S704 (our own file)
            script=Markup(js),  # noqa: S704 (our own file)
            policy=policy(css, js, loads, frames),
        )
    )


@cache
def policy(style: str, script: str, loads: bool, frames: bool) -> str:
    """Content-Security-Policy under which only our own style and script run, and nothing is loaded.

    ``loads``: the script may load others; ``frames``: pages of the report's own folder may be framed; what is in the
    frame is under its own policy.
    """
    parts = ["default-src 'none'", "base-uri 'none'", "form-action 'none'", f"style-src {digest(style)}"]
    parts += [f"script-src {digest(script)}{STRICT if loads else ''}"] if script else []
    return "; ".join([*parts, "frame-src 'self'"] if frames else parts)


def digest(text: str) -> str:
    """What a policy names a style or script by."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
