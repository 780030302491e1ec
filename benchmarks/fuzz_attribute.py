"""Feed damaged values of every kind to what compares them: ``python benchmarks/fuzz_attribute.py [INPUTS [SEED]]``.

Each input is one value of one kind, made of pieces of real forms, of arbitrary characters, or of one piece repeated up
to 20,000 characters. Wrong is what raises, what takes more than a second of CPU, what has another form with space
around it, and a background entry without a reason. tests/attribute/test_fuzz.py tries the same by hypothesis, which
takes a hundred times as long for each input. WHOIS, certificates and ads.txt are read before: benchmarks/fuzz_read.py.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections import Counter

from wiretrace.attribute.compare import FORMS
from wiretrace.attribute.derive import block, patterns
from wiretrace.attribute.kinds import background, kinds
from wiretrace.attribute.own import owner_of

PIECES = (
    "LLC", "Co., Ltd.", "株式会社", "ICP证", "12345678", "号-2", "ns1.", ".example", "@", "-news", "::",
    "192.0.2.", "/24", "ﬁ", "İ", "\u202e", "\x00", " ", "\n", "|", " | ", "a", "(", "+", "2024-02-30", "0000-00-00",
    "privacy", "redacted",
    "UA-1-1", "G-XXXX", "*.", "sha256:", "é", "\U0001f600", "\ud800", "ffff:", "%", "obshchestvo s ogranichennoi ",
)  # fmt: skip
LONGEST = 20_000
SLOW = 1.0  # seconds of CPU that no value may take


def made(chance: random.Random) -> str:
    """One value."""
    way = chance.random()
    if way < 0.02:
        piece = chance.choice(PIECES)
        return piece * (LONGEST // len(piece))
    if way < 0.3:
        return "".join(chr(chance.randrange(chance.choice((128, 0x3000)))) for _ in range(chance.randrange(30)))
    return "".join(chance.choices(PIECES, k=chance.randrange(12)))


def tried(kind: str, text: str) -> str:
    """What is wrong with one value; '' of none."""
    form = FORMS[kinds()[kind].compare]
    key = form(text)
    if key != form(f" {text}\n"):
        return "another form with space around it"
    common = background().of(kind, key)
    if common and not (common.reason and (common.share is None or 0 < common.share < 1)):
        return "an entry of the background without reason or share"
    if block(text) and not block(text).endswith("/22"):
        return "no block"
    if not all("*" in pattern for pattern in patterns(text)):
        return "no pattern"
    owner_of(text, {"a.example": 1})
    return ""


def main(inputs: int, seed: int) -> None:
    """Try ``inputs`` values and say what came of it."""
    chance, names = random.Random(seed), sorted(kinds())  # noqa: S311
    wrong: Counter[str] = Counter()
    slowest = 0.0
    for _ in range(inputs):
        kind, text = chance.choice(names), made(chance)
        begun = time.process_time()
        try:
            found = tried(kind, text)
        except Exception as error:  # whatever it is, it is what is looked for
            found = f"{type(error).__name__}: {error}"[:80]
        spent = time.process_time() - begun
        slowest = max(slowest, spent)
        for each in (found, "slow" if spent > SLOW else ""):
            if each:
                wrong[f"{kind}: {each}"] += 1
                if wrong[f"{kind}: {each}"] == 1:
                    print(f"{kind}: {each}: {text[:80]!r}", flush=True)
    used = resource.getrusage(resource.RUSAGE_SELF)
    told = f"{sum(wrong.values())}" if wrong else "none"
    print(f"{inputs:,} values in {used.ru_utime:.0f} s of CPU, slowest {slowest:.3f} s, wrong: {told}")


if __name__ == "__main__":
    main(*(int(text) for text in [*sys.argv[1:3], *("1000000", "1")[len(sys.argv[1:3]) :]]))
