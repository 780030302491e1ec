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
# # 07 Methods and error rates | 07 方法と誤り率
#
# How sure the words of this report are, which rules made them, and what could make them wrong. The methods themselves stand in docs/.
#
# この報告の言葉がどれほど確かか、どの規則によるか、何が誤らせうるか。方法そのものはdocs/にある。

# %% tags=["parameters"]
# The folder of a published version; empty: the one that WIRETRACE_VERSION names.
VERSION = ""

# %%
from wiretrace.narrate import view

version = view.open_version(VERSION)
view.meanings()

# %% [markdown]
# ## What each kind of claim needs | 主張の種類ごとに必要なもの

# %%
view.needs()

# %% [markdown]
# ## What went in | もとになったもの

# %%
run = version.run
rounds, lock, python = ", ".join(run.get("snapshots", [])), run.get("lock", "")[:16], run.get("python", "")
view.say(
    f"Version {version.name}: rounds {rounds or 'none'}; pinned requirements {lock}, Python {python}.",
    f"版{version.name}：収集回 {rounds or 'なし'}、固定した依存ライブラリー {lock}、Python {python}。",
)

# %%
view.table(
    [{"part": name, "SHA-256": code[:16]} for name, code in run.get("code", {}).items()],
    {"part": ("part", "部分"), "SHA-256": ("SHA-256", "SHA-256")},
    ("The code that made this version, by part", "この版を作ったコード（部分ごと）"),
    20,
)

# %%
view.table(
    [{"table": name, "rows": len(version.table(name))} for name in view.published()],
    {"table": ("table", "表"), "rows": ("rows", "行数")},
    ("Tables of this version", "この版の表"),
    60,
)

# %% [markdown]
# ## Clocks | 時計
#
# A publisher's own date is a statement, not a fact. The table counts how the members of stories are dated.
#
# 掲載者自身の日付は表示であって事実ではない。各記事の日時が何に基づくかを数える。

# %%
view.bars(
    view.tally(version.table("story_members"), "clock_quality"),
    ("Members of stories by the quality of their clock", "記事の時計の質"),
    ("articles", "本"),
    (
        "Shown: by a third party or our own capture; stated: by the publisher only; contradicted: by another clock.",
        "第三者または自らの保存が示すもの、掲載者の表示のみのもの、別の時計と矛盾するもの。",
    ),
)

# %% [markdown]
# ## Controls | 対照
#
# Publishers given as controls ought to be tied to nobody. A conclusive or associative link of a control is an error until a
# person has explained it; the number below is this version's own check on itself.
#
# 対照として渡された掲載者は、誰とも結びつかないはずである。対照に決定的または関連を示すつながりがあれば、人が説明するまで誤りとみなす。下の数はこの版が自らを点検したもの。

# %%
controls = {row["publisher"] for row in version.rows("publishers", "role = 'control'")}
wrong = [
    link
    for link in version.rows("publisher_links", "tier <> 'circumstantial'")
    if controls & {link["publisher_a"], link["publisher_b"]}
]
view.say(
    f"{len(controls):,} controls were looked at; {len(wrong):,} links of more than circumstantial weight touch one of them."
    if controls
    else "No publisher was given as a control, so this version cannot check itself on any; add some to the seeds.",
    f"対照{len(controls):,}を調べた。状況証拠を超える重みのつながりが対照に及ぶものは{len(wrong):,}件。"
    if controls
    else "対照として渡された掲載者がないため、この版は自らを点検できない。シードに加えるとよい。",
)

# %%
view.table(
    wrong,
    ["publisher_a", "publisher_b", "bits", "tier", "strongest", "spurious"],
    ("Links of controls to be explained", "説明を要する対照のつながり"),
    of="publisher_links",
)

# %% [markdown]
# ## Matches that do not count | 数えない一致
#
# A rule that matches where it should not is kept with its reason.
#
# 規則が合うべきでない箇所に合ったものも、理由とともに残す。

# %%
excused = "SELECT reason FROM {} WHERE NOT counts"
view.bars(
    view.tally(version.query(" UNION ALL ".join(map(excused.format, ("ai_indicators", "origin_indicators")))), "reason"),
    ("Matches that do not count, by reason", "数えない一致（理由別）"),
    ("places", "か所"),
    ("They support no claim.", "どの主張も支えない。"),
)
