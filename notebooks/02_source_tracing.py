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
# # 02 Source tracing | 02 出所の追跡
#
# Which texts ran where, who ran them first as far as the clocks can tell, and which distributor they came from. A trace may end as "cannot tell".
#
# どの文章がどこに載り、時計から分かる限り誰が最初に載せ、どの配信業者から来たか。追跡は「判断できない」で終わることもある。

# %% tags=["parameters"]
# The folder of a published version; empty: the one that WIRETRACE_VERSION names.
VERSION = ""

# %%
from wiretrace.narrate import alignment, flows, timeline, view

version = view.open_version(VERSION)
verdicts = view.tally(version.rows("traces", "rank <= 1"), "verdict")
whole, found, probable, source, alone = (
    sum(verdicts.values()), *(verdicts.get(name, 0) for name in ("source_found", "probable", "is_source", "alone"))
)  # fmt: skip
open_ones = verdicts.get("tie", 0) + verdicts.get("cannot_tell", 0)
view.say(
    f"{whole:,} articles were traced. For {found:,} the source was found, for {probable:,} it is probable;"
    f" {open_ones:,} cannot be told, {source:,} are themselves the source, {alone:,} stand alone.",
    f"記事{whole:,}本の出所を追った。判明{found:,}本、おそらく判明{probable:,}本、判断できない{open_ones:,}本、"
    f"それ自身が出所{source:,}本、ほかに写しのないもの{alone:,}本。",
)

# %%
view.bars(
    verdicts,
    ("Verdicts of the traces", "追跡の判定"),
    ("articles", "本"),
    ("How the tracing of each article ended.", "各記事の追跡がどう終わったか。"),
)

# %% [markdown]
# ## Distributors | 配信業者

# %%
view.table(
    version.rows("distributors", order="traced DESC, distributor"),
    ["distributor", "name", "origin", "releases", "traced", "outlets", "median_delay_hours", "sells", "run_by", "not_claimed"],
    ("Distributors met; selling placement is not operating", "確認した配信業者（掲載の販売は運営ではない）"),
    of="distributors",
)

# %%
view.picture(
    lambda language: flows.flow_picture(version, language),
    ("Articles traced to each distributor or other source that a claim names, by who ran them.", "各配信業者や、主張に挙げたほかの出所に行き着いた記事と掲載先。"),
    ("No text could be traced to a distributor or another source that a claim names.", "配信業者や、主張に挙げたほかの出所に行き着いた文章はなかった。"),
)

# %%
view.claims(version, "distributed_by", "supplied_by", "may_distribute", "taken_from", "first_published", "sold_by")

# %% [markdown]
# ## The story of the report, in order of time | 報告の文章を時間順に

# %%
story = timeline.told_story(version)
view.picture(
    lambda language: timeline.timeline_picture(version, story, language) if story else None,
    timeline.headline(version, story) if story else ("", ""),
    ("No story has a time that could be drawn.", "時刻を描ける文章はなかった。"),
)

# %%
view.table(
    view.joined(timeline.story_members(version, story) if story else [], version.articles, "article_id", ["publisher", "title"]),
    ["position", "publisher", "title", "earliest", "latest", "clock", "clock_quality", "clock_note", "relation"],
    ("Members of the story in order of time", "この文章を載せた記事（時間順）"),
    of="story_members",
)

# %% [markdown]
# ## The text and its source, side by side | 文章と出所を並べて
#
# Across languages the numbered words answer each other; within one language the marked words stand in one text only.
#
# 言語が違うときは同じ番号の言葉が対応し、同じ言語では印の言葉が一方だけにある。

# %%
view.side_by_side(alignment.telling(version, story))

# %% [markdown]
# ## All stories | すべての文章

# %%
view.table(
    version.rows("stories", order="publishers DESC, story_id"),
    ["title", "articles", "publishers", "languages", "first_earliest", "first_latest", "release_like"],
    ("Stories, the most widely run first", "文章（掲載者の多い順）"),
    of="stories",
)

# %% [markdown]
# ## Publishers and the distributors that their releases come from | 掲載者と、リリースの配信元

# %%
view.table(
    version.table("publisher_distributors"),
    ["publisher", "distributor", "verdict", "releases", "traced", "elsewhere", "only_here"],
    ("One row for each publisher and distributor", "掲載者と配信業者の組ごとに一行"),
    of="publisher_distributors",
)

# %% [markdown]
# ## Lines that are no part of the texts | 文章に属さない行
#
# Lines that a publisher adds to its articles, or that stand in unrelated texts of several publishers. They are left out where texts are compared; the same line at several publishers is a trail of its own.
#
# 掲載者が記事に付け加える行、または複数の掲載者の無関係な文章にある行。文章の比較では除く。複数の掲載者に同じ行があることは、それ自体が手がかりになる。

# %%
view.table(
    version.rows("boilerplate", order="kind, publishers DESC, articles DESC, boilerplate_id"),
    ["kind", "text", "publisher", "publishers", "articles", "texts", "language"],
    ("Lines added to articles", "記事に付け加えられた行"),
    of="boilerplate",
)
