"""Networks as GraphML and GEXF, for Gephi, Cytoscape, yEd and networkx: sites, and the links that tie them."""

from __future__ import annotations

import io
import re

import networkx

from wiretrace.publish.exports.findings import Findings
from wiretrace.publish.exports.workbook import NOT_XML

# networkx stamps the day and its own version into a GEXF file.
STAMP = re.compile(r' lastmodifieddate="[^"]*"|(?<=<creator>)[^<]*(?=</creator>)')


def graph(found: Findings) -> networkx.Graph:
    """An undirected graph: sites that a sound link ties, with their network and how sure it is; links with their tier.

    Links of circumstantial tier are left out; the table ``publisher_links`` has them.
    """
    made = networkx.Graph(name=found.investigation)
    of = {row["publisher"]: (group, row) for group in found.groups for row in group.members}
    names = sorted({link[side] for link in found.links for side in ("publisher_a", "publisher_b")} | of.keys())
    for name in names:
        row, placed = found.publishers[name], of.get(name)
        made.add_node(
            name,
            label=name,
            role=row["role"],
            kind=row["kind"],
            name=_xml(row["name"]),
            languages=row["languages"],
            articles=int(row["articles"]),
            network=placed[0].network["network_id"] if placed else "",
            confidence=placed[0].confidence if placed else "",
        )
    for link in found.links:
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


def graphml(made: networkx.Graph) -> str:
    """The graph as GraphML."""
    out = io.BytesIO()
    networkx.write_graphml_xml(made, out, encoding="utf-8", named_key_ids=True)
    return out.getvalue().decode("utf-8") + "\n"


def gexf(made: networkx.Graph) -> str:
    """The graph as GEXF 1.2, without the day on which it was written and the library's version."""
    out = io.BytesIO()
    networkx.write_gexf(made, out, encoding="utf-8", version="1.2draft")
    return STAMP.sub("", out.getvalue().decode("utf-8")) + "\n"
