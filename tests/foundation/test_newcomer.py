"""Mistakes that a newcomer makes: each is answered by one line that says what to do."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from wiretrace import cli, config, config_file, given, inputs, plan
from wiretrace.errors import UserError
from wiretrace.read import brought

ROOT = Path(__file__).parents[2]


def test_workbook_in_place_of_csv_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "articles.csv"
    path.write_bytes(b"PK\x03\x04" + bytes(range(256)))
    with pytest.raises(UserError, match="is an Excel workbook or a ZIP file; save the sheet as CSV"):
        given.rows(path, "url")
    with pytest.raises(UserError, match="is an Excel workbook or a ZIP file; save the sheet as CSV"):
        list(given.records(str(path), ("url",), ("url",)))


def test_folder_in_place_of_a_file_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    with pytest.raises(UserError, match="seeds: a folder, not a file: "):
        config.load({"investigation": "a", "inputs": {"seeds": "seeds"}}, tmp_path)


def test_label_that_yaml_takes_for_a_date_is_to_be_quoted() -> None:
    with pytest.raises(UserError, match="snapshot: YAML takes 2024-05-01 for a date; put it between quotation marks"):
        config.checked({"investigation": "a", "snapshot": datetime.date(2024, 5, 1)})


def test_targets_stand_before_the_option_that_takes_several_files() -> None:
    """Snakemake takes a name behind --configfile for a second file, and ends with a traceback."""
    assert "snakemake [TARGET] --cores all --configfile" in (ROOT / "Snakefile").read_text(encoding="utf-8")
    assert "snakemake read --cores all --configfile FILE" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_observation_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    path.write_text(
        "publisher,kind,value,first_seen,last_seen\na.example,registrant_name,X,2024-05-01,2023-01-01\n",
        encoding="utf-8",
    )
    with pytest.raises(UserError, match="line 2: first_seen '2024-05-01' is after last_seen '2023-01-01'"):
        brought.observations((str(path),))


def test_unknown_kind_of_observation_is_refused_with_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    path.write_text("publisher,kind,value,first_seen\na.example,registrnt_name,X,2024-05-01\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"line 2: no kind 'registrnt_name'; did you mean registrant_name"):
        brought.observations((str(path),))


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (b"", ": is empty; "),
        (b"# nothing\n", ": is empty; "),
        (b"\n- a\n- b\n", ", line 2: is a list; "),
        (b"okinawa\n", ", line 1: is a text; "),
        (b"investigation: a\ninputs: {seeds: [\n", ", line 3: is no YAML: "),
        (b"investigation: a\n\tinputs: b\n", ", line 2: is no YAML: "),
        (b"a: 1\ninputs:\n  seeds: a\ninputs:\n  names: b\n", ", line 4: inputs is given twice, first in line 2; "),
        (b"acquire:\n  live: true\n  live: false\n", ", line 3: acquire.live is given twice, first in line 2; "),
        ("investigation: a\nquestion: 沖縄\n".encode("utf-16"), ", line 1: is UTF-16; save it as UTF-8"),
        ("investigation: a\nquestion: 沖縄\n".encode("cp932"), ", line 2: is not UTF-8; save"),
        (b"a: 1\nb: \x01\n", ", line 2: holds a character"),
        (b"a: &a [*a]\n", ": is no YAML: nested too deep"),
        (b"[" * 3000, ": is no YAML: nested too deep"),
    ],
)
def test_broken_configuration_file_is_one_line_with_its_place(tmp_path: Path, written: bytes, words: str) -> None:
    path = tmp_path / "investigation.yaml"
    path.write_bytes(written)
    with pytest.raises(UserError) as caught:
        config_file.read(path)
    assert str(caught.value).startswith(f"{path}{words}")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"acquire": {"resolvers": ["foo"]}}, "'foo' is not IP or IP:PORT"),
        ({"acquire": {"proxy": "foo"}}, "write http://HOST:PORT"),
        ({"acquire": {"proxy": "http://a.example:99999"}}, "acquire.proxy"),
        ({"inputs": ["a.csv"]}, "below it stand keys, each with a colon: seeds, archives"),
        ({"inputs": {"articles": "a.csv"}}, "it must be a list, e.g. [one, other]"),
        ({"investigation": "a b"}, "use up to 64 letters, digits"),
        ({"acquire": {"live": "maybe"}}, "it must be true or false"),
        ({"read": {"hints": {"a.example": {"titel": "h1"}}}}, "did you mean title?"),
    ],
)
def test_value_that_is_not_allowed_is_told_in_plain_words(more: dict[str, object], words: str) -> None:
    with pytest.raises(UserError) as caught:
        config.checked({"investigation": "a", **more})
    assert words in str(caught.value) and "should" not in str(caught.value)


@pytest.mark.parametrize("address", ["127.0.0.1", "192.0.2.1:53", "[2001:db8::1]:53", "2001:db8::1"])
def test_resolvers_that_can_be_asked_are_taken(address: str) -> None:
    assert config.checked({"investigation": "a", "acquire": {"resolvers": [address]}}).acquire.resolvers == [address]


def test_seed_without_a_scheme_is_taken_for_https(tmp_path: Path) -> None:
    made = _investigation(tmp_path, "", seeds="url\na.example/1\n")
    read = config_file.read(made).values
    assert [row["url"] for row in config.seeds(config.load(read, tmp_path))] == ["https://a.example/1"]


def _investigation(folder: Path, more: str, seeds: str = "url\nhttps://a.example/\n", **tables: str) -> Path:
    """The file of an investigation with ``tables``; returns its path."""
    (folder / "seeds.csv").write_text(seeds, encoding="utf-8")
    named = "".join(f"  {name}: [{name}.csv]\n" for name in tables)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    path = folder / "investigation.yaml"
    path.write_text(
        f"investigation: a\nresults: {folder}/results\ninputs:\n  seeds: seeds.csv\n{named}{more}", encoding="utf-8"
    )
    return path


def test_check_tells_every_row_that_stops_a_run(tmp_path: Path) -> None:
    path = _investigation(
        tmp_path,
        "acquire: {contact: desk@a.example}\n",
        articles="url,text,published_at\nhttps://a.example/1,x,2024/5/1\n,x,\nhttps://a.example/2, ,\n"
        "https://a.example/1,y,\nhttps://a.example/3,x,令和6年5月1日\nhttps://a.example/4,x,R6.5.1\n"
        "https://a.example/5,x,one day\n",
        observations="publisher,kind,value,first_seen\na.example,ip,192.0.2.1,2024-01-01\na.example,ipp,x,2024-01-01\n",
        posts="account,posted_at\n,2024-01-01T10:00Z\nb,yesterday\nc,2024-01-01T10:00Z\n",
    )
    found = inputs.check(path)
    told = [line.removeprefix(f"{tmp_path}/") for line in found.mistakes]
    assert [line.partition(": ")[0] for line in told] == [
        "articles.csv, line 3",
        "articles.csv, line 4",
        "observations.csv, line 3",
        "posts.csv, line 2",
    ]
    warned = " ".join(found.warnings)
    assert "line 5: https://a.example/1 stands in line 2 already; the first counts" in warned
    assert "line 8: published_at 'one day' is no time" in warned and "line 3: posted_at 'yesterday'" in warned
    assert len(found.warnings) == 3
    assert not (tmp_path / "results").exists()
    with pytest.raises(SystemExit) as ended:
        cli.check_inputs(path)
    assert ended.value.code == 2


def test_check_warns_of_rows_that_a_run_leaves_out_and_says_what_it_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _investigation(
        tmp_path,
        "",
        known_networks="Domain;Listed_by;Date\nb.example;A;2024-99-01\nno domain;A;2024-01-01\n",
        verifications="subject,finding,date\nhttps://other.example/1,denied,2024-05-01\n,,2024-05-01\n",
        names="name,reading\n,x\n",
    )
    cli.check_inputs(path)
    said = capsys.readouterr()
    for words in (
        "acquire.contact is empty",
        "known_networks.csv, line 2: '2024-99-01' is no date",
        "known_networks.csv, line 3: 'no domain' is not a domain",
        "verifications.csv, line 2: subject 'https://other.example/1' is on none of the seeds' sites",
        "verifications.csv, line 3: subject or finding is empty",
        "names.csv, line 2: name is empty",
    ):
        assert words in said.err
    assert "read 1 seeds, 1 verifications, 0 names, 1 known networks; nothing in it stops a run" in said.out


def test_check_tells_the_line_of_a_key_of_the_configuration(tmp_path: Path) -> None:
    path = _investigation(tmp_path, "acquire:\n  pace:\n    delay: -1\n")
    with pytest.raises(UserError, match=r"investigation.yaml, line 7: acquire.pace.delay: -1 is not allowed"):
        inputs.check(path)


def test_plain_snakemake_stops_at_a_missing_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _investigation(tmp_path, "", articles="title,text\na,b\n")
    with pytest.raises(SystemExit) as ended:
        plan.make(config_file.read(path).values, [path])
    assert ended.value.code == 2
    assert "articles.csv: no column 'url' in the first line; found: title, text" in capsys.readouterr().err


def test_make_checks_before_it_runs() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("run", "round"):
        assert f'{target}: have-file\n\t@$(BIN)/wiretrace check "$(FILE)"\n' in text


def test_results_that_cannot_be_written_are_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "results").write_text("a file, not a folder", encoding="utf-8")
    path = _investigation(tmp_path, "")
    with pytest.raises(SystemExit) as ended:
        plan.make(config_file.read(path).values, [path]).begin()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "results/a: cannot be written: " in said


def test_lab_of_an_investigation_without_a_version_says_what_to_do() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert 'lab: install\n\t@test -f "$(WORK)/version.txt" || { echo "wiretrace: $(RESULTS): no version yet; ' in text
