"""A small cut of real texts and pages: no conclusive sign on what people wrote."""

import gzip
import json
import os
from pathlib import Path

import pytest

from wiretrace.indicate import scan
from wiretrace.indicate.passages import Passage, decode
from wiretrace.indicate.rules import load

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("WIRETRACE_REAL_DATA") or ROOT / "../shared/data")
EVERY = 60


@pytest.fixture
def data():
    if not (DATA / "ai").is_dir():
        pytest.skip("no real data")
    return DATA


def strong(text, language, places=("text",)):
    """Rules that make a counting, more than weak sign of AI use of a text."""
    rows = scan(load("ai_indicators"), Passage("example.test", places, text, language, "c-1", "a-1", "v-1", text))
    return [(r["rule_id"], r["strength"]) for r in rows if r["counts"] and r["strength"] != "weak"]


def test_human_documents(data):
    for path in sorted((data / "ai").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            for number, line in enumerate(stream):
                if number % EVERY == 0:
                    row = json.loads(line)
                    if row["label"].startswith("human"):
                        assert not strong(row["text"], row["lang"]), row["id"]


def test_pages(data):
    for gold in sorted((data / "read").glob("*/gold.jsonl")):
        for line in gold.read_text(encoding="utf-8").splitlines()[::EVERY]:
            row = json.loads(line)
            with gzip.open(gold.parent / row["file"]) as stream:
                markup = decode(stream.read(), "")
            assert not strong(markup, "xx", ("link", "markup", "metadata")), row["id"]


def test_mentions_and_texts_about_chatbots(data):
    for line in (data / "ai/realworld_leftovers.jsonl").read_text(encoding="utf-8").strip("\n").split("\n"):
        row = json.loads(line)
        if row["label"] == "mention":
            assert not strong(row["text"], row["lang"]), row["id"]
    for line in (data / "ai/hardneg_about_ai.jsonl").read_text(encoding="utf-8").strip("\n").split("\n"):
        row = json.loads(line)
        assert not [s for s in strong(row["text"], "") if not s[0].startswith("declared")], row["path"]
