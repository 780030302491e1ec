"""Trace: where else a text runs, who came first, which distributor carried it, who is quoted and named in it,
who spread it.

needs  work/tables/{publishers,articles,article_versions,article_parts,clocks,links,outlet_listings}.csv;
       spellings of known people (inputs.names), what people checked (inputs.verifications),
       social posts (inputs.posts)
gives  the tables in plan.TEXT_TABLES, SPEECH_TABLES and POSTS_TABLES
"""


rule trace:
    input:
        expand(
            f"{TABLES}/{{table}}.csv",
            table=plan.TEXT_TABLES + plan.SPEECH_TABLES + plan.POSTS_TABLES,
        ),


rule trace_texts:
    input:
        script="workflow/scripts/trace.py",
        tables=expand(f"{TABLES}/{{table}}.csv", table=plan.READ_TABLES),
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
        mem_mb=4000,
        runtime=480,
    params:
        code=PLAN.digest("trace"),
        settings=PLAN.settings("trace"),
    message:
        "trace texts"
    shell:
        "python {input.script} --settings {params.settings:q} --tables {input.tables:q} --into {output:q}"
        " 2> >(tee {log:q} >&2)"


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
        mem_mb=2000,
        runtime=240,
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
        mem_mb=6000,
        runtime=120,
    params:
        code=PLAN.digest("trace"),
        settings=PLAN.settings("trace"),
    message:
        "trace posts"
    shell:
        "python {input.script} --settings {params.settings:q} --articles {input.articles:q} --into {output:q}"
        " 2> >(tee {log:q} >&2)"
