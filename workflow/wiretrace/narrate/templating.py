"""Templates of the report: escaped, in both languages, each page with the policy under which nothing is alive."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from wiretrace.narrate import pages
from wiretrace.narrate.version import HERE, words

TEMPLATES = HERE / "templates"


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
    made.filters |= {"minute": minute, "visible": pages.visible}
    return made


def told(key: str) -> Markup:
    """The report's own words by key, in both languages."""
    return both(words()[key])


def both(value: Mapping[str, str] | tuple[str, str]) -> Markup:
    """A text in both languages; the page shows the one that is chosen."""
    english, japanese = (value["en"], value["ja"]) if isinstance(value, Mapping) else value
    spans = Markup('<span class="t" lang="en">{}</span><span class="t" lang="ja">{}</span>')
    return spans.format(pages.visible(english), pages.visible(japanese))


def minute(time: str) -> str:
    """A UTC time to the minute."""
    return f"{time[:16].replace('T', ' ')} UTC" if len(time) > 10 else time


def asset(name: str) -> str:
    """A style sheet or script of ours."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def policy(style: str, script: str = "", frames: bool = False) -> str:
    """Content-Security-Policy under which only our own style and script run, and nothing is loaded.

    ``frames``: pages of the report's own folder may be framed; what is in the frame is under its own policy.
    """
    parts = ["default-src 'none'", "base-uri 'none'", "form-action 'none'", f"style-src {digest(style)}"]
    parts += [f"script-src {digest(script)}"] if script else []
    return "; ".join([*parts, "frame-src 'self'"] if frames else parts)


def digest(text: str) -> str:
    """What a policy names a style or script by."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
