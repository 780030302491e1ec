"""Notebooks: percent scripts executed on one version and kept as HTML that needs nothing else and never varies."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from markupsafe import Markup
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter
from traitlets.config import Config

from wiretrace import schema
from wiretrace.errors import UserError
from wiretrace.narrate.templating import asset, digest, environment
from wiretrace.narrate.version import HERE, open_version, words
from wiretrace.narrate.view import PARAMETER

# Addresses that nbconvert's own templates would load from; none of them may be.
REMOTE = (
    "mathjax_url",
    "require_js_url",
    "jquery_url",
    "mermaid_js_url",
    "mermaid_layout_elk_js_url",
    "widget_renderer_url",
)
SECONDS = 600  # for one cell, before the run is given up as failed; no result depends on it
# Charts come with style attributes, so that styles are not held to a digest as in the report; beside them only the
# script that changes the language may act.
POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'; img-src data:; script-src {}"
)
# A heading in both languages, and what tells a paragraph in Japanese.
HEADING, JAPANESE = re.compile(r"(#+) (.+?) \| (.+)"), re.compile("[\u3040-\u30ff\u4e00-\u9fff]")


def execute(source: str | Path, version_folder: str | Path, html: str | Path) -> None:
    """Execute the percent script ``source`` on a version and write it with its results to ``html``.

    Raises:
        UserError: the notebook is missing or fails; the message names the error of its cell.
    """
    source, version = Path(source), open_version(version_folder)
    if not source.is_file():
        raise UserError(f"{source}: no such notebook")
    notebook = _run(_read(source), version.folder.resolve(), source)
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="narrated",
        extra_template_basedirs=[str(HERE / "templates")],
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    for name in REMOTE:
        if exporter.has_trait(name):
            setattr(exporter, name, "")
    body, _ = exporter.from_notebook_node(notebook)
    title = words()["notebook_titles"].get(source.stem, {"en": source.stem, "ja": source.stem})
    page = (
        environment()
        .get_template("notebook.html.j2")
        .render(
            body=Markup(body),  # noqa: S704 (made by nbconvert; scripts in it are dead by the policy)
            title=title,
            version=version,
            policy=POLICY.format(digest(asset("language.js"))),
            script=Markup(asset("language.js")),  # noqa: S704 (our own file)
            style=Markup(asset("style.css") + asset("notebook.css")),  # noqa: S704 (our own files)
        )
    )
    schema.write_text(Path(html), page)


def _read(source: Path) -> Any:
    """The script as a notebook whose cell ids are their numbers; jupytext would draw them by lot."""
    notebook = jupytext.read(source, fmt="py:percent")
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number:03d}"
        if cell["cell_type"] == "markdown":
            cell["source"] = in_both(cell["source"])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return notebook


def in_both(text: str) -> str:
    """Markdown whose headings have the form "English | 日本語", and whose paragraphs are in one language each, as the
    page shows it: each part marked with its language, so that the page can show one."""
    mark = '<span class="t" lang="{}">{}</span>'
    parts = []
    for block in text.split("\n\n"):
        heading = HEADING.fullmatch(block)
        if heading:
            level, english, japanese = heading.groups()
            parts.append(f"{level} {mark.format('en', english)}{mark.format('ja', japanese)}")
        else:
            parts.append(mark.format("ja" if JAPANESE.search(block) else "en", block))
    return "\n\n".join(parts)


def _run(notebook: Any, version: Path, source: Path) -> Any:
    with tempfile.TemporaryDirectory() as scratch:
        # The kernel hears of the version by its environment, so that no path stands in the result; its own files
        # (history, profiles) go to a folder of the moment. PYTHONHASHSEED holds what a notebook may do with sets.
        settings = {PARAMETER: str(version), "IPYTHONDIR": scratch, "MPLCONFIGDIR": scratch, "PYTHONHASHSEED": "0"}
        settings |= {"TZ": "UTC", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
        # Sockets in the file system, which no other user of the machine reaches.
        sockets = {"transport": "ipc", "ip": f"{scratch}/kernel", "connection_file": f"{scratch}/kernel.json"}
        client = NotebookClient(
            notebook,
            config=Config(KernelManager=sockets),
            kernel_name="python3",
            timeout=SECONDS,
            record_timing=False,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": scratch}},
        )
        try:
            client.execute(env=os.environ | settings)
        except CellExecutionError as error:
            raise UserError(f"{source}: the notebook failed: {error.ename}: {error.evalue}") from error
    notebook.metadata.pop("language_info", None)
    for cell in notebook.cells:
        # What libraries say of themselves, as that a cache is being built, is of the machine and not of the version.
        said = [output for output in cell.get("outputs", ()) if output.get("name") == "stderr"]
        for output in said:
            print(output["text"], end="", file=sys.stderr)
            cell["outputs"].remove(output)
    nbformat.validate(notebook)
    return notebook
