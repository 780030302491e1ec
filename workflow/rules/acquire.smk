"""Acquire: ask the outside and archive every answer before it is read.

needs  the seeds (inputs.seeds), archives of others (inputs.archives), the evidence of earlier rounds
gives  evidence/SNAPSHOT/*.warc.gz, sealed by evidence/SNAPSHOT/manifest.json, time-stamps of it beside it

Evidence is no rule's output until it is sealed, so that Snakemake never deletes any of it; a job that is started again
goes on where its archive ends. A sealed round is never opened again.
"""


rule acquire:
    input:
        [f"{PLAN.evidence}/{snapshot}/manifest.json" for snapshot in PLAN.snapshots],


rule acquire_shard:
    input:
        script=ancient("workflow/scripts/acquire.py"),
        before=lambda wildcards: ancient(PLAN.before(wildcards.snapshot)),
    output:
        done=f"{WORK}/acquire/{{snapshot}}/{{shard}}.json",
    log:
        f"{WORK}/logs/acquire/{{snapshot}}/{{shard}}.log",
    benchmark:
        f"{WORK}/benchmarks/acquire/{{snapshot}}/{{shard}}.tsv"
    wildcard_constraints:
        snapshot="|".join(PLAN.open) or "(?!)",
        shard="|".join(PLAN.shards),
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=NEEDS.memory("acquire_shard"),
        runtime=NEEDS.minutes("acquire_shard"),
    params:
        settings=PLAN.settings("acquire"),
        evidence=PLAN.evidence,
    message:
        "acquire {wildcards.snapshot}, shard {wildcards.shard}"
    shell:
        "python {input.script} --settings {params.settings:q} --snapshot {wildcards.snapshot:q} --shard {wildcards.shard}"
        " --evidence {params.evidence:q} --done {output.done:q} 2> >(tee {log:q} >&2)"


rule seal:
    input:
        script=ancient("workflow/scripts/seal.py"),
        done=expand(
            f"{WORK}/acquire/{{{{snapshot}}}}/{{shard}}.json", shard=PLAN.shards
        ),
    output:
        manifest=f"{PLAN.evidence}/{{snapshot}}/manifest.json",
    log:
        f"{WORK}/logs/seal/{{snapshot}}.log",
    benchmark:
        f"{WORK}/benchmarks/seal/{{snapshot}}.tsv"
    wildcard_constraints:
        snapshot="|".join(s for s in PLAN.open if s != "imports") or "(?!)",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=NEEDS.memory("seal"),
        runtime=NEEDS.minutes("seal"),
    params:
        settings=PLAN.settings("acquire"),
    message:
        "seal {wildcards.snapshot}"
    shell:
        "python {input.script} --settings {params.settings:q} --manifest {output.manifest:q} 2> >(tee {log:q} >&2)"


rule import_archives:
    input:
        script=ancient("workflow/scripts/import_archives.py"),
        archives=PLAN.investigation.inputs.archives,
    output:
        manifest=f"{PLAN.evidence}/imports/manifest.json",
    log:
        f"{WORK}/logs/import_archives.log",
    benchmark:
        f"{WORK}/benchmarks/import_archives.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=NEEDS.memory("import_archives"),
        runtime=NEEDS.minutes("import_archives"),
    params:
        settings=PLAN.settings("acquire"),
    message:
        "import archives"
    shell:
        "python {input.script} --settings {params.settings:q} --manifest {output.manifest:q}"
        " --archives {input.archives:q} 2> >(tee {log:q} >&2)"
