"""Trace: where else a text runs, who came first, which distributor carried it, who is quoted and named in it,
who spread it.

needs  work/read/SHARD/{articles,article_versions,article_parts}.csv;
       work/tables/{publishers,articles,article_versions,article_parts,clocks,links,outlet_listings}.csv;
       spellings of known people (inputs.names), what people checked (inputs.verifications),
       social posts (inputs.posts)
gives  the tables in plan.TEXT_TABLES, SPEECH_TABLES and POSTS_TABLES

Copies are looked for in four steps, none of which holds the whole: texts folded and winnowed per shard, an inverted
index per range of hashes, the best candidates per shard, these aligned per shard. Their number follows the size of the
work; the result does not depend on it.
"""

REUSE = f"{WORK}/trace"
STORES = [f"{REUSE}/store/{shard}" for shard in PLAN.text_shards]
FIELDS = [
    "names",
    "order",
    "codes",
    "starts",
    "prints",
    "print_starts",
    "low",
    "lengths",
    "sizes",
]


wildcard_constraints:
    text_shard=r"\d+-of-\d+",


rule trace:
    input:
        expand(
            f"{TABLES}/{{table}}.csv",
            table=plan.TEXT_TABLES + plan.SPEECH_TABLES + plan.POSTS_TABLES,
        ),


rule trace_store:
    input:
        script="workflow/scripts/trace_store.py",
        tables=lambda wildcards: expand(
            f"{WORK}/read/{{shard}}/{{table}}.csv",
            shard=PLAN.read_shards(wildcards.text_shard),
            table=["articles", "article_versions", "article_parts"],
        ),
    output:
        [f"{REUSE}/store/{{text_shard}}/{field}.npy" for field in FIELDS],
    log:
        f"{WORK}/logs/trace_store/{{text_shard}}.log",
    benchmark:
        f"{WORK}/benchmarks/trace_store/{{text_shard}}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=NEEDS.memory("trace_store"),
        runtime=NEEDS.minutes("trace_store"),
    params:
        code=PLAN.digest("trace"),
        store=lambda wildcards: f"{REUSE}/store/{wildcards.text_shard}",
    message:
        "fold and winnow texts {wildcards.text_shard}"
    shell:
        "python {input.script} --tables {input.tables:q} --into {params.store:q} 2> >(tee {log:q} >&2)"


rule trace_pairs:
    input:
        script="workflow/scripts/trace_pairs.py",
        stores=expand(
            f"{REUSE}/store/{{shard}}/{{field}}.npy",
            shard=PLAN.text_shards,
            field=FIELDS,
        ),
    output:
        f"{REUSE}/pairs/{{text_shard}}.npy",
    log:
        f"{WORK}/logs/trace_pairs/{{text_shard}}.log",
    benchmark:
        f"{WORK}/benchmarks/trace_pairs/{{text_shard}}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=NEEDS.memory("trace_pairs"),
        runtime=NEEDS.minutes("trace_pairs"),
    params:
        code=PLAN.digest("trace"),
        stores=STORES,
    message:
        "pair texts by prints {wildcards.text_shard}"
    shell:
        "python {input.script} --part {wildcards.text_shard} --stores {params.stores:q} --into {output:q}"
        " 2> >(tee {log:q} >&2)"


rule trace_candidates:
    input:
        script="workflow/scripts/trace_candidates.py",
        stores=expand(
            f"{REUSE}/store/{{shard}}/{{field}}.npy",
            shard=PLAN.text_shards,
            field=FIELDS,
        ),
        pairs=expand(f"{REUSE}/pairs/{{shard}}.npy", shard=PLAN.text_shards),
    output:
        f"{REUSE}/candidates/{{text_shard}}.npy",
    log:
        f"{WORK}/logs/trace_candidates/{{text_shard}}.log",
    benchmark:
        f"{WORK}/benchmarks/trace_candidates/{{text_shard}}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=NEEDS.memory("trace_candidates"),
        runtime=NEEDS.minutes("trace_candidates"),
    params:
        code=PLAN.digest("trace"),
        stores=STORES,
    message:
        "choose candidates {wildcards.text_shard}"
    shell:
        "python {input.script} --shard {wildcards.text_shard} --stores {params.stores:q} --pairs {input.pairs:q}"
        " --into {output:q} 2> >(tee {log:q} >&2)"


