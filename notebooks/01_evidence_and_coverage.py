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
# # 01 Evidence and coverage
#
# What was looked at, by which route, and what could not be looked at. A question without an answer is never a "no".

# %% tags=["parameters"]
# The folder of a published version; empty: the one that WIRETRACE_VERSION names.
VERSION = ""

# %%
from wiretrace.narrate import view

version = view.open_version(VERSION)
captures, lookups = version.table("captures"), version.table("lookups")
rounds = view.tally(captures, "snapshot")
view.say(
    f"{len(captures):,} exchanges are archived in {len(rounds)} rounds:",
    "; ".join(f"{label}: {number:,}" for label, number in rounds.items()) + ".",
)

# %%
view.bars(view.tally(captures, "purpose"), "Captures by purpose", "captures", "What each archived exchange was asked for.")

# %% [markdown]
# ## How the questions ended

# %%
ends = view.tally(lookups, "outcome")
view.say(
    f"{len(lookups):,} questions were asked of the outside or deliberately not asked.",
    f"{view.share(ends.get('found', 0), len(lookups))} got an answer that says something;",
    f"{ends.get('absent', 0):,} were answered with \"there is none\";",
    f"{ends.get('could_not_look', 0):,} got no usable answer; {ends.get('not_looked', 0):,} were not asked.",
)

# %%
blank = [row for row in lookups if row["outcome"] in ("could_not_look", "not_looked")]
view.bars(view.tally(blank, "reason"), "Why there is no answer", "questions", "Reasons for questions without an answer.")

# %%
view.claims(version, "coverage")

# %% [markdown]
# ## Publishers, by how much of them was read

# %%
publishers = sorted(version.table("publishers"), key=lambda p: (-p["articles"], p["publisher"]))
view.table(
    publishers,
    ["publisher", "role", "name", "languages", "pages", "articles", "first_capture", "last_capture"],
    "Publishers, the most articles first",
)

# %%
unread = [p for p in publishers if not p["articles"] and p["role"] != "unlisted"]
view.table(unread, ["publisher", "role", "pages", "note"], "Publishers of the seeds of which no article could be read")

# %% [markdown]
# ## Pages that were refused or could not be read

# %%
refused = [page for page in version.table("pages") if page["refused"] or page["kind"] == "unreadable"]
view.table(refused, ["publisher", "address", "kind", "refused"], "Pages not read, with the reason")
