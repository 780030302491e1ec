"""A STIX 2.1 bundle: sites, networks, operators, and every claim as a note with what speaks against it.

A site is an observable (domain-name, url); its id is the UUIDv5 of its content, as STIX 2.1 (2.9) lays down, so that it
meets the same site in other people's bundles. Ids of all other objects are UUIDv5 under a namespace of this project's,
of the investigation and the object's key: the same finding has the same id in every version of an investigation.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import stix2

from wiretrace.publish.exports.findings import Findings, Group, registry
from wiretrace.publish.rows import Record

NAMESPACE = uuid.UUID("5d2b0f0c-6d55-4bb0-9c1e-3f6b4c1f7a52")
# Techniques are labelled where a claim says at least this.
LABELLED = ("established", "likely")


def stix_bundle(found: Findings, version: str) -> Iterator[str]:
    """The bundle as JSON, an object a line, in parts."""
    yield f'{{"type": "bundle", "id": "{_id("bundle", found.investigation, version)}", "objects": [\n'
    for number, line in enumerate(_Maker(found).lines(version)):
        yield f",\n{line}" if number else line
    yield "\n]}\n"


def _id(kind: str, *key: str) -> str:
    return f"{kind}--{uuid.uuid5(NAMESPACE, chr(0).join((kind, *key)))}"


def site(publisher: str) -> Any:
    """The observable of a publisher: a domain name, or the address of an account."""
    if "/" in publisher:
        return stix2.URL(value=f"https://{publisher}")
    return stix2.DomainName(value=publisher)


def _line(item: Any) -> str:
    return str(item.serialize(sort_keys=True, ensure_ascii=False))


class _Maker:
    """Makes the objects of one investigation and lays each aside as the line that it becomes; only ids are held."""

    def __init__(self, found: Findings) -> None:
        self.found = found
        self.author = stix2.Identity(
            id=_id("identity", found.investigation),
            name=f"wiretrace: {found.investigation}",
            identity_class="system",
            **self._times(),
        )
        found.shelf.scratch("_objects", "id TEXT PRIMARY KEY, line TEXT")
        self._keep(self.author)
        self.sites: dict[str, str] = {}  # publisher → its id
        self.networks: set[str] = set()

    def lines(self, version: str) -> Iterator[str]:
        """All objects, the report first, the others by id."""
        for group in self.found.groups:
            self._group(group)
        for claim in self.found.claims:
            self._claim(claim)
        ids = [row["id"] for row in self.found.shelf.rows("SELECT id FROM _objects ORDER BY id")]
        # A report must refer to something.
        if len(ids) > 1:
            used = {registry()["confidence"][word]["stix"] for word in self._words()}
            yield _line(
                stix2.Report(
                    id=_id("report", self.found.investigation),
                    name=f"{self.found.investigation} {version}",
                    description=self.found.question or None,
                    published=self.found.last,
                    object_refs=ids,
                    confidence=min(used),
                    **self._own(),
                )
            )
        yield from (row["line"] for row in self.found.shelf.rows("SELECT line FROM _objects ORDER BY id"))

    def _words(self) -> set[str]:
        return {group.confidence for group in self.found.groups} | set(self.found.claims.tally("confidence"))

    def _times(self) -> dict[str, Any]:
        return {"created": self.found.first, "modified": self.found.last}

    def _own(self) -> dict[str, Any]:
        return {"created_by_ref": self.author.id, **self._times()}

    def _sure(self, word: str) -> dict[str, Any]:
        return {"confidence": registry()["confidence"][word]["stix"], "labels": [word], **self._own()}

    def _keep(self, item: Any) -> str:
        self.found.shelf.change("INSERT OR REPLACE INTO _objects VALUES (?, ?)", [(item.id, _line(item))])
        return str(item.id)

    def _site(self, publisher: str) -> str:
        if publisher not in self.sites:
            self.sites[publisher] = self._keep(site(publisher))
        return self.sites[publisher]

    def _group(self, group: Group) -> None:
        """The network with its members, and its operator where a claim names one."""
        network, name = group.network, group.network["network_id"]
        said = f"{len(group.members)} sites of one operator ({group.confidence}). {network['shared']}".strip()
        infrastructure = self._keep(
            stix2.Infrastructure(
                id=_id("infrastructure", self.found.investigation, name),
                name=f"network {name}",
                description=said,
                infrastructure_types=["unknown"],
                first_seen=network["first_seen"] or None,
                last_seen=_later(network["first_seen"], network["last_seen"]),
                **self._sure(group.confidence),
            )
        )
        self.networks.add(infrastructure)
        for member in group.members:
            self._relate("consists-of", infrastructure, self._site(member["publisher"]), group.confidence)
        if group.operator:
            operator = self._identity(group.operator["object"], "unknown", ["operator"])
            self._relate(
                "related-to", infrastructure, operator, group.operator["confidence"], group.operator["statement"]
            )

    def _relate(self, kind: str, source: str, target: str, word: str, said: str = "") -> None:
        self._keep(
            stix2.Relationship(
                id=_id("relationship", self.found.investigation, kind, source, target),
                relationship_type=kind,
                source_ref=source,
                target_ref=target,
                description=said or None,
                **self._sure(word),
            )
        )

    def _identity(self, name: str, identity_class: str, roles: Sequence[str]) -> str:
        return self._keep(
            stix2.Identity(
                id=_id("identity", self.found.investigation, *roles, name),
                name=name,
                identity_class=identity_class,
                roles=roles,
                **self._own(),
            )
        )

    def _distributor(self, publisher: str, role: str) -> str:
        row = self.found.distributors.get(publisher)
        name = row["name"] if row and row["name"] else publisher
        said = f"{name} ({publisher})" if name != publisher else name
        return self._identity(said, "organization", [role])

    def _claim(self, claim: Record) -> None:
        """A claim that is about a site, a network, a distributor or a seller, as a note on them."""
        subjects = list(self._subjects(claim))
        if not subjects:
            return
        refs = [*subjects, *(self._technique(row) for row in _techniques(claim))]
        self._keep(
            stix2.Note(
                id=_id("note", self.found.investigation, claim["claim_id"]),
                abstract=f"{claim['type']}: {claim['confidence']}",
                content=claim_text(claim),
                object_refs=sorted(set(refs)),
                lang="en",
                external_references=[{"source_name": "wiretrace", "external_id": claim["claim_id"]}],
                **self._sure(claim["confidence"]),
            )
        )

    def _subjects(self, claim: Record) -> Iterator[str]:
        network = _id("infrastructure", self.found.investigation, claim["subject"])
        if network in self.networks:
            yield network
        if claim["type"] in ("distributed_by", "supplied_by"):
            yield self._distributor(claim["object"], "distributor")
        elif claim["type"] == "sold_by":
            yield self._distributor(claim["subject"], "seller")
        elif claim["type"] == "operator_is" and network in self.networks:
            yield self._identity(claim["object"], "unknown", ["operator"])
        for publisher in self.found.sites(claim["claim_id"]):
            yield self._site(publisher)

    def _technique(self, row: dict[str, str]) -> str:
        disarm = registry()["disarm"]
        return self._keep(
            stix2.AttackPattern(
                id=_id("attack-pattern", disarm["version"], row["id"]),
                name=row["name"],
                external_references=[
                    {
                        "source_name": disarm["name"],
                        "description": f"{disarm['name']} Red Framework, version {disarm['version']}",
                        "external_id": row["id"],
                    }
                ],
                **self._own(),
            )
        )


def _techniques(claim: Record) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = registry()["disarm"]["techniques"]
    return [row for row in rows if row["claim"] == claim["type"] and claim["confidence"] in LABELLED]


def _later(first: str, last: str) -> str | None:
    """``last`` where it is after ``first``, as STIX asks of the two."""
    return last if last and (not first or last > first) else None


def claim_text(claim: Record) -> str:
    """A claim with what it rests on, what speaks against it and what would overturn it, a part a line."""
    parts = [
        ("", claim["statement"]),
        ("How sure: ", claim["confidence"]),
        ("Rests on: ", claim["basis"]),
        ("Against: ", claim["against"]),
        ("Overturned by: ", claim["overturned_by"]),
        ("Found by a person: ", claim["found_by_person"]),
    ]
    return "\n".join(label + text for label, text in parts if text)
