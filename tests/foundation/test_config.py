"""A mistake in an investigation's file is told in one line that names the key, the value and what is allowed."""

from pathlib import Path

import pytest

from wiretrace import config, identity
from wiretrace.errors import UserError

SEEDS = "url,role,note\nhttps://a.example/x,suspect,\nhttps://b.example/,control,a paper\n"


@pytest.fixture
def given(tmp_path: Path) -> Path:
    (tmp_path / "seeds.csv").write_text(SEEDS, encoding="utf-8")
    return tmp_path


def load(given: Path, **more: object) -> config.Investigation:
    values = {"investigation": "x", "inputs": {"seeds": "seeds.csv"}, "results": str(given / "results"), **more}
    return config.load(values, given)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"aquire": {}}, ["aquire", "did you mean acquire?"]),
        ({"acquire": {"pace": {"dely": 1}}}, ["acquire.pace.dely", "did you mean delay?", "timeout"]),
        ({"acquire": {"pace": {"delay": -1}}}, ["acquire.pace.delay", "-1", "greater than or equal to 0"]),
        ({"acquire": {"lookups": ["dns", "gossip"]}}, ["acquire.lookups.1", "gossip", "whois"]),
        ({"acquire": {"allow_networks": ["10.0.0.300/8"]}}, ["acquire.allow_networks", "10.0.0.300/8"]),
        ({"investigation": "../../etc"}, ["investigation", "../../etc"]),
        ({"snapshot": "a/b"}, ["snapshot", "a/b"]),
        ({"inputs": {"seeds": "nowhere.csv"}}, ["inputs.seeds", "nowhere.csv"]),
        ({"inputs": {"archives": ["gone.warc.gz"]}}, ["inputs.archives", "gone.warc.gz"]),
        ({"inputs": {}}, ["nothing to work on", "inputs.seeds"]),
    ],
)
def test_a_mistake_is_one_line_that_names_it(given: Path, more: dict[str, object], words: list[str]) -> None:
    with pytest.raises(UserError) as error:
        load(given, **more)
    assert "\n" not in str(error.value)
    for word in words:
        assert word in str(error.value)
    assert not (given / "results").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["is empty"]),
        ("url,role\n", ["no addresses"]),
        ("address,role\nhttps://a.example/,suspect\n", ["no column 'url'", "address"]),
        ("url,role\nnot an address,suspect\n", ["line 2", "not an address"]),
        ("# a comment\nurl,role\nhttps://a.example/,suspect\njavascript:alert(1),suspect\n", ["line 4", "javascript"]),
        ("url,role\nhttps://a.example/,enemy\n", ["line 2", "enemy", "control"]),
    ],
)
def test_seeds_that_cannot_be_used(given: Path, text: str, words: list[str]) -> None:
    (given / "seeds.csv").write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as error:
        load(given)
    assert "\n" not in str(error.value)
    for word in ["seeds.csv", *words]:
        assert word in str(error.value)


def test_seeds_in_latin_1_are_refused_in_one_line(given: Path) -> None:
    (given / "seeds.csv").write_bytes("url,note\nhttps://a.example/,caf\xe9\n".encode("latin-1"))
    with pytest.raises(UserError, match="UTF-8"):
        load(given)


def test_seeds_keep_order_roles_and_one_row_per_address(given: Path) -> None:
    (given / "seeds.csv").write_text(
        "\ufeffurl,role,note,mine\n# skip\nhttps://B.example/a#top,,one,7\nhttps://b.example/a,control,two,8\n",
        encoding="utf-8",
    )
    found = config.seeds(load(given))
    assert found == [{"url": "https://b.example/a", "publisher": "b.example", "role": "suspect", "note": "one"}]


def test_rounds_come_from_the_evidence(given: Path) -> None:
    evidence = given / "results" / "x" / "evidence"
    for name in ("2026-01-01", "2026-02-01"):
        (evidence / name).mkdir(parents=True)
    (evidence / "2026-01-01" / "manifest.json").write_text("{}")
    assert config.snapshots(load(given)) == ["2026-01-01", "2026-02-01"]
    assert config.snapshots(load(given, snapshot="2026-03-01")) == ["2026-01-01", "2026-02-01", "2026-03-01"]
    assert config.snapshots(load(given, acquire={"live": False})) == ["2026-01-01"]


def test_no_evidence_and_not_live_is_told(given: Path) -> None:
    with pytest.raises(UserError, match=r"acquire\.live is false"):
        config.snapshots(load(given, acquire={"live": False}))


def test_a_stage_knows_only_its_part_of_the_configuration(given: Path) -> None:
    near, far = load(given), load(given, acquire={"proxy": "http://127.0.0.1:9", "pace": {"delay": 3}})
    assert config.settings(near, "read") == config.settings(far, "read")
    assert config.settings(near, "acquire") != config.settings(far, "acquire")


def test_settings_come_back_as_they_were(given: Path) -> None:
    made = load(given, trace={"share": 0.4})
    path = given / "trace.json"
    path.write_text(config.settings(made, "trace"), encoding="utf-8")
    back = config.from_settings(path)
    assert (back.trace, back.inputs) == (made.trace, made.inputs)


def test_an_investigation_can_bring_platforms_of_its_own(given: Path) -> None:
    (given / "platforms.yaml").write_text(
        "platforms:\n- id: own\n  name: own\n  pattern: '(?P<host>own\\.example)/(?P<account>[a-z]+)(?:/|$)'\n"
    )
    load(given, inputs={"seeds": "seeds.csv", "platforms": ["platforms.yaml"]})
    assert identity.publisher_of("https://own.example/me/1") == "own.example/me"
    load(given)
    assert identity.publisher_of("https://own.example/me/1") == "own.example"
