"""The editor's report: one page that opens from disk, a page for each cited capture, and the tables beside them."""

from __future__ import annotations

import base64
import hashlib
import shutil
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from wiretrace import schema
from wiretrace.narrate import cards, flows, pages, timeline
from wiretrace.narrate.network import network_picture
from wiretrace.narrate.version import HERE, Record, Version, open_version, words
from wiretrace.publish.wording import registry

TEMPLATES = HERE / "templates"
# Look-ups listed one by one in the appendix; the table holds all.
LISTED = 1000
BLANK = ("could_not_look", "not_looked")


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


def policy(style: str, script: str = "") -> str:
    """Content-Security-Policy under which only our own style and script run, and nothing is loaded."""
    parts = ["default-src 'none'", "base-uri 'none'", "form-action 'none'", f"style-src {_hash(style)}"]
    return "; ".join([*parts, f"script-src {_hash(script)}"] if script else parts)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def report(version_folder: str | Path, evidence_folder: str | Path, out: str | Path) -> None:
    """Write ``out/index.html``, ``out/evidence/CAPTURE.html`` for each cited capture, and copies of tables and exports.

    Nothing in these pages loads anything or runs anything but our own script; all outside words are escaped. A pure
    function of the version and the evidence.

    Raises:
        UserError: ``version_folder`` is no published version.
    """
    version, out = open_version(version_folder), Path(out)
    cited = _cited(version)
    texts = _evidence_pages(version, Path(evidence_folder), out / "evidence", cited)

    def excerpt(row: Record) -> Markup:
        return pages.snippet(texts.get(row["capture_id"], ""), row["excerpt"])

    claims = cards.shown_claims(version, excerpt)
    style, script = asset("style.css"), asset("report.js")
    html = (
        environment()
        .get_template("report.html.j2")
        .render(
            version=version,
            answers=cards.answers(claims),
            sections=cards.sections(claims),
            confidence=registry()["confidence"],
            pictures=_pictures(version),
            tables=_tables(version),
            blank=_blank(version),
            style=Markup(style),  # noqa: S704 (our own file)
            script=Markup(script),  # noqa: S704 (our own file)
            policy=policy(style, script),
        )
    )
    _copy(version, out)
    schema.write_text(out / "index.html", html)


def _cited(version: Version) -> dict[str, list[Record]]:
    """Capture → the rows of evidence that cite it."""
    rows = version.grouped("claim_evidence", "capture_id")
    return {capture: rows[capture] for capture in sorted(rows) if capture in version.captures}


def _evidence_pages(version: Version, archive: Path, folder: Path, cited: Mapping[str, list[Record]]) -> dict[str, str]:
    """Write a page for each cited capture; returns the plain text of each."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("c-*.html"):
        if old.stem not in cited:
            old.unlink()
    statements = {claim["claim_id"]: claim for claim in version.claims}
    style = asset("style.css")
    template = environment().get_template("capture.html.j2")
    texts = {}
    for capture_id, rows in cited.items():
        capture = version.captures[capture_id]
        text, source, at_hand = pages.captured(version, archive, capture)
        texts[capture_id] = text
        phrases = sorted({row["excerpt"] for row in rows if row["excerpt"].strip()})
        claims = [statements[claim] for claim in sorted({row["claim_id"] for row in rows}) if claim in statements]
        html = template.render(
            capture=capture,
            page=version.pages.get(capture_id, {}),
            shown=pages.show(text, source, phrases, at_hand),
            claims=sorted(claims, key=lambda claim: (-claim["weight"], claim["claim_id"])),
            style=Markup(style),  # noqa: S704 (our own file)
            policy=policy(style),
        )
        schema.write_text(folder / f"{capture_id}.html", html)
    return texts


def _pictures(version: Version) -> dict[str, Any]:
    """The three pictures, each with the rows that its table shows."""
    story = timeline.told_story(version)
    members = timeline.story_members(version, story) if story else []
    links = version.by("publisher_links", "link_id")
    names = {row["distributor"]: row["name"] for row in version.table("distributors")}
    return {
        "network": network_picture(version),
        "network_rows": [
            {**row, "letter": version.letters[row["network_id"]], "link": links.get(row["link_id"], {})}
            for row in version.table("network_members")
        ],
        "networks": sorted(version.table("networks"), key=lambda n: (-n["size"], n["network_id"])),
        "story": story,
        "timeline": timeline.timeline_picture(version, story) if story else None,
        "members": [{**row, "article": version.articles.get(row["article_id"], {})} for row in members],
        "flow": flows.flow_picture(version),
        "flow_rows": [
            {"distributor": names.get(d) or d, "group": g, "articles": a, "sites": s}
            for (d, g), (a, s) in flows.flows(version).items()
        ],
    }


def _tables(version: Version) -> list[dict[str, Any]]:
    published = [table for table in schema.tables().values() if table.published]
    return [{"name": table.name, "row": table.row, "rows": len(version.table(table.name))} for table in published]


def _blank(version: Version) -> dict[str, Any]:
    """Look-ups without an answer: counted by source, outcome and reason, and one by one."""
    rows = [row for row in version.table("lookups") if row["outcome"] in BLANK]
    counted = Counter((row["source"], row["outcome"], row["reason"]) for row in rows)
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    rows = sorted(rows, key=lambda row: (row["source"], row["publisher"], row["subject"], row["time"]))
    return {"counted": ordered[:60], "kinds": len(ordered), "rows": rows[:LISTED], "number": len(rows)}


def _copy(version: Version, out: Path) -> None:
    """Put the version's tables and exports beside the report, so that the folder can be handed on as one."""
    for name in ("tables", "exports"):
        shutil.rmtree(out / name, ignore_errors=True)
        shutil.copytree(version.folder / name, out / name)
    for name in ("manifest.json", "run.json"):
        shutil.copyfile(version.folder / name, out / name)
