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
# # 02 Source tracing
#
# Which texts ran where, who ran them first as far as the clocks can tell, and which distributor they came from. A trace may end as "cannot tell".

# %% tags=["parameters"]
# The folder of a published version; empty: the one that WIRETRACE_VERSION names.
VERSION = ""

# %%
from wiretrace.narrate import alignment, flows, timeline, view

version = view.open_version(VERSION)
traces = [row for row in version.table("traces") if row["rank"] <= 1]
verdicts = view.tally({row["article_id"]: row for row in traces}.values(), "verdict")
view.say(
    f"{sum(verdicts.values()):,} articles were traced.",
    f"For {verdicts.get('source_found', 0):,} the source was found, for {verdicts.get('probable', 0):,} it is probable;",
    f"{verdicts.get('tie', 0) + verdicts.get('cannot_tell', 0):,} cannot be told,",
    f"{verdicts.get('is_source', 0):,} are themselves the source, {verdicts.get('alone', 0):,} stand alone.",
)

# %%
view.bars(verdicts, "Verdicts of the traces", "articles", "How the tracing of each article ended.")

# %% [markdown]
# ## Distributors

# %%
view.table(
    sorted(version.table("distributors"), key=lambda d: (-d["traced"], d["distributor"])),
    ["distributor", "name", "origin", "releases", "traced", "outlets", "median_delay_hours", "sells", "run_by", "not_claimed"],
    "Distributors met; selling placement is not operating",
)

# %%
view.picture(
    flows.flow_picture(version),
    "Articles traced to each distributor, by who ran them.",
    "No text could be traced to a distributor.",
)

# %%
view.claims(version, "distributed_by", "supplied_by", "first_published", "sold_by")

# %% [markdown]
# ## The story of the report, in order of time

# %%
story = timeline.told_story(version)
view.picture(
    timeline.timeline_picture(version, story) if story else None,
    story["title"] if story else "",
    "No story has a time that could be drawn.",
)

# %%
view.table(
    view.joined(timeline.story_members(version, story) if story else [], version.articles, "article_id", ["publisher", "title"]),
    ["position", "publisher", "title", "earliest", "latest", "clock", "clock_quality", "clock_note", "relation"],
    "Members of the story in order of time",
)

# %% [markdown]
# ## The text and its source, side by side
#
# Across languages the numbered words answer each other; within one language the marked words stand in one text only.

# %%
view.side_by_side(alignment.telling(version, story))

# %% [markdown]
# ## All stories

# %%
view.table(
    sorted(version.table("stories"), key=lambda s: (-s["publishers"], s["story_id"])),
    ["title", "articles", "publishers", "languages", "first_earliest", "first_latest", "release_like"],
    "Stories, the most widely run first",
)

# %% [markdown]
# ## Publishers and the distributors that their releases come from

# %%
view.table(
    version.table("publisher_distributors"),
    ["publisher", "distributor", "verdict", "releases", "traced", "elsewhere", "only_here"],
    "One row for each publisher and distributor",
)

# %% [markdown]
# ## Lines that are no part of the texts
#
# Lines that a publisher adds to its articles, or that stand in unrelated texts of several publishers. They are left out where texts are compared; the same line at several publishers is a trail of its own.

# %%
view.table(
    sorted(version.table("boilerplate"), key=lambda row: (row["kind"], -row["publishers"], -row["articles"], row["boilerplate_id"])),
    ["kind", "text", "publisher", "publishers", "articles", "texts", "language"],
    "Lines added to articles",
)
