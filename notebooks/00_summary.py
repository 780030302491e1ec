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
# # 00 Summary
#
# The question, what the evidence answers, how sure that is, and what could not be seen. Every sentence is a row of the table `claims`.

# %% tags=["parameters"]
# The folder of a published version; empty: the one that WIRETRACE_VERSION names.
VERSION = ""

# %%
from wiretrace.narrate import flows, network, timeline, view

version = view.open_version(VERSION)
view.say(f"Question: {version.run['question'] or 'none is stated.'}")

# %%
claims = version.claims
sure = view.tally(claims, "confidence")
view.say(
    f"{len(claims)} sentences could be printed from this version:",
    ", ".join(f"{number} {view.label(word)}" for word, number in sure.items()) + ".",
    f"They rest on {len(version.table('claim_evidence')):,} rows of evidence and {len(version.table('captures')):,} captures,",
    f"the last of {version.until or 'no date'}.",
)

# %% [markdown]
# ## The heaviest sentences

# %%
view.heaviest(version, 10)

# %% [markdown]
# ## Which sites belong together

# %%
view.picture(
    network.network_picture(version),
    "Sites tied by shared values; solid lines are conclusive or associative, dashed ones circumstantial.",
    "No two sites could be tied to one operator.",
)

# %% [markdown]
# ## Who ran the first story of the report when

# %%
story = timeline.told_story(version)
view.picture(
    timeline.timeline_picture(version, story) if story else None,
    story["title"] if story else "",
    "No story has a time that could be drawn.",
)

# %% [markdown]
# ## Where the releases went

# %%
view.picture(
    flows.flow_picture(version),
    "Articles traced to each distributor, by who ran them; being supplied is not being run by it.",
    "No text could be traced to a distributor.",
)

# %% [markdown]
# ## What could not be seen

# %%
view.claims(version, "coverage")
