"""What notebooks show a version's tables with: select, sort, format; nothing is computed that a table should hold."""

from __future__ import annotations

import hashlib
import os
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

import matplotlib
from markupsafe import Markup, escape
from matplotlib.figure import Figure

from wiretrace import schema
from wiretrace.errors import UserError
from wiretrace.narrate.alignment import Aligned
from wiretrace.narrate.browse import explained
from wiretrace.narrate.mastheads import Masthead
from wiretrace.narrate.pages import visible
from wiretrace.narrate.spoken import LANGUAGES, in_each
from wiretrace.narrate.templating import both, environment, told
from wiretrace.narrate.version import Version
from wiretrace.narrate.version import open_version as opened
from wiretrace.publish.rows import Record, Rows
from wiretrace.publish.wording import Text, kind_of, registry, term
from wiretrace.publish.wording import joined as joined_words
from wiretrace.publish.wording import told as sentence

# The variable that names the version's folder; a notebook that is run by hand may set it too.
PARAMETER = "WIRETRACE_VERSION"
MOST_ROWS, MOST_CHARACTERS, MOST_CLAIMS = 40, 400, 400
# Tables whose columns are joined to another's rows.
JOINED = ("articles", "article_versions", "publishers")
# Columns with words of a registry, with kinds of observations, and with sentences that a stage wrote.
TERMS = ("clock", "measure", "pattern")
KINDS = {
    "publisher_link_evidence": "kind",
    "shared_values": "kind",
    "observations": "kind",
    "networks": "operator_kind",
}
SENTENCES = (
    "caveat", "clock_note", "ended_how", "not_claimed", "points_to", "reason", "refused", "shared",
    "spurious", "statement", "strongest",
)  # fmt: skip
# So much of a meaning is a heading.
SHORT = re.compile("[^、。（＝]{1,18}(?=$|[。（])")
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


def say(english: str, japanese: str = "") -> Html:
    """A paragraph of prose in both languages, or in the one that it is in; words from outside may stand in it."""
    said = both((english, japanese)) if japanese else visible(english)
    return Html(Markup("<p>{}</p>").format(said))


def table(
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[str] | Mapping[str, Text | None],
    caption: Text,
    most: int = MOST_ROWS,
    of: str = "",
) -> Html:
    """The first ``most`` rows as a table with a caption.

    ``columns`` are names, or names with headings where they have one of their own. ``of`` is the published table that
    the rows are of: what its columns mean stands above, its fixed words and its sentences are told in both languages.
    """
    shown, number = (rows.head(most), len(rows)) if isinstance(rows, Rows) else _first(rows, most)
    heads: Mapping[str, Text | None] = columns if isinstance(columns, Mapping) else dict.fromkeys(columns)
    known = {name: found for name in heads if (found := _column(name, of))}
    head = Markup("").join(
        Markup('<th scope="col">{}</th>').format(_head(name, title, known.get(name))) for name, title in heads.items()
    )
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(_cell(row.get(name), name, known.get(name)) for name in heads))
        for row in shown
    )
    more = number > most
    note = (
        f"{caption[0]} ({number:,} rows" + (f", the first {most} shown)" if more else ")"),
        f"{caption[1]}（{number:,}行" + (f"のうち初めの{most}行）" if more else "）"),
    )
    made = Markup('{}<div class="scroll" tabindex="0" role="region" aria-labelledby="{}"><table class="small">')
    end = Markup('<caption id="{}">{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>')
    place = _place(caption)
    return Html(made.format(_explained(known), place) + end.format(place, both(note), head, body))


def _first(rows: Iterable[Mapping[str, Any]], most: int) -> tuple[list[Mapping[str, Any]], int]:
    """The first rows, and how many there are."""
    left = iter(rows)
    shown = list(islice(left, most))
    return shown, len(shown) + sum(1 for _ in left)


def _place(caption: Text) -> str:
    """What a caption is called in the page, where a scrolling region is named by it in the language that is shown."""
    return "said-" + hashlib.sha256(caption[0].encode()).hexdigest()[:8]


def _head(name: str, title: Text | None, known: tuple[str, schema.Column] | None) -> Markup:
    """A column's heading: its own, else its name; in Japanese the beginning of what it means where that is short."""
    plain = name.replace("_", " ")
    if title:
        return both(title)
    short = SHORT.match(schema.meaning_ja(known[0], name)) if known else None
    return both((plain, short[0])) if short else Markup("{}").format(plain)


def _column(name: str, of: str) -> tuple[str, schema.Column] | None:
    """The published table, ``of`` or one that is joined to it, that has the column ``name``; and that column."""
    for table_name in (of, *JOINED) if of else ():
        for column in schema.tables()[table_name].columns:
            if column.name == name:
                return table_name, column
    return None


