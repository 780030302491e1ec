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
# # 04 AI and origin indicators
#
# Words that a text generator left behind, and slips that point to another language. A detector's score is never used; a slip of language supports and never decides.

# %% tags=["parameters"]
# The folder of a published version; empty: the one that WIRETRACE_VERSION names.
VERSION = ""

# %%
from wiretrace.narrate import mastheads, view

version = view.open_version(VERSION)
found = version.table("ai_indicators")
counted = [row for row in found if row["counts"]]
view.say(
    f"{len(found):,} places matched a rule for traces of text generators; {len(counted):,} of them count.",
    "The others stand in quotations, in texts about such tools, in code, or are excused for another reason, which each row states.",
)

# %%
view.bars(view.tally(counted, "rule_id"), "Traces of text generators by rule", "places", "Counted places only.")

# %%
view.claims(version, "ai_residue")

# %%
order = {"conclusive": 0, "strong": 1, "weak": 2}
view.table(
    sorted(found, key=lambda r: (not r["counts"], order[r["strength"]], r["indicator_id"])),
    ["publisher", "rule_id", "strength", "place", "excerpt", "counts", "reason", "caveat"],
    "Places that matched, those that count first",
)

# %% [markdown]
# ## Each site in a few figures
#
# Shares with their 95 % intervals. They describe a site; they say nothing of one article.

# %%
view.table(
    [row for row in version.table("publisher_indicators") if row["numerator"]],
    ["publisher", "measure", "value", "low", "high", "numerator", "denominator", "statement"],
    "Sites by what was counted; measures that counted nothing are left out",
)

# %% [markdown]
# ## Slips of another language

# %%
slips = version.table("origin_indicators")
view.bars(
    view.tally([row for row in slips if row["counts"]], "points_to"),
    "What the slips point to", "places", "A slip says something of how a page was made and nothing of anybody's nationality.",
)

# %%
view.claims(version, "foreign_authorship")

# %% [markdown]
# ### On mastheads, in menus and dates

# %%
view.chrome(mastheads.mastheads(version, 6))

# %%
view.table(
    sorted(slips, key=lambda r: (not r["counts"], order[r["strength"]], r["indicator_id"])),
    ["publisher", "rule_id", "strength", "place", "excerpt", "points_to", "counts", "reason", "caveat"],
    "Slips, those that count first",
)
