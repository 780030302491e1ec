"""Publish: join the stages into claims, and freeze all tables as one version.

needs  every table in work/tables; what people checked (inputs.verifications)
gives  versions/ID/ (never changed again), versions.csv (one line per version), work/version.txt (the newest id)
"""

STAGE_TABLES = [
    table for table in schema.tables() if table not in schema.of_stage("publish")
]


rule publish:
    input:
        script="workflow/scripts/publish.py",
        tables=expand(f"{TABLES}/{{table}}.csv", table=STAGE_TABLES),
        manifests=[
            f"{PLAN.evidence}/{snapshot}/manifest.json" for snapshot in PLAN.snapshots
        ],
        given=PLAN.investigation.inputs.verifications,
    output:
        ledger=f"{ROOT}/versions.csv",
        version=f"{WORK}/version.txt",
    log:
        f"{WORK}/logs/publish.log",
    benchmark:
        f"{WORK}/benchmarks/publish.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=NEEDS.memory("publish"),
        runtime=NEEDS.minutes("publish"),
    params:
        code=PLAN.digest("publish"),
        settings=PLAN.settings("publish"),
        root=lambda wildcards, output: str(Path(output.ledger).parent),
        snapshots=PLAN.snapshots,
    message:
        "publish a version"
    shell:
        "python {input.script} --settings {params.settings:q} --root {params.root:q} --tables {input.tables:q} --snapshots {params.snapshots:q}"
        " --ledger {output.ledger:q} --version {output.version:q} 2> >(tee {log:q} >&2)"
