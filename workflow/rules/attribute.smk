"""Attribute: which publishers belong together, how sure, and why it may be an accident.

needs  work/tables/{publishers,observations,articles}.csv; published lists (inputs.known_networks)
gives  the tables in PLAN's ATTRIBUTE_TABLES
"""


rule attribute:
    input:
        script="workflow/scripts/attribute.py",
        publishers=f"{TABLES}/publishers.csv",
        observations=f"{TABLES}/observations.csv",
        articles=f"{TABLES}/articles.csv",
        known=PLAN.investigation.inputs.known_networks,
    output:
        [f"{TABLES}/{table}.csv" for table in plan.ATTRIBUTE_TABLES],
    log:
        f"{WORK}/logs/attribute.log",
    benchmark:
        f"{WORK}/benchmarks/attribute.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=NEEDS.memory("attribute"),
        runtime=NEEDS.minutes("attribute"),
    params:
        code=PLAN.digest("attribute"),
        settings=PLAN.settings("attribute"),
    message:
        "attribute publishers"
    shell:
        # Large blocks of memory are given back when they are free, not kept for the next of their size (GNU libc).
        "ARROW_DEFAULT_MEMORY_POOL=system MALLOC_MMAP_THRESHOLD_=1000000 MALLOC_ARENA_MAX=1"
        " python {input.script} --settings {params.settings:q} --publishers {input.publishers:q}"
        " --observations {input.observations:q} --articles {input.articles:q} --into {output:q}"
        " 2> >(tee {log:q} >&2)"
