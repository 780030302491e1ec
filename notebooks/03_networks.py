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
# # 03 Networks
#
# Which sites belong together, by what they share, and what may be an accident. A shared host, a registrar or a slip of language supports; it never decides alone.

# %% tags=["parameters"]
# The folder of a published version; empty: the one that WIRETRACE_VERSION names.
VERSION = ""

# %%
from wiretrace.narrate import network, registrations, view

version = view.open_version(VERSION)
networks = sorted(version.table("networks"), key=lambda n: (-n["size"], n["network_id"]))
links = version.table("publisher_links")
tiers = view.tally(links, "tier")
view.say(
    f"{len(networks)} networks were found.",
    f"{len(links):,} pairs of publishers share something of weight:",
    f"{tiers.get('conclusive', 0):,} conclusive, {tiers.get('associative', 0):,} associative,",
    f"{tiers.get('circumstantial', 0):,} circumstantial only.",
)

# %%
view.picture(
    network.network_picture(version),
    "Each ring is a network; hollow marks hang on by weaker evidence and are not counted as members.",
    "No two sites could be tied to one operator.",
)

# %%
view.claims(version, "same_operator", "operator_is", "hosted_beside")

# %%
view.table(
    networks,
    ["network_id", "size", "core", "weakest_bits", "operator", "operator_kind", "operator_publishers", "operator_confidence", "bursts", "shared"],
    "Networks",
)

# %% [markdown]
# ## Members

# %%
view.table(
    version.table("network_members"),
    ["network_id", "publisher", "standing", "bits", "registered", "first_article", "listed_by"],
    "Members of networks", 80,
)

# %% [markdown]
# ## When the members' domains were registered

# %%
view.picture(
    registrations.calendar_picture(version),
    "A filled day bears the letter of the network and the number of its domains; a ring is a domain of no network. Many on one day support a common operator and do not decide.",
    "No day of registration of a member is known.",
)

# %%
view.table(
    [row for row in registrations.registered(version) if row["letter"]],
    {"day": "registered", "letter": "network", "publisher": "publisher"},
    "Members by the day of their registration",
)

# %% [markdown]
# ## The links, and why each may be an accident

# %%
view.table(
    sorted(links, key=lambda link: (-link["bits"], link["link_id"])),
    ["publisher_a", "publisher_b", "bits", "probability", "tier", "families", "strongest", "spurious"],
    "Pairs of publishers, the heaviest first",
)

# %%
view.table(
    sorted(version.table("publisher_link_evidence"), key=lambda e: (-e["bits"], e["evidence_id"])),
    ["kind", "value", "bits", "full_bits", "reason", "background", "carriers", "spurious"],
    "Shared values behind the links, the heaviest first",
)
