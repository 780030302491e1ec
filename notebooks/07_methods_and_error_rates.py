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
# # 07 Methods and error rates
#
# How sure the words of this report are, which rules made them, and what could make them wrong. The methods themselves stand in docs/.

# %% tags=["parameters"]
# The folder of a published version; empty: the one that WIRETRACE_VERSION names.
VERSION = ""

# %%
from wiretrace.narrate import view

version = view.open_version(VERSION)
view.meanings()

# %% [markdown]
# ## What each kind of claim needs

# %%
view.needs()

# %% [markdown]
# ## What went in

# %%
run = version.run
view.say(
    f"Version {version.name}: rounds {', '.join(run.get('snapshots', [])) or 'none'};",
    f"pinned requirements {run.get('lock', '')[:16]}, Python {run.get('python', '')}.",
)

# %%
view.table(
    [{"part": name, "SHA-256": code[:16]} for name, code in run.get("code", {}).items()],
    ["part", "SHA-256"], "The code that made this version, by part", 20,
)

# %%
view.table(
    [{"table": name, "rows": len(version.table(name))} for name in view.published()],
    ["table", "rows"], "Tables of this version", 60,
)

# %% [markdown]
# ## Clocks
#
# A publisher's own date is a statement, not a fact. The table counts how the members of stories are dated.

# %%
view.bars(
    view.tally(version.table("story_members"), "clock_quality"), "Members of stories by the quality of their clock", "articles",
    "Proven: a third party or our own capture shows it; claimed: the publisher says so; doubtful: another clock contradicts it.",
)

# %% [markdown]
# ## Controls
#
# Publishers given as controls ought to be tied to nobody. A conclusive or associative link of a control is an error until a
# person has explained it; the number below is this version's own check on itself.

# %%
controls = {row["publisher"] for row in version.table("publishers") if row["role"] == "control"}
wrong = [
    link
    for link in version.table("publisher_links")
    if controls & {link["publisher_a"], link["publisher_b"]} and link["tier"] != "circumstantial"
]
view.say(
    f"{len(controls):,} controls were looked at; {len(wrong):,} links of more than circumstantial weight touch one of them."
    if controls
    else "No publisher was given as a control, so this version cannot check itself on any; add some to the seeds."
)

# %%
view.table(wrong, ["publisher_a", "publisher_b", "bits", "tier", "strongest", "spurious"], "Links of controls to be explained")

# %% [markdown]
# ## Matches that do not count
#
# A rule that matches where it should not is kept with its reason.

# %%
excused = [row for row in version.table("ai_indicators") + version.table("origin_indicators") if not row["counts"]]
view.bars(view.tally(excused, "reason"), "Matches that do not count, by reason", "places", "They support no claim.")
