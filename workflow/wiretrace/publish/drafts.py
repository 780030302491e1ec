"""Claims: sentences that could be printed, each with the rows that it rests on and what speaks against it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from wiretrace import config, identity, schema
from wiretrace.publish import (
    firsts,
    hosts,
    lookalikes,
    owners,
    proposals,
    sellers,
    sources,
    takings,
    texts,
    times,
    together,
)
from wiretrace.publish.case import Case, Draft, Later, Row, checked, make_case
from wiretrace.publish.rows import Record, Rows
from wiretrace.publish.wording import Text, fill, registry, sentences
from wiretrace.schema import stored

DRAFTERS: tuple[Callable[[Case], Iterable[Draft]], ...] = (
    sources.distributed_by,
    sources.supplied_by,
    proposals.may_distribute,
    takings.taken_from,
    firsts.first_published,
    sellers.sold_by,
    owners.same_operator,
    owners.operator_is,
    lookalikes.presents_as,
    hosts.hosted_beside,
    texts.quotes,
    texts.misspelled,
    texts.ai_residue,
    texts.foreign_authorship,
    together.posted_together,
    times.deleted,
    times.edited,
    times.coverage,
)
# Rows of evidence that one claim lists; beyond it the claim says how many there are, and the tables hold all.
LISTED = 300
# Claims on publishers that the question is not about stand below all others.
BESIDE = 500
EXCERPT = 600


def claims(
    tables: Mapping[str, stored.Rows], investigation: config.Investigation, place: str | Path = ":memory:"
) -> dict[str, Rows]:
    """Rows of the tables ``claims`` and ``claim_evidence`` from all other tables but those ``wanted.UNREAD``.

    ``place``: a file for the tables while claims are drafted, so that none of a large one is held; it is to last as
    long as the rows are wanted. A pure function of the others. Every claim has at least one row of evidence and says
    what speaks against it. A claim on a person or a firm that only circumstantial evidence supports is not made.

    Raises:
        UserError: a table, a file of ``inputs.verifications`` or the seeds cannot be read.
    """
    case = make_case(tables, investigation, place)
    names = {name: schema.tables()[name].names for name in ("claims", "claim_evidence")}
    for draft in (draft for drafter in DRAFTERS for draft in drafter(case)):
        shown, number, supported = _listed(case, draft.evidence)
        if supported:
            claim = _claim(case, draft, number)
            case.shelf.add("claims", names["claims"], [claim])
            rows = (_evidence(case, claim["claim_id"], row) for row in shown)
            case.shelf.add("claim_evidence", names["claim_evidence"], rows)
    return {name: case.table(name) for name in names}


def _listed(case: Case, rows: Iterable[Row | Later]) -> tuple[list[Row], int, bool]:
    """The first ``LISTED`` of ``rows``, how many there are, and whether one of them is for the claim.

    Each row of a table counts once for each role, with its first note.
    """
    found: dict[tuple[str, str, str], Row] = {}
    case.shelf.scratch("_further", "[table] TEXT, row TEXT, role TEXT, PRIMARY KEY ([table], row, role)")

    def further() -> Iterator[tuple[str, str, str]]:
        for row in rows:
            key = (row.table, row.row, row.role)
            if key in found:
                continue
            if len(found) < LISTED:
                found[key] = row.made()
            else:
                yield key

    case.shelf.change("INSERT OR IGNORE INTO _further VALUES (?, ?, ?)", further())
    beyond = case.shelf.rows("SELECT role, count(*) AS number FROM _further GROUP BY role")
    numbers = {row["role"]: row["number"] for row in beyond}
    supported = "for" in numbers or any(row.role == "for" for row in found.values())
    return list(found.values()), len(found) + sum(numbers.values()), supported


def _claim(case: Case, draft: Draft, rows: int) -> Record:
    template, common = registry()["types"][draft.type], registry()["common"]
    claim_id = identity.make_id("claim", draft.type, draft.subject, draft.object, draft.statement, size=12)
    statement = fill(template["statement"][draft.statement], draft.values)
    basis = [fill(template["basis"][draft.basis], draft.values)]
    if rows > LISTED:
        basis.append(fill(common["capped"], {"shown": LISTED, "rows": rows}))
    said = checked(case, [claim_id, *draft.about])
    weight = template["weight"] + draft.size - (0 if draft.suspect else BESIDE)
    claim: Record = {
        "claim_id": claim_id,
        "type": draft.type,
        "subject": draft.subject,
        "object": draft.object,
        "confidence": draft.confidence,
        "found_by_person": said or draft.found,
        "weight": weight,
    }
    parts: dict[str, Text] = {
        "statement": statement,
        "basis": sentences(basis),
        "against": _against(template, common, draft),
        "overturned_by": fill(template["overturned_by"], draft.values),
        "to_do": fill(template["to_do"][draft.to_do], draft.values),
    }
    for name, (english, japanese) in parts.items():
        claim |= {name: english, f"{name}_ja": japanese}
    return claim


def _against(template: Mapping[str, Any], common: Mapping[str, Any], draft: Draft) -> Text:
    """What speaks against the claim, or that nothing does; and always what was not looked at."""
    parts = [fill(template["against"][key], values) for key, values in draft.against]
    if not parts:
        parts.append(fill(common["nothing_against"], {}))
    limits = fill(template["limits"], draft.values)
    return sentences([*parts, fill(common["not_looked"], {"limits": limits})])


def _evidence(case: Case, claim_id: str, row: Row) -> Record:
    return {
        "claim_id": claim_id,
        "role": row.role,
        "table": row.table,
        "row": row.row,
        "capture_id": case.row("captures", "capture_id", row.capture_id).get("capture_id", ""),
        "excerpt": row.excerpt[:EXCERPT],
        "note": row.note[0],
        "note_ja": row.note[1],
    }
