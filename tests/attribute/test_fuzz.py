"""Whatever the world writes into a value, comparing it neither fails nor changes what it is."""

from __future__ import annotations

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from wiretrace.attribute.compare import FORMS
from wiretrace.attribute.derive import block, patterns
from wiretrace.attribute.kinds import background, kinds

# WIRETRACE_FUZZ=1000 tries a thousand times as many inputs (see docs/methods-attribution.md).
MORE = int(os.environ.get("WIRETRACE_FUZZ", "1"))
PIECES = (
    "LLC",
    "Co., Ltd.",
    "ICP\u8bc1",
    "12345678",
    "\u53f7-2",
    "ns1.",
    ".example",
    "@",
    "-news",
    "::",
    "192.0.2.",
    "/24",
    "\ufb01",
    "\u0130",
)
TEXT = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))


@settings(max_examples=1000 * MORE)
@given(st.sampled_from(sorted(kinds())), TEXT)
def test_any_value_has_a_form_and_the_background_can_be_asked(kind, text):
    form = FORMS[kinds()[kind].compare](text)
    assert form == FORMS[kinds()[kind].compare](f" {text}\n")
    common = background().of(kind, form)
    assert common is None or (common.reason and (common.share is None or 0 < common.share < 1))
    assert block(text) == "" or block(text).endswith("/22")
    assert all("*" in pattern for pattern in patterns(text))
