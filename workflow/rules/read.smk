"""Read: from captured bytes to publishers, articles, clocks and observations.

needs  sealed evidence of every round; articles and observations from outside (inputs.articles, inputs.observations)
gives  work/tables/{captures,lookups}.csv and the tables in PLAN's READ_TABLES
"""


rule read:
    input:
        expand(f"{TABLES}/{{table}}.csv", table=plan.INDEX_TABLES + plan.READ_TABLES),


rule index:
    input:
        script="workflow/scripts/index.py",
        manifest=f"{PLAN.evidence}/{{snapshot}}/manifest.json",
    output:
        captures=f"{WORK}/index/{{snapshot}}/captures.csv",
        lookups=f"{WORK}/index/{{snapshot}}/lookups.csv",
    log:
        f"{WORK}/logs/index/{{snapshot}}.log",
    benchmark:
        f"{WORK}/benchmarks/index/{{snapshot}}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=NEEDS.memory("index"),
        runtime=NEEDS.minutes("index"),
    params:
        code=PLAN.digest("read"),
    message:
        "index {wildcards.snapshot}"
    shell:
        "python {input.script} --manifest {input.manifest:q}"
        " --captures {output.captures:q} --lookups {output.lookups:q} 2> >(tee {log:q} >&2)"


rule split_articles:
    input:
        script="workflow/scripts/split_articles.py",
        articles=PLAN.investigation.inputs.articles,
    output:
        expand(f"{WORK}/given/{{shard}}.jsonl", shard=PLAN.shards),
    log:
        f"{WORK}/logs/split_articles.log",
    benchmark:
        f"{WORK}/benchmarks/split_articles.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=NEEDS.memory("split_articles"),
        runtime=NEEDS.minutes("split_articles"),
    params:
        code=PLAN.digest("read"),
    message:
        "split the articles from outside by shard"
    shell:
        "python {input.script} --articles {input.articles:q} --into {output:q} 2> >(tee {log:q} >&2)"


rule read_shard:
    input:
        script="workflow/scripts/read.py",
        captures=expand(rules.index.output.captures, snapshot=PLAN.snapshots),
        lookups=expand(rules.index.output.lookups, snapshot=PLAN.snapshots),
        articles=(
            f"{WORK}/given/{{shard}}.jsonl"
            if PLAN.investigation.inputs.articles
            else []
        ),
        observations=PLAN.investigation.inputs.observations,
    output:
        [f"{WORK}/read/{{shard}}/{table}.csv" for table in plan.READ_TABLES],
    log:
        f"{WORK}/logs/read/{{shard}}.log",
    benchmark:
        f"{WORK}/benchmarks/read/{{shard}}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=NEEDS.memory("read_shard"),
        runtime=NEEDS.minutes("read_shard"),
    params:
        code=PLAN.digest("read"),
        settings=PLAN.settings("read"),
        evidence=PLAN.evidence,
    message:
        "read shard {wildcards.shard}"
    shell:
        "python {input.script} --settings {params.settings:q} --shard {wildcards.shard} --evidence {params.evidence:q}"
        " --captures {input.captures:q} --lookups {input.lookups:q} --articles {input.articles:q}"
        " --into {output:q} 2> >(tee {log:q} >&2)"


rule gather_read:
    input:
        script="workflow/scripts/gather_read.py",
        shards=expand(
            f"{WORK}/read/{{shard}}/{{table}}.csv",
            shard=PLAN.shards,
            table=plan.READ_TABLES,
        ),
        index=expand(
            f"{WORK}/index/{{snapshot}}/{{table}}.csv",
            snapshot=PLAN.snapshots,
            table=plan.INDEX_TABLES,
        ),
    output:
        [f"{TABLES}/{table}.csv" for table in plan.INDEX_TABLES + plan.READ_TABLES],
    log:
        f"{WORK}/logs/gather_read.log",
    benchmark:
        f"{WORK}/benchmarks/gather_read.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=NEEDS.memory("gather_read"),
        runtime=NEEDS.minutes("gather_read"),
    params:
        code=PLAN.digest("read"),
    message:
        "gather what was read"
    shell:
        "python {input.script} --parts {input.index:q} {input.shards:q} --into {output:q} 2> >(tee {log:q} >&2)"
