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
# # 06 Changes | 06 変化
#
# What differs between the rounds of evidence, and why as far as the look-ups tell: the site changed, it could not be asked, or it was not asked.
#
# 収集回の間の違いと、照会から分かる限りの理由。相手が変えたか、照会できなかったか、照会しなかったか。

# %% tags=["parameters"]
# The folder of a published version; empty: the one that WIRETRACE_VERSION names.
VERSION = ""

# %%
from wiretrace.narrate import alignment, view

version = view.open_version(VERSION)
changes = version.table("changes")
by_site = version.rows("changes", "why = 'site'")
articles = view.tally(version.rows("changes", "why = 'site' AND subject = 'article'"), "change")
things = view.tally(version.rows("changes", "why = 'site' AND subject = 'observation'"), "change")
view.say(
    f"{len(changes):,} differences were found between rounds; {len(by_site):,} of them are the other side's doing."
    f" Articles: {articles.get('added', 0)} added, {articles.get('edited', 0)} edited, {articles.get('removed', 0)} removed."
    f" Things seen on sites: {things.get('added', 0)} added, {things.get('edited', 0)} changed, {things.get('removed', 0)} gone.",
    f"収集回の間の違いは{len(changes):,}件、うち相手側によるものは{len(by_site):,}件。"
    f"記事：追加{articles.get('added', 0)}、編集{articles.get('edited', 0)}、削除{articles.get('removed', 0)}。"
    f"サイトで確認した事柄：追加{things.get('added', 0)}、変更{things.get('edited', 0)}、消失{things.get('removed', 0)}。",
)

# %%
view.claims(version, "deleted", "edited")

# %%
view.table(
    view.observed(version, by_site),
    {"publisher": None, "subject": None, "kind": ("kind", "種類"), "change": None, "before": None, "after": None, "to_snapshot": None},
    ("What the other side changed", "相手側が変えたもの"),
    100,
    of="changes",
)

# %% [markdown]
# ## Differences that say nothing of the sites | サイトについて何も示さない違い
#
# Here a source was down, or was not asked again: nothing is known to have changed.
#
# 照会先が応じなかったか、再び照会しなかったもので、変わったとは分からない。

# %%
view.table(
    view.observed(version, version.rows("changes", "why <> 'site'")),
    {"publisher": None, "subject": None, "kind": ("kind", "種類"), "change": None, "why": None, "before": None, "after": None},
    ("Not asked, or no answer", "照会しなかった、または答えがなかったもの"),
    of="changes",
)

# %% [markdown]
# ## Texts that changed | 変わった文章

# %%
later = version.rows("article_versions", "sequence > 1")
view.table(
    view.joined(later, version.articles, "article_id", ["publisher", "address"]),
    ["publisher", "address", "sequence", "title", "first_seen", "kept", "added", "removed", "ended"],
    ("Later versions of articles", "記事の後の版"),
    of="article_versions",
)

# %% [markdown]
# ### What stood there before, and what stands there now | 前にあった言葉と、今ある言葉

# %%
view.table(
    view.joined(version.table("version_changes"), version.articles, "article_id", ["publisher", "title"]),
    ["publisher", "title", "part", "before", "after"],
    ("Places that differ from the version before", "前の版と異なる箇所"),
    of="version_changes",
)

# %%
edited = version.query("SELECT DISTINCT version_id FROM version_changes ORDER BY version_id").head(4)
view.side_by_side([pair for pair in (alignment.align_versions(version, row["version_id"]) for row in edited) if pair])
