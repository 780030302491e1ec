"""WHOIS answers: our parser beside asyncwhois on real answers with fields that other people's parsers stated.

    python benchmarks/whois.py --data ../shared/data/attrib

The answers are split by the hash of their id; labels and forms were looked at on the first half only. Days may differ
by one (the oracles turn times to other zones), name servers are compared as sets, of a registrant its name or
organisation must be one that the oracle states and none may be foreign to it, and the text of the answer is what is
compared, before a redaction is taken for one. `current` are answers that state a day from 2018 on. Rates are over
fields that the oracle has. The peer runs in the same process; CPU seconds of both are given as a ratio.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from wiretrace.read.whois import parse, read_text, registered

FIELDS = ("created", "expires", "updated", "name_servers", "registrar", "registrant", "registrant_email")
Case = Mapping[str, Any]
Found = dict[str, list[str]]


def cases(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def ours(case: Case) -> Found:
    """Fields by our parser, from the bytes that the server would have sent."""
    fields = parse(read_text(_sent(case), case["domain"]), case["domain"])
    got = {name: [one.value for one in found] for name, found in fields.values.items()} | fields.days
    return {
        "created": got.get("created", [])[:1],
        "expires": got.get("expires", [])[:1],
        "updated": got.get("updated", [])[:1],
        "name_servers": got.get("ns", []),
        "registrar": got.get("registrar", []),
        "registrant": got.get("registrant_name", []) + got.get("registrant_org", []),
        "registrant_email": got.get("registrant_email", []),
    }


def _sent(case: Case) -> bytes:
    """The answer as bytes: JPRS writes ISO-2022-JP where the case was given in it."""
    return str(case["text"]).encode("utf-8", "surrogateescape")


def asyncwhois(case: Case) -> Found:
    from asyncwhois.parse_tld import DomainParser

    zone = case["domain"].rpartition(".")[2]
    record = {str(k): v for k, v in DomainParser().parse(case["text"], zone).items()}

    def of(*names: str) -> list[str]:
        values = [
            v for name in names for v in (record[name] if isinstance(record.get(name), list) else [record.get(name)])
        ]
        return [v.strftime("%Y-%m-%d") if hasattr(v, "strftime") else str(v) for v in values if v]

    return {
        "created": of("created")[:1],
        "expires": of("expires")[:1],
        "updated": of("updated")[:1],
        "name_servers": of("name_servers"),
        "registrar": of("registrar"),
        "registrant": of("registrant_name", "registrant_organization"),
        "registrant_email": of("registrant_email"),
    }


def right(field: str, expected: Any, got: list[str]) -> bool:
    if field in ("created", "expires", "updated"):
        try:
            days = [datetime.date.fromisoformat(day[:10]) for day in (expected, *got)]
        except ValueError:
            return False
        return len(days) == 2 and abs((days[0] - days[1]).days) <= 1
    if field == "name_servers":
        return {_host(v) for v in expected} == {_host(v) for v in got} - {""}
    wanted, stated = {_plain(v) for v in expected} - {""}, {_plain(v) for v in got} - {""}
    if field == "registrant":
        return bool(wanted & stated) and (stated <= wanted or len(stated) == 1 or len(wanted) == 1)
    return bool(wanted & stated)


def _host(value: str) -> str:
    return value.split()[0].lower().strip(".") if value.split() else ""


def _plain(value: str) -> str:
    value = value.casefold()
    return re.sub(r"[\W_]+", "", re.sub(r"\s*[\[(][^\])]*[\])]\s*$", "", value)) or re.sub(r"[\W_]+", "", value)


def _set(case: Case) -> str:
    return "seen" if int(hashlib.sha256(str(case["id"]).encode()).hexdigest(), 16) % 2 == 0 else "unseen"


def current(case: Case) -> bool:
    days = [str(case["expected"].get(name) or "") for name in ("created", "expires", "updated")]
    return any(day[:4] >= "2018" for day in days)


def rates(parser: Callable[[Case], Found], found: list[dict[str, Any]], show: bool = False) -> dict[str, Counter[str]]:
    """[right, all] by set of cases."""
    score: dict[str, Counter[str]] = defaultdict(Counter)
    for case in found:
        try:
            got = parser(case)
        except Exception as error:
            got = {}
            score["errors"][type(error).__name__] += 1
        native = str(case["src"]).startswith("native")
        names = ["all", _set(case), f"field {_set(case)}", f"tld .{case['tld']}"]
        names += ["current", f"current {_set(case)}"] if current(case) else []
        names += [f"native .{case['tld']} {case['src']}"] if native else []
        for field in FIELDS:
            expected = case["expected"].get(field)
            if not expected:
                continue
            good = right(field, expected, got.get(field, []))
            for name in names:
                key = field if name.startswith("field") else ""
                score[f"{name} {key}".strip()][str(good)] += 1
            if show and not good and _set(case) == "seen":
                print(f"  {case['id']} {field}: expected {expected!r}, got {got.get(field)!r}")
    return score


def _rate(counts: Counter[str]) -> str:
    total = counts["True"] + counts["False"]
    return f"{counts['True'] / total:.3f} of {total}" if total else "-"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", default="../shared/data/attrib", type=Path)
    options.add_argument("--show", action="store_true", help="wrong fields of the seen half")
    chosen = options.parse_args()
    known = list(cases(chosen.data / "whois"))
    found = [case for case in known if case["kind"] == "found"]
    spent: dict[str, float] = {}
    scores = {}
    for name, parser in (("wiretrace", ours), ("asyncwhois", asyncwhois)):
        parser(found[0])
        before = time.process_time()
        scores[name] = rates(parser, found, chosen.show and name == "wiretrace")
        spent[name] = time.process_time() - before
    print(f"{'fields right':<38}{'wiretrace':>16}{'asyncwhois':>16}")
    wanted = [n for n in sorted(scores["wiretrace"]) if not n.startswith(("tld", "errors"))]
    for name in wanted:
        print(f"{name:<38}{_rate(scores['wiretrace'][name]):>16}{_rate(scores['asyncwhois'][name]):>16}")
    zones = {n: c for n, c in scores["wiretrace"].items() if n.startswith("tld") and c["False"]}
    print("zones with an error:", ", ".join(f"{n[4:]} {_rate(zones[n])}" for n in sorted(zones)) or "none")
    print("errors raised:", dict(scores["wiretrace"]["errors"]), "asyncwhois:", dict(scores["asyncwhois"]["errors"]))
    states: Counter[tuple[str, str, str]] = Counter()
    for case in known:
        said = registered(str(case["text"]))
        states[_set(case), case["kind"], {True: "registered", False: "absent", None: "cannot tell"}[said]] += 1
        if chosen.show and said is not (case["kind"] == "found") and _set(case) == "seen":
            print("  state:", case["id"], said, repr(case["text"][:300]))
    for (half, kind, said), count in sorted(states.items()):
        print(f"{half:<7} {kind:<9} said {said:<12} {count}")
    each = spent["wiretrace"] / len(found) * 1000
    print(f"CPU: {spent['wiretrace'] / spent['asyncwhois']:.2f} of asyncwhois' ({each:.1f} ms an answer)")


if __name__ == "__main__":
    main()
