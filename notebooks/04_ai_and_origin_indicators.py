# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 04 AI and origin indicators | 04 AIと出自の指標
#
# Words that a text generator left behind, and slips that point to another language. A detector's score is never used; a slip of language supports and never decides.
#
# 生成ツールが残した言葉と、別の言語を示す誤り。検出器の点数は使わない。言語の誤りは補強にとどまり、決め手にはならない。

# %% tags=["parameters"]
# The folder of a published version; empty: the one that WIRETRACE_VERSION names.
VERSION = ""

# %%
from wiretrace.narrate import mastheads, view

version = view.open_version(VERSION)
found = version.table("ai_indicators")
counted = version.rows("ai_indicators", "counts")
view.say(
    f"{len(found):,} places matched a rule for traces of text generators; {len(counted):,} of them count."
    " The others stand in quotations, in texts about such tools, in code, or are excused for another reason, which each row states.",
    f"生成ツールの痕跡の規則に合う箇所は{len(found):,}、うち数えるのは{len(counted):,}。"
    "ほかは引用の中、その種のツールについての文章、コードの中にあるか、別の理由で除いた。理由は各行にある。",
)

# %%
view.bars(
    view.tally(counted, "rule_id"),
    ("Traces of text generators by rule", "規則別の生成ツールの痕跡"),
    ("places", "か所"),
    ("Counted places only.", "数えた箇所のみ。"),
)

# %%
view.claims(version, "ai_residue")

# %%
strongest_first = "counts DESC, CASE strength WHEN 'conclusive' THEN 0 WHEN 'strong' THEN 1 ELSE 2 END, indicator_id"
view.table(
    version.rows("ai_indicators", order=strongest_first),
    ["publisher", "rule_id", "strength", "place", "excerpt", "counts", "reason", "caveat"],
    ("Places that matched, those that count first", "規則に合った箇所（数えるものが先）"),
    of="ai_indicators",
)

# %% [markdown]
# ## Each site in a few figures | サイトごとの数値
#
# Shares with their 95 % intervals. They describe a site; they say nothing of one article.
#
# 割合と95％区間。サイトを描くもので、個々の記事については何も示さない。

# %%
view.table(
    version.rows("publisher_indicators", "numerator <> 0"),
    ["publisher", "measure", "value", "low", "high", "numerator", "denominator"],
    ("Sites by what was counted; measures that counted nothing are left out", "サイトごとに数えたもの（一つも数えなかった項目は省く）"),
    of="publisher_indicators",
)

# %% [markdown]
# ## Slips of another language | 他言語による誤り

# %%
view.bars(
    view.tally(version.rows("origin_indicators", "counts"), "points_to"),
    ("What the slips point to", "誤りが示すもの"),
    ("places", "か所"),
    (
        "A slip says something of how a page was made and nothing of anybody's nationality.",
        "誤りはページの作られ方を示すもので、国籍を示すものではない。",
    ),
)

# %%
view.claims(version, "foreign_authorship")

# %% [markdown]
# ### On mastheads, in menus and dates | 題字・メニュー・日付に

# %%
view.chrome(mastheads.mastheads(version, 6))

# %%
view.table(
    version.rows("origin_indicators", order=strongest_first),
    ["publisher", "rule_id", "strength", "place", "excerpt", "points_to", "counts", "reason", "caveat"],
    ("Slips, those that count first", "誤り（数えるものが先）"),
    of="origin_indicators",
)
