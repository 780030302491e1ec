"""Networks as GraphML and GEXF, for Gephi, Cytoscape, yEd and networkx: sites, and the links that tie them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

import networkx

from wiretrace import schema
from wiretrace.publish import owners
from wiretrace.publish.exports.findings import Findings
from wiretrace.publish.exports.workbook import NOT_XML
from wiretrace.publish.rows import Record

# networkx stamps the day and its own version into a GEXF file.
STAMP = re.compile(r' lastmodifieddate="[^"]*"|(?<=<creator>)[^<]*(?=</creator>)')
# Links in the order in which networkx writes those of a graph whose sites are sorted: by the first site, then as they
# stand in the table. Of two links between the same sites the later one counts.
LINKS = """
    SELECT l.* FROM publisher_links l JOIN (
        SELECT min(publisher_a, publisher_b) AS source, min(rowid) AS first, max(rowid) AS last FROM publisher_links
        WHERE tier IN (SELECT value FROM json_each(?)) GROUP BY 1, max(publisher_a, publisher_b)
    ) g ON l.rowid = g.last ORDER BY g.source, g.first
"""
NODES, EDGES = (re.compile(f"^ *<{tag} .*</{tag}>\n", re.DOTALL | re.MULTILINE) for tag in ("node", "edge"))
MOST = 2000  # sites or links of a graph in memory


def graphml(found: Findings) -> Iterator[str]:
    """Sites that a sound link ties, with their network and how sure it is, and links with their tier, as GraphML.

    Links of circumstantial tier are left out; the table ``publisher_links`` has them.
    """
    return _parts(found, _graphml)


def gexf(found: Findings) -> Iterator[str]:
    """The same as GEXF 1.2, without the day on which it was written and the library's version."""
    return _parts(found, _gexf)


def _graphml(made: networkx.Graph[str]) -> str:
    out = io.BytesIO()
    networkx.write_graphml_xml(made, out, encoding="utf-8", named_key_ids=True)
    return out.getvalue().decode("utf-8") + "\n"


def _gexf(made: networkx.Graph[str]) -> str:
    out = io.BytesIO()
    networkx.write_gexf(made, out, encoding="utf-8", version="1.2draft")
    return STAMP.sub("", out.getvalue().decode("utf-8")) + "\n"


def _parts(found: Findings, written: Callable[[networkx.Graph[str]], str]) -> Iterator[str]:
    """The file that networkx writes of the whole graph, put together from those of parts of it."""
    of = {
        row["publisher"]: (group.network["network_id"], group.confidence)
        for group in found.groups
        for row in group.members
    }
    names = sorted({link[side] for link in found.links for side in ("publisher_a", "publisher_b")} | of.keys())
    links = iter(found.shelf.rows(LINKS, schema.dump(owners.SOUND)))
    first = list(islice(links, MOST))
    if not first:
        yield written(_graph(found, of, names, ()))
        return
    # Links stand with their sites: the numbers of their columns follow on those of the sites'.
    frame = written(_graph(found, of, _ends(first), first))
    nodes, edges = _found(NODES, frame), _found(EDGES, frame)
    yield frame[: nodes.start()]
    for start in range(0, len(names), MOST):
        yield _found(NODES, written(_graph(found, of, names[start : start + MOST], ())))[0]
    yield frame[nodes.end() : edges.end()]
    while some := list(islice(links, MOST)):
        yield _found(EDGES, written(_graph(found, of, _ends(some), some)))[0]
    yield frame[edges.end() :]


def _found(part: re.Pattern[str], text: str) -> re.Match[str]:
    """All sites, or all links, of a graph that has some."""
    if match := part.search(text):
        return match
    raise ValueError("networkx writes a graph in another form than it did")


def _ends(links: Iterable[Record]) -> list[str]:
    return sorted({link[side] for link in links for side in ("publisher_a", "publisher_b")})


def _graph(
    found: Findings, of: dict[str, tuple[str, str]], names: Sequence[str], links: Iterable[Record]
) -> networkx.Graph[str]:
    made: networkx.Graph[str] = networkx.Graph(name=found.investigation)
    for name in names:
        row, (network, confidence) = found.publishers[name], of.get(name, ("", ""))
        made.add_node(
            name,
            label=name,
            role=row["role"],
            kind=row["kind"],
            name=_xml(row["name"]),
            languages=row["languages"],
            articles=int(row["articles"]),
            network=network,
            confidence=confidence,
        )
    for link in links:
        made.add_edge(
            link["publisher_a"],
            link["publisher_b"],
            id=link["link_id"],
            weight=float(link["bits"]),
            probability=float(link["probability"]),
            tier=link["tier"],
            families=link["families"],
            strongest=_xml(link["strongest"]),
            spurious=_xml(link["spurious"]),
        )
    return made


def _xml(text: str) -> str:
    return NOT_XML.sub("", text)
