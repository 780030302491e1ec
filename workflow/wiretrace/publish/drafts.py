"""Claims: sentences that could be printed, each with the rows that it rests on and what speaks against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from wiretrace import config, identity, schema
from wiretrace.publish import firsts, hosts, owners, proposals, sellers, sources, texts, times
from wiretrace.publish.case import Case, Draft, Record, Row, checked, make_case
from wiretrace.publish.wording import Text, fill, registry, sentences

DRAFTERS: tuple[Callable[[Case], list[Draft]], ...] = (
    sources.distributed_by,
    sources.supplied_by,
    proposals.may_distribute,
    firsts.first_published,
    sellers.sold_by,
    owners.same_operator,
    owners.operator_is,
    hosts.hosted_beside,
    texts.quotes,
    texts.misspelled,
    texts.ai_residue,
    texts.foreign_authorship,
    times.deleted,
    times.edited,
    times.coverage,
)
# Rows of evidence that one claim lists; beyond it the claim says how many there are, and the tables hold all.
LISTED = 300
# Claims on publishers that the question is not about stand below all others.
BESIDE = 500
EXCERPT = 600


def claims(tables: Mapping[str, pd.DataFrame], investigation: config.Investigation) -> dict[str, pd.DataFrame]:
    """The tables ``claims`` and ``claim_evidence`` from all other tables but those ``wanted.UNREAD``; a pure function.

    Every claim has at least one row of evidence and says what speaks against it. A claim on a person or a firm that
    only circumstantial evidence supports is not made.

    Raises:
        UserError: a file of ``inputs.verifications`` or the seeds cannot be read.
    """
    case = make_case(tables, investigation)
    captures = set(case.column("captures", "capture_id"))
    made: dict[str, Record] = {}
    evidence: list[Record] = []
    for draft in (draft for drafter in DRAFTERS for draft in drafter(case)):
        rows = _distinct(draft.evidence)
        if not any(row.role == "for" for row in rows):
            continue
        claim = _claim(case, draft, len(rows))
        if claim["claim_id"] in made:
            raise ValueError(f"two claims of one key: {draft.type}, {draft.subject}, {draft.object}, {draft.statement}")
        made[claim["claim_id"]] = claim
        evidence += [_evidence(claim["claim_id"], row, captures) for row in rows[:LISTED]]
    return {"claims": schema.frame("claims", made.values()), "claim_evidence": schema.frame("claim_evidence", evidence)}


def _distinct(rows: Any) -> list[Row]:
    """Each row of a table once for each role, the first note kept."""
    found: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        found.setdefault((row.table, row.row, row.role), row)
    return list(found.values())


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


def _evidence(claim_id: str, row: Row, captures: set[str]) -> Record:
    return {
        "claim_id": claim_id,
        "role": row.role,
        "table": row.table,
        "row": row.row,
        "capture_id": row.capture_id if row.capture_id in captures else "",
        "excerpt": row.excerpt[:EXCERPT],
        "note": row.note[0],
        "note_ja": row.note[1],
    }
