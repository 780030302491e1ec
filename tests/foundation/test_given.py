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
        (b"address;title,text\na;b,c\n", "can be parted by ',' or ';'"),
        (b"url,URL\na,b\n", "two columns 'url' in the first line"),
        ("url,title\na,題\n".encode("cp932"), "is not UTF-8; save it as CSV in UTF-8"),
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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be-marked"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_is_read_as_spreadsheets_write_it(tmp_path: Path, mark: str, encoding: str) -> None:
    path = tmp_path / "given.csv"
    text = 'URL, Published At ,"Text"\r\nhttps://a.example/1,2024/5/1,"two\r\nlines; 題"\r\n'
    text = text.replace(",", mark)
    path.write_bytes(b"\xfe\xff" + text.encode("utf-16-be") if encoding.endswith("marked") else text.encode(encoding))
    row = {"url": "https://a.example/1", "published_at": "2024/5/1", "text": "two\r\nlines; 題"}
    assert given.rows(path, "url", "text") == [(3, row)]
    assert list(given.records(str(path), ("url", "text"), ("url",))) == [(3, row)]
    given.header(path, "url", "text")


def test_of_two_marks_the_one_that_yields_the_needed_columns_counts(tmp_path: Path) -> None:
    path = tmp_path / "given.csv"
    path.write_text("url;role,note;x,y\na;b;c\n", encoding="utf-8")
    assert given.rows(path, "url")[0][1]["url"] == "a"
