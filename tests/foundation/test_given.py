"""A user's CSV is read with the numbers of its lines, so that a mistake in it can be found."""

from pathlib import Path

import pytest

from wiretrace import given
from wiretrace.errors import UserError


def test_lines_are_numbered_past_comments_blank_lines_and_cells_of_two_lines(tmp_path: Path) -> None:
    path = tmp_path / "given.csv"
    path.write_text('# why\nurl,note\n\na, one \n# skip\nb,"two\nlines"\nc\n', encoding="utf-8")
    assert given.rows(path, "url") == [
        (4, {"url": "a", "note": "one"}),
        (7, {"url": "b", "note": "two\nlines"}),
        (8, {"url": "c"}),
    ]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (b"", "is empty; its first line names the columns, url among them"),
        (b"https://a.example/1,title\n", "no column 'url' in the first line; found: https://a.example/1, title"),
        (b"url;title\na;b\n", "separate columns by commas"),
        (b"url\ttitle\n", "separate columns by commas"),
        ("url,title\na,題\n".encode("cp932"), "is not UTF-8; save it as CSV in UTF-8"),
        ("url,title\na,題\n".encode("utf-16"), "is not UTF-8; save it as CSV in UTF-8"),
        (b"PK\x03\x04\x1b[2J,\xe2\x80\xae\n", "no column 'url' in the first line; found: PK [2J"),
    ],
)
def test_what_is_no_table_is_refused_in_one_line(tmp_path: Path, written: bytes, words: str) -> None:
    path = tmp_path / "given.csv"
    path.write_bytes(written)
    for read in (lambda: given.rows(path, "url"), lambda: list(given.records(str(path), ("url",), ("url", "title")))):
        with pytest.raises(UserError) as caught:
            read()
        assert str(path) in str(caught.value) and words in str(caught.value) and str(caught.value).isprintable()