rule trace_matches:
    input:
        script="workflow/scripts/trace_matches.py",
        stores=expand(
            f"{REUSE}/store/{{shard}}/{{field}}.npy",
            shard=PLAN.text_shards,
            field=FIELDS,
        ),
        candidates=expand(f"{REUSE}/candidates/{{shard}}.npy", shard=PLAN.text_shards),
    output:
        f"{REUSE}/matches/{{text_shard}}.parquet",
    log:
        f"{WORK}/logs/trace_matches/{{text_shard}}.log",
    benchmark:
        f"{WORK}/benchmarks/trace_matches/{{text_shard}}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=NEEDS.memory("trace_matches"),
        runtime=NEEDS.minutes("trace_matches"),
    params:
        code=PLAN.digest("trace"),
        settings=PLAN.settings("trace"),
        stores=STORES,
    message:
        "align candidates {wildcards.text_shard}"
    shell:
        "python {input.script} --settings {params.settings:q} --shard {wildcards.text_shard}"
        " --stores {params.stores:q} --candidates {input.candidates:q} --into {output:q} 2> >(tee {log:q} >&2)"


rule trace_texts:
    input:
        script="workflow/scripts/trace.py",
        tables=expand(f"{TABLES}/{{table}}.csv", table=plan.READ_TABLES),
        matches=expand(f"{REUSE}/matches/{{shard}}.parquet", shard=PLAN.text_shards),
    output:
        [f"{TABLES}/{table}.csv" for table in plan.TEXT_TABLES],
    log:
        f"{WORK}/logs/trace_texts.log",
    benchmark:
        f"{WORK}/benchmarks/trace_texts.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=NEEDS.memory("trace_texts"),
        runtime=NEEDS.minutes("trace_texts"),
    params:
        code=PLAN.digest("trace"),
        settings=PLAN.settings("trace"),
    message:
        "trace texts"
    shell:
        "python {input.script} --settings {params.settings:q} --tables {input.tables:q}"
        " --matches {input.matches:q} --into {output:q} 2> >(tee {log:q} >&2)"


rule trace_speech:
    input:
        script="workflow/scripts/speech.py",
        tables=expand(
            f"{TABLES}/{{table}}.csv", table=plan.READ_TABLES + plan.TEXT_TABLES
        ),
        given=PLAN.investigation.inputs.names + PLAN.investigation.inputs.verifications,
    output:
        [f"{TABLES}/{table}.csv" for table in plan.SPEECH_TABLES],
    log:
        f"{WORK}/logs/trace_speech.log",
    benchmark:
        f"{WORK}/benchmarks/trace_speech.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=NEEDS.memory("trace_speech"),
        runtime=NEEDS.minutes("trace_speech"),
    params:
        code=PLAN.digest("trace"),
        settings=PLAN.settings("trace"),
    message:
        "trace quotations and names"
    shell:
        "python {input.script} --settings {params.settings:q} --tables {input.tables:q} --into {output:q}"
        " 2> >(tee {log:q} >&2)"


rule trace_posts:
    input:
        script="workflow/scripts/posts.py",
        articles=f"{TABLES}/articles.csv",
        given=PLAN.investigation.inputs.posts,
    output:
        [f"{TABLES}/{table}.csv" for table in plan.POSTS_TABLES],
    log:
        f"{WORK}/logs/trace_posts.log",
    benchmark:
        f"{WORK}/benchmarks/trace_posts.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=NEEDS.memory("trace_posts"),
        runtime=NEEDS.minutes("trace_posts"),
    params:
        code=PLAN.digest("trace"),
        settings=PLAN.settings("trace"),
    message:
        "trace posts"
    shell:
        "python {input.script} --settings {params.settings:q} --articles {input.articles:q} --into {output:q}"
        " 2> >(tee {log:q} >&2)"