def _explained(known: Mapping[str, tuple[str, schema.Column]]) -> Markup:
    """What the columns of a table mean, to unfold."""
    if not known:
        return Markup()
    each = Markup("<dt><code>{}</code></dt><dd>{}</dd>")
    said = Markup("").join(each.format(name, both(explained(*found))) for name, found in known.items())
    box = Markup('<details class="columns"><summary>{}</summary><dl class="facts">{}</dl></details>')
    return box.format(told("columns"), said)


def _cell(value: Any, name: str, known: tuple[str, schema.Column] | None) -> Markup:
    if isinstance(value, tuple):
        return Markup("<td>{}</td>").format(both(value))
    if isinstance(value, bool):
        return Markup("<td>{}</td>").format(told("yes" if value else "no"))
    if isinstance(value, int | float):
        return Markup('<td class="number">{}</td>').format(f"{value:,}" if isinstance(value, int) else f"{value:,.2f}")
    text = visible(str(value or ""))
    if text and known and KINDS.get(known[0]) == name:
        return Markup("<td>{}</td>").format(both(kind_of(text)))
    if text and known and (known[1].enum or name in TERMS):
        return Markup("<td>{}</td>").format(both(term(text)))
    if text and known and name in SENTENCES:
        return Markup("<td>{}</td>").format(both(_short(sentence(text))))
    return Markup('<td dir="auto">{}</td>').format(_short((text, text))[0])


def _short(text: Text) -> Text:
    english, japanese = (one if len(one) <= MOST_CHARACTERS else one[: MOST_CHARACTERS - 1] + "…" for one in text)
    return english, japanese


def claims(version: Version, *types: str) -> Html:
    """The claims of these types, each with its confidence, what speaks against it, and its id."""
    named = ", ".join(f"'{name}'" for name in types)
    rows = version.rows("claims", f"type IN ({named})", order="weight DESC, claim_id")
    found = rows.head(MOST_CLAIMS)
    if not found:
        english, japanese = joined_words((term(name) for name in types), " or ", "・")
        return say(f"No claim of the kind {english} is made.", f"「{japanese}」の主張はない。")
    more = len(rows) - len(found)
    rest = (f"{more:,} more stand in the table claims.", f"ほか{more:,}件は表claimsにある。")
    listed = Markup("").join(_claim(claim) for claim in found)
    return Html(Markup('<ul class="claimed">{}</ul>').format(listed) + (say(*rest).markup if more else ""))


def _claim(claim: Record) -> Markup:
    link = Markup('<a href="../index.html#{0}"><code>{0}</code></a>').format(claim["claim_id"])
    against = Markup('<br><span class="thin">{}</span>').format(
        both((f"Against: {claim['against']}", f"反する材料：{claim['against_ja']}"))
    )
    said = both((claim["statement"], claim["statement_ja"]))
    return Markup("<li><strong>{}</strong> — {} {}{}</li>").format(
        both(label(claim["confidence"])), said, link, against
    )


def picture(draw: Callable[[str], Markup | None], caption: Text, absent: Text) -> Html:
    """One of the report's pictures, drawn in each language, with its caption; or the sentence that there is none."""
    drawn_twice = in_each(draw)
    if drawn_twice is None:
        return say(*absent)
    figure = Markup('<figure><div class="scroll" tabindex="0" role="region" aria-labelledby="{0}">{1}</div>')
    end = Markup('<figcaption id="{}">{}</figcaption></figure>')
    return Html(figure.format(_place(caption), drawn_twice) + end.format(_place(caption), both(caption)))


def side_by_side(pairs: Sequence[Aligned]) -> Html:
    """Texts side by side with what differs, or what answers each other, marked; and the same as a list."""
    macros: Any = environment().get_template("sides.html.j2").module
    parts = [macros.sides(pair, len(pair.rows), both, told) + macros.listed(pair, told) for pair in pairs]
    return (
        Html(Markup("").join(parts)) if parts else say("No two texts could be laid out.", "並べられる文章の組はない。")
    )


def chrome(found: Sequence[Masthead]) -> Html:
    """What stands around a site's articles, its slips marked and listed."""
    template = environment().get_template("masthead.html.j2")
    parts = [Markup(template.render(masthead=masthead)) for masthead in found]  # noqa: S704 (escaped by the template)
    return (
        Html(Markup("").join(parts))
        if parts
        else say(
            "No slip was found in what stands around the articles.", "記事のまわりの文字に誤りは見つからなかった。"
        )
    )


def bars(counts: Mapping[str, int | float], title: Text, unit: Text, described: Text) -> Html:
    """A horizontal bar for each of ``counts``, in their order; ``described`` says in words what it shows."""
    if not counts:
        return say(f"{title[0]}: there is nothing to draw.", f"{title[1]}：描くものがない。")
    terms = registry()["terms"]
    names = [sentence(name) if " " in name and name not in terms else term(name) for name in map(visible, counts)]
    box = Markup('<div class="t" lang="{}">{}</div>')
    return Html(
        Markup("").join(
            box.format(
                language,
                _bars([n[side] for n in names], list(counts.values()), title[side], unit[side],
                      f"{title[side]}{('. ', '。')[side]}{described[side]}").markup,
            )
            for side, language in enumerate(LANGUAGES)
        )
    )  # fmt: skip


