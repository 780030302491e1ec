"""SVG as text: words from outside are escaped, numbers rounded, so that equal tables give equal bytes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from markupsafe import Markup, escape


def element(name: str, *children: Markup | str, **attributes: str | float) -> Markup:
    """One element; text children and attribute values are escaped. ``class_`` stands for class, ``_`` for a hyphen."""
    parts = [f' {key.rstrip("_").replace("_", "-")}="{escape(_plain(value))}"' for key, value in attributes.items()]
    inner = Markup("").join(child if isinstance(child, Markup) else escape(child) for child in children)
    # The names are our own; what comes from outside is in the values and children, escaped above.
    return Markup(f"<{name}{''.join(parts)}>{inner}</{name}>")  # noqa: S704


def _plain(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def picture(
    width: float, height: float, key: str, language: str, title: str, description: str, parts: Iterable[Markup]
) -> Markup:
    """A whole picture in one language, with its title and text alternative."""
    name = f"{key}-{language}"
    label = f"{name}-title {name}-description"
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", description, id=f"{name}-description"),
        *parts,
        lang=language,
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        width=f"{width:.0f}",
        height=f"{height:.0f}",
        role="img",
        aria_labelledby=label,
        class_="picture",
    )


def text(words: str, x: float, y: float, class_: str = "", anchor: str = "start", most: int = 44) -> Markup:
    """One line of text, cut at ``most`` characters; the whole stands in its tooltip."""
    shown = words if len(words) <= most else words[: most - 1] + "…"
    children = [shown] if shown == words else [shown, element("title", words)]
    return element("text", *children, x=x, y=y, class_=class_, text_anchor=anchor)


def seconds(time: str) -> float | None:
    """Seconds since 1970 of a UTC time of any precision of ours; None for an empty one."""
    if not time:
        return None
    full = (time + "-01-01"[len(time) - 4 :] if len(time) < 10 else time)[:19]
    whole = full + "T00:00:00"[len(full) - 10 :] if len(full) < 19 else full
    return (datetime.fromisoformat(whole) - datetime(1970, 1, 1)).total_seconds()
