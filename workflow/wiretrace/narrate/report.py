"""The editor's report: one page that opens from disk, a page for each cited capture, and the tables beside them."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from wiretrace import schema
from wiretrace.narrate import (
    alignment,
    browse,
    cards,
    comparisons,
    evidence_pages,
    flows,
    mastheads,
    registrations,
    timeline,
)
from wiretrace.narrate.network import network_picture
from wiretrace.narrate.spoken import in_each
from wiretrace.narrate.templating import filled
from wiretrace.narrate.version import ByKey, Version, open_version
from wiretrace.publish.wording import registry

# Look-ups listed one by one in the appendix; the table holds all.
LISTED = 1000
# Rows of the table beside a picture, so that the first page stays light; the tables can be searched beside it.
ROWS, MASTHEADS = 400, 3
# Sentences of one kind that stand open, and that stand on the page at all, so that it opens at once; the table has all.
OPEN, MOST_CLAIMS = 12, 80
BLANK = "outcome IN ('could_not_look', 'not_looked')"


def report(version_folder: str | Path, evidence_folder: str | Path, out: str | Path) -> None:
    """Write ``out/index.html`` and beside it what is read on demand: captures, claims, texts side by side, tables.

    These pages load nothing but each other and run nothing but our own scripts; all outside words are escaped. A pure
    function of the version and the evidence.

    Raises:
        UserError: ``version_folder`` is no published version.
    """
    version, out = open_version(version_folder), Path(out)
    written = evidence_pages.write(version, Path(evidence_folder), out / "evidence")
    pages_of = cards.Pages(written, comparisons.write(version, out / "comparisons"))
    claims = _claims(version, pages_of, out / "claims")
    rows = browse.write(version, out / "browse")
    html = filled(
        "report.html.j2",
        script="report.js",
        version=version,
        answers=cards.answers(claims),
        doubt=cards.doubt,
        sections=cards.sections(claims, version.claims.tally("type"), MOST_CLAIMS),
        open=OPEN,
        confidence=registry()["confidence"],
        pictures=_pictures(version),
        tables=_tables(rows),
        blank=_blank(version),
    )
    _copy(version, out)
    schema.write_text(out / "index.html", html)


def _claims(version: Version, pages_of: cards.Pages, folder: Path) -> list[cards.Shown]:
    """Write a page with all cards of evidence for each claim that has more than the report shows.

    Gives the claims that the report may show: of each type the first, and what gaps there are.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    kept, numbers = [], Counter[str]()
    for shown, speaking, doubting in cards.shown_claims(version, pages_of):
        if shown.further or shown.further_against:
            html = filled("claim_page.html.j2", shown=shown, cards=speaking, against=doubting)
            schema.write_text(folder / f"{shown.claim['claim_id']}.html", html)
        numbers[shown.claim["type"]] += 1
        if numbers[shown.claim["type"]] <= MOST_CLAIMS:
            kept.append(shown)
    return kept


def _pictures(version: Version) -> dict[str, Any]:
    """The pictures, each with the rows that its table shows."""
    story = timeline.told_story(version)
    members = timeline.story_members(version, story) if story else []
    links = ByKey(version, "publisher_links")
    names = version.distributors
    return {
        "network": in_each(lambda language: network_picture(version, language)),
        "network_rows": [
            {**row, "letter": version.letters[row["network_id"]], "link": links.get(row["link_id"], {})}
            for row in version.table("network_members").head(ROWS)
        ],
        "networks": version.networks,
        "headline": timeline.headline(version, story) if story else ("", ""),
        "timeline": in_each(lambda language: timeline.timeline_picture(version, story, language)) if story else None,
        "members": [{**row, "article": version.articles.get(row["article_id"], {})} for row in members[:ROWS]],
        "aligned": alignment.telling(version, story),
        "mastheads": mastheads.mastheads(version, MASTHEADS),
        "calendar": in_each(lambda language: registrations.calendar_picture(version, language)),
        "registered": [row for row in registrations.registered(version) if row["letter"]][:ROWS],
        "flow": in_each(lambda language: flows.flow_picture(version, language)),
        "flow_rows": [
            {
                "distributor": names.get(d) or d,
                "group": (flows.group_name(g, "en"), flows.group_name(g, "ja")),
                "articles": a,
                "sites": s,
            }
            for (d, g), (a, s) in flows.flows(version).items()
        ],
    }


def _tables(rows: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {"name": name, "row": browse.row_is(schema.tables()[name]), "rows": number} for name, number in rows.items()
    ]


def _blank(version: Version) -> dict[str, Any]:
    """Look-ups without an answer: counted by source, outcome and reason, and one by one."""
    rows = version.rows("lookups", BLANK, order="source, publisher, subject, time, place")
    columns = "ifnull(source, '') AS source, outcome, ifnull(reason, '') AS reason, count(*) AS number"
    ordered = "GROUP BY 1, 2, 3 ORDER BY number DESC, 1, 2, 3"
    counted = version.query(f"SELECT {columns} FROM lookups WHERE {BLANK} {ordered}")  # noqa: S608 (our own words)
    kinds = [((row["source"], row["outcome"], row["reason"]), row["number"]) for row in counted.head(60)]
    return {"counted": kinds, "kinds": len(counted), "rows": rows.head(LISTED), "number": len(rows)}


def _copy(version: Version, out: Path) -> None:
    """Put the version's tables and exports beside the report, so that the folder can be handed on as one."""
    for name in ("tables", "exports"):
        shutil.rmtree(out / name, ignore_errors=True)
        shutil.copytree(version.folder / name, out / name)
    for name in ("manifest.json", "run.json"):
        shutil.copyfile(version.folder / name, out / name)
