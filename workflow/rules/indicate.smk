"""Indicate: signs of AI use and of authorship in another language, each with its exact words.

needs  work/read/SHARD/{pages,articles,article_versions,images}.csv, the captures they point to
gives  work/tables/{ai_indicators,origin_indicators}.csv
"""


rule indicate:
    input:
        expand(f"{TABLES}/{{table}}.csv", table=plan.INDICATE_TABLES),


rule indicate_shard:
    input:
        script="workflow/scripts/indicate.py",
        captures=f"{TABLES}/captures.csv",
        pages=f"{WORK}/read/{{shard}}/pages.csv",
        articles=f"{WORK}/read/{{shard}}/articles.csv",
        versions=f"{WORK}/read/{{shard}}/article_versions.csv",
        images=f"{WORK}/read/{{shard}}/images.csv",
    output:
        [f"{WORK}/indicate/{{shard}}/{table}.csv" for table in plan.INDICATE_TABLES],
    log:
        f"{WORK}/logs/indicate/{{shard}}.log",
    benchmark:
        f"{WORK}/benchmarks/indicate/{{shard}}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=NEEDS.memory("indicate_shard"),
        runtime=NEEDS.minutes("indicate_shard"),
    params:
        code=PLAN.digest("indicate"),
        evidence=PLAN.evidence,
    message:
        "indicate shard {wildcards.shard}"
    shell:
        "python {input.script} --evidence {params.evidence:q} --captures {input.captures:q} --pages {input.pages:q}"
        " --articles {input.articles:q} --versions {input.versions:q} --images {input.images:q}"
        " --into {output:q} 2> >(tee {log:q} >&2)"


rule gather_indicate:
    input:
        script="workflow/scripts/gather.py",
        shards=expand(
            f"{WORK}/indicate/{{shard}}/{{table}}.csv",
            shard=PLAN.shards,
            table=plan.INDICATE_TABLES,
        ),
    output:
        [f"{TABLES}/{table}.csv" for table in plan.INDICATE_TABLES],
    log:
        f"{WORK}/logs/gather_indicate.log",
    benchmark:
        f"{WORK}/benchmarks/gather_indicate.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=NEEDS.memory("gather_indicate"),
        runtime=NEEDS.minutes("gather_indicate"),
    params:
        code=PLAN.digest("indicate"),
    message:
        "gather indicators"
    shell:
        "python {input.script} --parts {input.shards:q} --into {output:q} 2> >(tee {log:q} >&2)"
