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
# # 05 Quotes and names
#
# Quotations that a person should check, spellings of names that their bearers do not use, and headline phrases that their own articles lack. Only the person quoted can say what was said.

# %% tags=["parameters"]
# The folder of a published version; empty: the one that WIRETRACE_VERSION names.
VERSION = ""

# %%
from wiretrace.narrate import view

version = view.open_version(VERSION)
quotes = version.table("quotes")
status = view.tally(quotes, "status")
view.say(
    f"{len(quotes):,} quotations were read. {sum(bool(q['check']) for q in quotes):,} of them should be checked with the speaker.",
    "By standing:", ", ".join(f"{name.replace('_', ' ')} {number:,}" for name, number in status.items()) + ".",
)

# %%
view.claims(version, "quote_denied", "quote_unconfirmed")

# %%
wanted = [row for row in quotes if row["check"] or row["status"] in ("denied_by_person", "contradicted")]
view.table(
    view.joined(wanted, version.articles, "article_id", ["publisher"]),
    ["publisher", "speaker", "person", "words", "status", "publishers", "other_speakers", "other_quotes", "reason", "verification"],
    "Quotations to check",
)

# %% [markdown]
# ## Names

# %%
view.claims(version, "name_misspelled")

# %%
view.table(
    [row for row in version.table("names") if row["status"] not in ("listed", "unlisted")],
    ["written", "person", "reading", "status", "publishers", "listed_by", "excerpt"],
    "Spellings that differ from the listed one",
)

# %% [markdown]
# ## Headline phrases that the article itself lacks

# %%
view.table(
    view.joined(version.table("headline_phrases"), version.articles, "article_id", ["publisher", "title"]),
    ["publisher", "title", "phrase", "missing"],
    "Headline phrases without a counterpart in the text",
)
