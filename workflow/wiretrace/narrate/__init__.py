"""Narrate: what a published version says, as a report that an editor opens and notebooks that a researcher runs."""

from pathlib import Path

from wiretrace.narrate.report import report

__all__ = ["report", "run_notebook"]


def run_notebook(source: str | Path, version_folder: str | Path, html: str | Path) -> None:
    """Execute the percent script ``source`` on a version and write it with its results to ``html``.

    Raises:
        UserError: the notebook is missing or fails; the message names the error of its cell.
    """
    # Imported here, since what runs notebooks takes seconds to load and the notebooks themselves need none of it.
    from wiretrace.narrate.notebook import execute

    execute(source, version_folder, html)
