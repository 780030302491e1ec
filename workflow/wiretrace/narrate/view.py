"""What notebooks show a version's tables with: select, sort, format; nothing is computed that a table should hold."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import matplotlib
from markupsafe import Markup, escape
from matplotlib.figure import Figure

from wiretrace import schema
from wiretrace.errors import UserError
from wiretrace.narrate.alignment import Aligned
from wiretrace.narrate.mastheads import Masthead
from wiretrace.narrate.pages import visible
from wiretrace.narrate.templating import both, environment, told
from wiretrace.narrate.version import Record, Version
from wiretrace.narrate.version import open_version as opened
from wiretrace.publish.wording import registry

# The variable that names the version's folder; a notebook that is run by hand may set it too.
PARAMETER = "WIRETRACE_VERSION"
MOST_ROWS, MOST_CHARACTERS = 40, 400
INK, SOFT, ACCENT = "#1b1a17", "#57534a", "#8c1d18"


class Html:
    """Markup that a notebook shows as it is; whatever came from outside is escaped in it."""

    def __init__(self, markup: Markup) -> None:
        self.markup = markup

    def _repr_html_(self) -> str:
        return str(self.markup)

    def __repr__(self) -> str:
        return "HTML"


def open_version(folder: str | Path = "") -> Version:
    """The version to narrate: ``folder``, else the one that WIRETRACE_VERSION names.

    Raises:
        UserError: no folder is given, or it is no version.
    """
    place = str(folder) or os.environ.get(PARAMETER, "")
    if not place:
        raise UserError(f"set {PARAMETER} to the folder of a published version, e.g. results/NAME/versions/v-...")
    return opened(place)


def say(*sentences: str) -> Html:
    """A paragraph of prose; words from outside may stand in it."""
    return Html(Markup("<p>{}</p>").format(visible(" ".join(sentences))))


def table(
    rows: Iterable[Mapping[str, Any]], columns: Sequence[str] | Mapping[str, str], caption: str, most: int = MOST_ROWS
) -> Html:
    """The first ``most`` rows as a table with a caption; ``columns`` are names, or names with headings."""
    taken = list(rows)
    heads = columns if isinstance(columns, Mapping) else {name: name.replace("_", " ") for name in columns}
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(title) for title in heads.values())
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(_cell(row.get(name)) for name in heads)) for row in taken[:most]
    )
    note = f"{caption} ({len(taken):,} rows" + (f", the first {most} shown)" if len(taken) > most else ")")
    made = Markup(
        '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table class="small"><caption>{}</caption>'
    )
    end = Markup("<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>")
    return Html(made.format(caption, note) + end.format(head, body))


def _cell(value: Any) -> Markup:
    if isinstance(value, bool):
        return Markup("<td>{}</td>").format("yes" if value else "no")
    if isinstance(value, int | float):
        return Markup('<td class="number">{}</td>').format(f"{value:,}" if isinstance(value, int) else f"{value:,.2f}")
    text = visible(str(value or ""))
    cut = text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"
    return Markup('<td dir="auto">{}</td>').format(cut)


def claims(version: Version, *types: str) -> Html:
    """The claims of these types, each with its confidence, what speaks against it, and its id."""
    found = [claim for claim in version.claims if claim["type"] in types]
    if not found:
        return say(f"No claim of the kind {' or '.join(types).replace('_', ' ')} is made.")
    return Html(Markup('<ul class="claimed">{}</ul>').format(Markup("").join(_claim(claim) for claim in found)))


def _claim(claim: Record) -> Markup:
    label = registry()["confidence"][claim["confidence"]]["label"]["en"]
    link = Markup('<a href="../index.html#{0}"><code>{0}</code></a>').format(claim["claim_id"])
    against = Markup('<br><span class="thin">Against: {}</span>').format(visible(claim["against"]))
    japanese = Markup('<br><span lang="ja">{}</span>').format(visible(claim["statement_ja"]))
    return Markup("<li><strong>{}</strong> — {} {}{}{}</li>").format(
        label, visible(claim["statement"]), link, japanese, against
    )


def picture(markup: Markup | None, caption: str, absent: str) -> Html:
    """One of the report's pictures with its caption, or the sentence that there is none."""
    if markup is None:
        return say(absent)
    figure = Markup('<figure><div class="scroll" tabindex="0" role="region" aria-label="{}">{}</div>')
    return Html(figure.format(caption, markup) + Markup("<figcaption>{}</figcaption></figure>").format(caption))


def side_by_side(pairs: Sequence[Aligned]) -> Html:
    """Texts side by side with what differs, or what answers each other, marked; and the same as a list."""
    macros: Any = environment().get_template("sides.html.j2").module
    parts = [macros.sides(pair, len(pair.rows), both, told) + macros.listed(pair, told) for pair in pairs]
    return Html(Markup("").join(parts)) if parts else say("No two texts could be laid out.")


