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
# # 00 Summary | 00 概要
#
# The question, what the evidence answers, how sure that is, and what could not be seen. Every sentence is a row of the table `claims`.
#
# 問い、証拠が与える答え、その確かさ、見えなかったもの。各文は表`claims`の一行である。

# %% tags=["parameters"]
# The folder of a published version; empty: the one that WIRETRACE_VERSION names.
VERSION = ""

# %%
from wiretrace.narrate import flows, network, timeline, view

version = view.open_version(VERSION)
question = version.run["question"]
view.say(f"Question: {question or 'none is stated.'}", f"問い：「{question}」" if question else "問いは書かれていない。")

# %%
sure = view.counted(view.tally(version.claims, "confidence"))
evidence, captures = len(version.table("claim_evidence")), len(version.table("captures"))
view.say(
    f"{len(version.claims)} sentences could be printed from this version: {sure[0]}."
    f" They rest on {evidence:,} rows of evidence and {captures:,} captures, the last of {version.until or 'no date'}.",
    f"この版から記事に書きうる文は{len(version.claims)}件：{sure[1]}。"
    f"根拠は証拠の行{evidence:,}件と保存データ{captures:,}件で、最後の保存は{version.until or '日時不明'}。",
)

# %% [markdown]
# ## The heaviest sentences | 最も重い文

# %%
view.heaviest(version, 10)

# %% [markdown]
# ## Which sites belong together | どのサイトが一つにまとまるか

# %%
view.picture(
    lambda language: network.network_picture(version, language),
    (
        "Sites tied by shared values; solid lines are conclusive or associative, dashed ones circumstantial.",
        "共通の値で結びつくサイト。実線は決定的または関連を示す証拠、破線は状況証拠。",
    ),
    ("No network was drawn; nothing ties two sites firmly enough.", "ネットワークは描いていない。二つのサイトを十分確かに結びつけるものがない。"),
)

# %% [markdown]
# ## Who ran the first story of the report when | 報告の最初の文章を誰がいつ載せたか

# %%
story = timeline.told_story(version)
view.picture(
    lambda language: timeline.timeline_picture(version, story, language) if story else None,
    timeline.headline(version, story) if story else ("", ""),
    ("No story has a time that could be drawn.", "時刻を描ける文章はなかった。"),
)

# %% [markdown]
# ## Where the texts went | 文章はどこへ流れたか

# %%
view.picture(
    lambda language: flows.flow_picture(version, language),
    (
        "Articles traced to each distributor or other source that a claim names, by who ran them; being supplied is not being run by it.",
        "各配信業者や、主張に挙げたほかの出所に行き着いた記事と掲載先。供給を受けることは、運営されることを意味しない。",
    ),
    ("No text could be traced to a distributor or another source that a claim names.", "配信業者や、主張に挙げたほかの出所に行き着いた文章はなかった。"),
)

# %% [markdown]
# ## What could not be seen | 見えなかったもの

# %%
view.claims(version, "coverage")
