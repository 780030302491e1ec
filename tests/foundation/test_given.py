"""A user's CSV is read with the numbers of its lines, so that a mistake in it can be found."""

from pathlib import Path

from wiretrace import given


def test_lines_are_numbered_past_comments_blank_lines_and_cells_of_two_lines(tmp_path: Path) -> None:
    path = tmp_path / "given.csv"
    path.write_text('# why\nurl,note\n\na, one \n# skip\nb,"two\nlines"\nc\n', encoding="utf-8")
    assert given.rows(path, "url") == [
        (4, {"url": "a", "note": "one"}),
        (7, {"url": "b", "note": "two\nlines"}),
        (8, {"url": "c"}),
    ]
