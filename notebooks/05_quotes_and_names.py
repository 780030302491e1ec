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
# Quotations that a person should check, spellings of names that their bearers do not use, headline phrases that their own articles lack, and accounts that post together. Only the person quoted can say what was said.

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

# %% [markdown]
# ## Posts
#
# Accounts that posted the same addresses or texts together more often than chance allows. Co-posting says nothing of who is behind an account: friends, readers of one feed and a planned campaign all co-post.

# %%
posts, groups, crossings = version.table("posts"), version.table("post_groups"), version.table("post_crossings")
view.say(
    f"{len(posts):,} posts of {len(version.table('post_accounts')):,} accounts were given." if posts else "No posts were given (inputs.posts).",
    f"{len(version.table('post_pairs')):,} pairs of accounts co-post; they make {len(groups):,} groups of three or more.",
    f"{len(crossings):,} addresses or texts cross from one group to another.",
    *(
        f"{burst['accounts']} accounts were created from {burst['first_day']} to {burst['last_day']}, where the days around let expect {burst['expected']:.1f}; {burst['in_groups']} of them are in a group."
        for burst in version.table("account_bursts")[:3]
    ),
)

# %%
view.table(
    sorted(groups, key=lambda row: (-row["accounts"], row["group_id"])),
    ["group_id", "accounts", "pairs", "addresses", "texts", "publishers", "first_at", "last_at"],
    "Groups of accounts that co-post",
)

# %%
view.table(
    sorted(version.table("post_pairs"), key=lambda row: (row["chance_log10"], row["pair_id"])),
    ["account_a", "account_b", "kind", "items", "expected", "occasions", "median_seconds", "chance_log10"],
    "Pairs of accounts that co-post, the least likely by chance first",
)

# %%
view.table(
    view.joined(version.table("post_pair_items"), version.articles, "article_id", ["publisher", "title"]),
    ["pair_id", "item", "publisher", "title", "seconds"],
    "What the pairs posted, and how far apart",
)

# %%
view.table(
    sorted(crossings, key=lambda row: row["first_at"]),
    ["item", "from_group", "first_at", "to_group", "then_at", "accounts_from", "accounts_to"],
    "What crosses between groups",
)
