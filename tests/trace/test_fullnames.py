"""Short names of speakers stand for the whole name that the same text holds, and for nobody where two would fit."""

from __future__ import annotations

import pytest

from wiretrace.trace.fullnames import whole_names
from wiretrace.trace.names import titled
from wiretrace.trace.quotes import quotes


@pytest.mark.parametrize(
    ("language", "text", "whole"),
    [
        (
            "ja",
            "東西大学の三枝正樹教授に聞いた。\n「建物の復元は出発点にすぎない」と三枝教授は語る。\n"
            "教授は講座で続けてきた。「史料は主張のために使うものではない」とも強調した。",
            {"三枝": "三枝正樹", "教授": "三枝正樹"},
        ),
        ("ja", "三枝正樹教授と三枝恵子さんが出席した。「出発点にすぎない」と三枝さんは語る。", {}),
        ("ja", "三枝正樹教授と浜岡恵子教授が出席した。「出発点にすぎない」と教授は語る。", {}),
        ("ja", "沖田ホールディングスの沖田社長は「今期は順調だ」と述べた。", {}),
        ("zh", "滨海大学教授王志远说：“谢谢大家。”王教授表示：“这条路我们会一直走下去。”", {"王": "王志远"}),
        ("zh", "王志远教授和王小明教授在场。王教授表示：“这条路我们会一直走下去。”", {}),
        ("ko", '서해대 김도윤 교수는 "다시 보자"고 했다. 김 교수는 "우물은 안전하지 않다"고 말했다.', {"김": "김도윤"}),
        (
            "en",
            'Jane Roe, a professor, has studied wells.\n"The water is not safe to drink," Roe said. '
            'Later Ms. Roe added: "We told them so in March."',
            {"Roe": "Jane Roe"},
        ),
        ("en", 'Bill Clay and Ann Clay arrived. "We are glad to be here again," Clay said.', {}),
        ("en", 'But President Roe was silent. "We are glad to be here again," Roe said on Monday.', {}),
    ],
)
def test_whom_a_short_name_stands_for(language: str, text: str, whole: dict[str, str]) -> None:
    places = titled(text, language) if language in ("ja", "zh") else []
    assert whole_names(text, quotes(text, language), places, language) == whole