def _bars(names: Sequence[str], counts: Sequence[int | float], title: str, unit: str, described: str) -> Html:
    # Outside words are never mathematics, and they are measured with the font that matplotlib carries.
    with matplotlib.rc_context(_settings(title)):
        height = 0.6 + 0.32 * len(counts)
        figure = Figure(figsize=(8.6, height))
        axes = figure.add_axes((0.36, 0.45 / height, 0.58, (height - 0.5) / height))
        axes.barh(range(len(counts)), counts, color=ACCENT, height=0.6)
        axes.set_yticks(range(len(counts)), [name[:48] for name in names])
        axes.set_ylim(len(counts) - 0.4, -0.6)
        for place, value in enumerate(counts):
            axes.annotate(f"{value:,}", (value, place), (4, 0), textcoords="offset points", va="center", color=INK)
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
    label = escape(visible(described))
    svg = svg[svg.index("<svg") :].replace("<svg ", f'<svg role="img" aria-label="{label}" class="chart" ', 1)
    # matplotlib escapes the text that it writes; the label is escaped above.
    made = Markup("<figure>{}<figcaption>{}</figcaption></figure>")
    return Html(made.format(Markup(svg), visible(described)))  # noqa: S704


def tally(rows: Iterable[Mapping[str, Any]], column: str, most: int = 20) -> dict[str, int]:
    """How many rows bear each value of ``column``, the most frequent first; the rest as one."""
    counts = rows.tally(column) if isinstance(rows, Rows) else Counter(row[column] for row in rows)
    found = {str("(none)" if value in (None, "") else value): number for value, number in counts.items()}
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    kept = dict(ordered[:most])
    if len(ordered) > most:
        kept["(all others)"] = sum(number for _, number in ordered[most:])
    return kept


def share(part: int, whole: int) -> Text:
    """ "12 of 40 (30 %)"."""
    percent = f"{100 * part / whole:.0f}" if whole else ""
    english = f"{part:,} of {whole:,}" + (f" ({percent} %)" if whole else "")
    return english, f"{whole:,}件中{part:,}件" + (f"（{percent}％）" if whole else "")


def joined(
    rows: Rows | Iterable[Record], others: Mapping[str, Record], key: str, columns: Sequence[str]
) -> Rows | Iterable[Record]:
    """``rows`` with ``columns`` of the row of ``others`` that their ``key`` names, each joined when it is shown."""

    def both_rows(row: Record) -> Record:
        other = others.get(row[key], {})
        return {**row, **{name: other.get(name, "") for name in columns}}

    return rows.mapped(both_rows) if isinstance(rows, Rows) else map(both_rows, rows)


def observed(version: Version, rows: Rows) -> Rows:
    """``rows`` of changes with the ``kind`` of the observation that each is of, in both languages."""

    def with_kind(row: Record) -> Record:
        seen = version.having("observations", "observation_id", row["row"]).first()
        return {**row, "kind": kind_of(seen["kind"]) if seen else ""}

    return rows.mapped(with_kind)


def label(confidence: str) -> Text:
    """The word that a reader sees for a confidence."""
    named = registry()["confidence"][confidence]["label"]
    return named["en"], named["ja"]


def counted(counts: Mapping[str, int]) -> Text:
    """Numbers with what they count, the registry's words for each, as one phrase."""
    words = [(*term(name), number) for name, number in counts.items()]
    return (
        ", ".join(f"{english} {number:,}" for english, _, number in words),
        "、".join(f"{japanese}{number:,}" for _, japanese, number in words),
    )


def heaviest(version: Version, most: int) -> Html:
    """The first ``most`` claims of the report."""
    found = Markup("").join(_claim(claim) for claim in version.claims.head(most))
    if not found:
        return say("No claim is made.", "主張はない。")
    return Html(Markup('<ul class="claimed">{}</ul>').format(found))


def meanings() -> Html:
    """What the words of confidence mean."""
    return table(
        [
            {"word": label(name), "meaning": (level["meaning"]["en"], level["meaning"]["ja"])}
            for name, level in registry()["confidence"].items()
        ],
        {"word": ("word", "語"), "meaning": ("meaning", "意味")},
        ("Words of confidence", "確かさの語"),
    )


def needs() -> Html:
    """What each kind of claim says and needs."""
    return table(
        [
            {
                "claim": term(name),
                "says": (spec["meaning"]["en"], spec["meaning"]["ja"]),
                "needs": (spec["needs"], spec["needs_ja"]),
            }
            for name, spec in registry()["types"].items()
        ],
        {"claim": ("claim", "主張"), "says": ("what it says", "述べること"), "needs": ("what it needs", "必要なもの")},
        ("Kinds of claims", "主張の種類"),
    )


def published() -> list[str]:
    """Names of the tables that a version carries."""
    return [table.name for table in schema.tables().values() if table.published]
