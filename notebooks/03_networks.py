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
# # 03 Networks | 03 ネットワーク
#
# Which sites belong together, by what they share, and what may be an accident. A shared host, a registrar or a slip of language supports; it never decides alone.
#
# どのサイトが何を共有して一つにまとまるか、何が偶然でありうるか。同じサーバー、同じ登録業者、言語の誤りは補強にとどまり、それだけでは決め手にならない。

# %% tags=["parameters"]
# The folder of a published version; empty: the one that WIRETRACE_VERSION names.
VERSION = ""

# %%
from wiretrace.narrate import network, registrations, view

version = view.open_version(VERSION)
links = version.rows("publisher_links", order="bits DESC, link_id")
tiers = view.tally(links, "tier")
firm, linked, weak = (tiers.get(name, 0) for name in ("conclusive", "associative", "circumstantial"))
view.say(
    f"{len(version.networks)} networks were found. {len(links):,} pairs of publishers share something of weight:"
    f" {firm:,} conclusive, {linked:,} associative, {weak:,} circumstantial only.",
    f"ネットワークは{len(version.networks)}。重みのある共通点を持つ掲載者の組は{len(links):,}："
    f"決定的{firm:,}、関連を示す{linked:,}、状況証拠のみ{weak:,}。",
)

# %%
view.picture(
    lambda language: network.network_picture(version, language),
    (
        "Each ring is a network; hollow marks hang on by weaker evidence and are not counted as members.",
        "輪の一つ一つがネットワーク。白抜きは証拠が弱く、構成サイトに数えない。",
    ),
    ("No network was drawn; nothing ties two sites firmly enough.", "ネットワークは描いていない。二つのサイトを十分確かに結びつけるものがない。"),
)

# %%
view.claims(version, "same_operator", "operator_is", "presents_as", "hosted_beside")

# %%
view.table(
    version.networks,
    ["network_id", "size", "core", "weakest_bits", "operator", "operator_kind", "operator_publishers", "operator_confidence", "bursts", "shared"],
    ("Networks", "ネットワーク"),
    of="networks",
)

# %% [markdown]
# ## Members | 構成サイト

# %%
view.table(
    version.table("network_members"),
    ["network_id", "publisher", "standing", "bits", "registered", "first_article", "listed_by"],
    ("Members of networks", "ネットワークの構成サイト"),
    80,
    of="network_members",
)

# %% [markdown]
# ## When the members' domains were registered | 構成サイトのドメインの登録日

# %%
view.picture(
    lambda language: registrations.calendar_picture(version, language),
    (
        "A filled day bears the letter of the network and the number of its domains; a ring is a domain of no network. Many on one day support a common operator and do not decide.",
        "塗りの日にはネットワークの記号とドメイン数、輪はどのネットワークにも属さないドメイン。同日の登録が多いことは同じ運営者を支持するが、決め手ではない。",
    ),
    ("No day of registration of a member is known.", "構成サイトの登録日は分かっていない。"),
)

# %%
view.table(
    [row for row in registrations.registered(version) if row["letter"]],
    {"day": ("registered", "登録日"), "letter": ("network", "ネットワーク"), "publisher": ("publisher", "掲載者")},
    ("Members by the day of their registration", "構成サイト（登録日順）"),
)

# %% [markdown]
# ## The links, and why each may be an accident | つながりと、偶然でありうる理由

# %%
view.table(
    links,
    ["publisher_a", "publisher_b", "bits", "probability", "tier", "families", "strongest", "spurious"],
    ("Pairs of publishers, the heaviest first", "掲載者の組（重い順）"),
    of="publisher_links",
)

# %%
view.table(
    version.rows("publisher_link_evidence", order="bits DESC, evidence_id"),
    ["kind", "value", "bits", "full_bits", "reason", "background", "carriers", "spurious"],
    ("Shared values behind the links, the heaviest first", "つながりを支える共通の値（重い順）"),
    of="publisher_link_evidence",
)
