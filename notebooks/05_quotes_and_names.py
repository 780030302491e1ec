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
# # 05 Quotes and names | 05 引用と人名
#
# Quotations that a person should check, spellings of names that their bearers do not use, headline phrases that their own articles lack, and accounts that post together. Only the person quoted can say what was said.
#
# 人が確かめるべき引用、本人が使わない人名の表記、本文にない見出しの句、ともに投稿するアカウント。何を言ったかは本人にしか分からない。

# %% tags=["parameters"]
# The folder of a published version; empty: the one that WIRETRACE_VERSION names.
VERSION = ""

# %%
from wiretrace.narrate import view

version = view.open_version(VERSION)
quotes = version.table("quotes")
status, to_check = view.counted(view.tally(quotes, "status")), len(version.rows("quotes", "[check]"))
view.say(
    f"{len(quotes):,} quotations were read. {to_check:,} of them should be checked with the speaker."
    + (f" By standing: {status[0]}." if quotes else ""),
    f"引用{len(quotes):,}件を読んだ。うち{to_check:,}件は話し手に確かめるべきもの。" + (f"内訳：{status[1]}。" if quotes else ""),
)

# %%
view.claims(version, "quote_denied", "quote_unconfirmed")

# %%
wanted = version.rows("quotes", "[check] OR status IN ('denied_by_person', 'contradicted')")
view.table(
    view.joined(wanted, version.articles, "article_id", ["publisher"]),
    ["publisher", "speaker", "person", "words", "status", "publishers", "other_speakers", "other_quotes", "reason", "verification"],
    ("Quotations to check", "確かめるべき引用"),
    of="quotes",
)

# %% [markdown]
# ## Names | 人名

# %%
view.claims(version, "name_misspelled")

# %%
view.table(
    version.rows("names", "status NOT IN ('listed', 'unlisted')"),
    ["written", "person", "reading", "status", "publishers", "listed_by", "excerpt"],
    ("Spellings that differ from the listed one", "一覧と異なる表記"),
    of="names",
)

# %% [markdown]
# ## Headline phrases that the article itself lacks | 本文にない見出しの句

# %%
view.table(
    view.joined(version.table("headline_phrases"), version.articles, "article_id", ["publisher", "title"]),
    ["publisher", "title", "phrase", "missing"],
    ("Headline phrases without a counterpart in the text", "本文に対応するもののない見出しの句"),
    of="headline_phrases",
)

# %% [markdown]
# ## Posts | 投稿
#
# Accounts that posted the same addresses or texts together more often than chance allows. Co-posting says nothing of who is behind an account: friends, readers of one feed and a planned campaign all co-post.
#
# 同じアドレスや文章を、偶然より頻繁に、近い時刻に投稿したアカウント。背後に誰がいるかは示さない。友人同士でも、同じフィードの読者でも、計画された運動でも同じことが起こる。

# %%
posts, groups, crossings = version.table("posts"), version.table("post_groups"), version.table("post_crossings")
accounts, pairs = len(version.table("post_accounts")), len(version.table("post_pairs"))
given = (
    (f"{len(posts):,} posts of {accounts:,} accounts were given.", f"渡された投稿は{accounts:,}アカウントの{len(posts):,}件。")
    if posts
    else ("No posts were given (inputs.posts).", "投稿は渡されていない（inputs.posts）。")
)
view.say(
    f"{given[0]} {pairs:,} pairs of accounts co-post; they make {len(groups):,} groups of three or more."
    f" {len(crossings):,} addresses or texts cross from one group to another.",
    f"{given[1]}ともに投稿する組は{pairs:,}、三つ以上のアカウントからなる群は{len(groups):,}。"
    f"群から群へ渡ったアドレスや文章は{len(crossings):,}件。",
)

# %%
view.claims(version, "posted_together")

# %%
view.table(
    version.table("account_bursts"),
    ["first_day", "last_day", "accounts", "expected", "in_groups"],
    ("Days on which more accounts were created than the days around let expect", "前後の日から期待されるより多くのアカウントが作られた期間"),
    of="account_bursts",
)

# %%
view.table(
    version.rows("post_groups", order="accounts DESC, group_id"),
    ["group_id", "accounts", "pairs", "addresses", "texts", "publishers", "first_at", "last_at"],
    ("Groups of accounts that co-post", "ともに投稿するアカウントの群"),
    of="post_groups",
)

# %%
view.table(
    version.rows("post_pairs", order="chance_log10, pair_id"),
    ["account_a", "account_b", "kind", "items", "expected", "occasions", "median_seconds", "chance_log10"],
    ("Pairs of accounts that co-post, the least likely by chance first", "ともに投稿するアカウントの組（偶然の確率が低い順）"),
    of="post_pairs",
)

# %%
view.table(
    view.joined(version.table("post_pair_items"), version.articles, "article_id", ["publisher", "title"]),
    ["pair_id", "item", "publisher", "title", "seconds"],
    ("What the pairs posted, and how far apart", "組が投稿したものと、その間隔"),
    of="post_pair_items",
)

# %%
view.table(
    version.rows("post_crossings", order="first_at, place"),
    ["item", "from_group", "first_at", "to_group", "then_at", "accounts_from", "accounts_to"],
    ("What crosses between groups", "群から群へ渡ったもの"),
    of="post_crossings",
)
