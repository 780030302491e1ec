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
# # 01 Evidence and coverage | 01 証拠と範囲
#
# What was looked at, by which route, and what could not be looked at. A question without an answer is never a "no".
#
# 何をどの経路で調べ、何を調べられなかったか。答えのない照会は「ない」を意味しない。

# %% tags=["parameters"]
# The folder of a published version; empty: the one that WIRETRACE_VERSION names.
VERSION = ""

# %%
from wiretrace.narrate import view

version = view.open_version(VERSION)
captures, lookups = version.table("captures"), version.table("lookups")
rounds = view.tally(captures, "snapshot")
each = "; ".join(f"{label}: {number:,}" for label, number in rounds.items())
view.say(
    f"{len(captures):,} exchanges are archived in {len(rounds)} rounds: {each}.",
    f"{len(rounds)}回の収集で、やりとり{len(captures):,}件を保存した（{each}）。",
)

# %%
view.bars(
    view.tally(captures, "purpose"),
    ("Captures by purpose", "目的別の保存データ"),
    ("captures", "件"),
    ("What each archived exchange was asked for.", "保存した各やりとりで何を求めたか。"),
)

# %% [markdown]
# ## How the questions ended | 照会の結果

# %%
ends = view.tally(lookups, "outcome")
found = view.share(ends.get("found", 0), len(lookups))
absent, blocked, unasked = (ends.get(name, 0) for name in ("absent", "could_not_look", "not_looked"))
view.say(
    f"{len(lookups):,} questions were asked of the outside or deliberately not asked."
    f" {found[0]} got an answer that says something; {absent:,} were answered with \"there is none\";"
    f" {blocked:,} got no usable answer; {unasked:,} were not asked.",
    f"外部への照会、またはあえて行わなかった照会は{len(lookups):,}件。内容のある答えは{found[1]}、"
    f"「ない」という答えは{absent:,}件、使える答えのないもの{blocked:,}件、照会しなかったもの{unasked:,}件。",
)

# %%
blank = version.rows("lookups", "outcome IN ('could_not_look', 'not_looked')")
view.bars(
    view.tally(blank, "reason"),
    ("Why there is no answer", "答えのない理由"),
    ("questions", "件"),
    ("Reasons for questions without an answer.", "答えのない照会の理由。"),
)

# %%
view.claims(version, "coverage")

# %% [markdown]
# ## Publishers, by how much of them was read | 掲載者と、読んだ量

# %%
most_first = "articles DESC, publisher"
view.table(
    version.rows("publishers", order=most_first),
    ["publisher", "role", "name", "languages", "pages", "articles", "first_capture", "last_capture"],
    ("Publishers, the most articles first", "掲載者（記事の多い順）"),
    of="publishers",
)

# %%
view.table(
    version.rows("publishers", "articles = 0 AND role <> 'unlisted'", order=most_first),
    ["publisher", "role", "pages", "note"],
    ("Publishers of the seeds of which no article could be read", "シードの掲載者のうち、記事を一本も読めなかったもの"),
    of="publishers",
)

# %% [markdown]
# ## Pages that were refused or could not be read | 読まなかった、または読めなかったページ

# %%
view.table(
    version.rows("pages", "refused <> '' OR kind = 'unreadable'"),
    ["publisher", "address", "kind", "refused"],
    ("Pages not read, with the reason", "読まなかったページとその理由"),
    of="pages",
)