def chrome(found: Sequence[Masthead]) -> Html:
    """What stands around a site's articles, its slips marked and listed."""
    template = environment().get_template("masthead.html.j2")
    parts = [Markup(template.render(masthead=masthead)) for masthead in found]  # noqa: S704 (escaped by the template)
    return Html(Markup("").join(parts)) if parts else say("No slip was found in what stands around the articles.")


def bars(counts: Mapping[str, int | float], title: str, unit: str, described: str) -> Html:
    """A horizontal bar for each of ``counts``, in their order; ``described`` says in words what it shows."""
    if not counts:
        return say(f"{title}: there is nothing to draw.")
    # Outside words are never mathematics, and they are measured with the font that matplotlib carries.
    with matplotlib.rc_context(_settings(title)):
        height = 0.6 + 0.32 * len(counts)
        figure = Figure(figsize=(8.6, height))
        axes = figure.add_axes((0.36, 0.45 / height, 0.58, (height - 0.5) / height))
        axes.barh(range(len(counts)), list(counts.values()), color=ACCENT, height=0.6)
        axes.set_yticks(range(len(counts)), [visible(name)[:48] for name in counts])
        axes.set_ylim(len(counts) - 0.4, -0.6)
        for place, value in enumerate(counts.values()):
            axes.text(value, place, f" {value:,}", va="center", color=INK)
        for side in ("top", "right", "bottom"):
            axes.spines[side].set_visible(False)
        axes.set_xticks([])
        axes.set_xlabel(unit, color=SOFT)
        return drawn(figure, title, described)


def _settings(salt: str) -> dict[Any, Any]:
    """Settings under which a figure has the same bytes everywhere, with its text as text."""
    return {
        "svg.hashsalt": salt,
        "svg.fonttype": "none",
        "font.family": "DejaVu Sans",
        "font.size": 10,
        "text.parse_math": False,
    }


def drawn(figure: Figure, title: str, described: str) -> Html:
    """A matplotlib figure as inline SVG: the same bytes for the same figure, text as text.

    Widths are measured with the font that matplotlib carries, so that they are the same everywhere; the reader's
    browser sets the letters in its own font, which has the glyphs that the measuring font lacks.
    """
    out = StringIO()
    with matplotlib.rc_context(_settings(title)), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    svg = out.getvalue()
    label = escape(f"{title}. {visible(described)}")
    svg = svg[svg.index("<svg") :].replace("<svg ", f'<svg role="img" aria-label="{label}" class="chart" ', 1)
    # matplotlib escapes the text that it writes; the label is escaped above.
    made = Markup("<figure>{}<figcaption>{}</figcaption></figure>")
    return Html(made.format(Markup(svg), f"{title}. {visible(described)}"))  # noqa: S704


def tally(rows: Iterable[Mapping[str, Any]], column: str, most: int = 20) -> dict[str, int]:
    """How many rows bear each value of ``column``, the most frequent first; the rest as one."""
    found: dict[str, int] = {}
    for row in rows:
        name = str(row[column] if row[column] not in (None, "") else "(none)")
        found[name] = found.get(name, 0) + 1
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    kept = dict(ordered[:most])
    if len(ordered) > most:
        kept["(all others)"] = sum(number for _, number in ordered[most:])
    return kept


def share(part: int, whole: int) -> str:
    """ "12 of 40 (30 %)"."""
    return f"{part:,} of {whole:,}" + (f" ({100 * part / whole:.0f} %)" if whole else "")


def joined(
    rows: Iterable[Record], others: Mapping[str, Record], key: str, columns: Sequence[str]
) -> list[dict[str, Any]]:
    """``rows`` with ``columns`` of the row of ``others`` that their ``key`` names."""
    return [{**row, **{name: others.get(row[key], {}).get(name, "") for name in columns}} for row in rows]


def label(confidence: str) -> str:
    """The word that a reader sees for a confidence."""
    return str(registry()["confidence"][confidence]["label"]["en"])


def heaviest(version: Version, most: int) -> Html:
    """The first ``most`` claims of the report."""
    found = Markup("").join(_claim(claim) for claim in version.claims[:most])
    return Html(Markup('<ul class="claimed">{}</ul>').format(found)) if found else say("No claim is made.")


def meanings() -> Html:
    """What the words of confidence mean."""
    return table(
        [
            {"word": level["label"]["en"], "Japanese": level["label"]["ja"], "meaning": level["meaning"]["en"]}
            for level in registry()["confidence"].values()
        ],
        ["word", "Japanese", "meaning"],
        "Words of confidence",
    )


def needs() -> Html:
    """What each kind of claim says and needs."""
    return table(
        [
            {"claim": name.replace("_", " "), "says": spec["meaning"]["en"], "needs": spec["needs"]}
            for name, spec in registry()["types"].items()
        ],
        ["claim", "says", "needs"],
        "Kinds of claims",
    )


def published() -> list[str]:
    """Names of the tables that a version carries."""
    return [table.name for table in schema.tables().values() if table.published]
