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
# # 06 Changes
#
# What differs between the rounds of evidence, and why as far as the look-ups tell: the site changed, it could not be asked, or it was not asked.

# %% tags=["parameters"]
# The folder of a published version; empty: the one that WIRETRACE_VERSION names.
VERSION = ""

# %%
from wiretrace.narrate import alignment, view

version = view.open_version(VERSION)
changes = version.table("changes")
by_site = [row for row in changes if row["why"] == "site"]
articles = view.tally([row for row in by_site if row["subject"] == "article"], "change")
things = view.tally([row for row in by_site if row["subject"] == "observation"], "change")
view.say(
    f"{len(changes):,} differences were found between rounds; {len(by_site):,} of them are the other side's doing.",
    f"Articles: {articles.get('added', 0)} added, {articles.get('edited', 0)} edited, {articles.get('removed', 0)} removed.",
    f"Things seen on sites: {things.get('added', 0)} added, {things.get('edited', 0)} changed, {things.get('removed', 0)} gone.",
)

# %%
view.claims(version, "deleted", "edited")

# %%
view.table(by_site, ["publisher", "subject", "change", "statement", "from_snapshot", "to_snapshot"], "What the other side changed", 100)

# %% [markdown]
# ## Differences that say nothing of the sites
#
# Here a source was down, or was not asked again: nothing is known to have changed.

# %%
view.table(
    [row for row in changes if row["why"] != "site"],
    ["publisher", "subject", "change", "why", "statement", "from_snapshot", "to_snapshot"],
    "Not asked, or no answer",
)

# %% [markdown]
# ## Texts that changed

# %%
later = [row for row in version.table("article_versions") if row["sequence"] > 1]
view.table(
    view.joined(later, version.articles, "article_id", ["publisher", "address"]),
    ["publisher", "address", "sequence", "title", "first_seen", "kept", "added", "removed", "ended"],
    "Later versions of articles",
)

# %% [markdown]
# ### What stood there before, and what stands there now

# %%
view.table(
    view.joined(version.table("version_changes"), version.articles, "article_id", ["publisher", "title"]),
    ["publisher", "title", "part", "before", "after"],
    "Places that differ from the version before",
)

# %%
edited = sorted({row["version_id"] for row in version.table("version_changes")})[:4]
view.side_by_side([pair for pair in (alignment.align_versions(version, version_id) for version_id in edited) if pair])
