"""Publish: join the stages into claims, and freeze all tables as one version.

needs  the tables in work/tables, for claims and changes those that wanted.py names; what people checked (inputs.verifications)
gives  work/tables/{claims,claim_evidence,changes,publisher_indicators}.csv; versions/ID/ (never changed again),
       versions.csv (one line per version), work/version.txt (the newest id)
"""

from wiretrace.schema import wanted

STAGE_TABLES = [
    table for table in schema.tables() if table not in schema.of_stage("publish")
]
CLAIM_TABLES = [table for table in STAGE_TABLES if table not in wanted.UNREAD]
CHANGE_TABLES = sorted({*wanted.COMPARED, *wanted.VIEWED})


rule claims:
    input:
        script="workflow/scripts/claims.py",
        tables=expand(f"{TABLES}/{{table}}.csv", table=CLAIM_TABLES),
        given=PLAN.investigation.inputs.verifications,
    output:
        [f"{TABLES}/{table}.csv" for table in ("claims", "claim_evidence")],
    log:
        f"{WORK}/logs/claims.log",
    benchmark:
        f"{WORK}/benchmarks/claims.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=NEEDS.memory("claims"),
        runtime=NEEDS.minutes("claims"),
    params:
        code=PLAN.digest("publish"),
        settings=PLAN.settings("publish"),
    message:
        "draft claims"
    shell:
        "python {input.script} --settings {params.settings:q} --tables {input.tables:q} --into {output:q}"
        " 2> >(tee {log:q} >&2)"


rule changes:
    input:
        script="workflow/scripts/changes.py",
        tables=expand(f"{TABLES}/{{table}}.csv", table=CHANGE_TABLES),
    output:
        [f"{TABLES}/{table}.csv" for table in ("changes", "publisher_indicators")],
    log:
        f"{WORK}/logs/changes.log",
    benchmark:
        f"{WORK}/benchmarks/changes.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=NEEDS.memory("changes"),
        runtime=NEEDS.minutes("changes"),
    params:
        code=PLAN.digest("publish"),
        snapshots=PLAN.snapshots,
    message:
        "compare rounds and view sites"
    shell:
        "python {input.script} --tables {input.tables:q} --snapshots {params.snapshots:q} --into {output:q}"
        " 2> >(tee {log:q} >&2)"


rule publish:
    input:
        script="workflow/scripts/publish.py",
        tables=expand(f"{TABLES}/{{table}}.csv", table=STAGE_TABLES),
        claims=rules.claims.output,
        changes=rules.changes.output,
        manifests=[
            f"{PLAN.evidence}/{snapshot}/manifest.json" for snapshot in PLAN.snapshots
        ],
    output:
        ledger=f"{ROOT}/versions.csv",
        version=f"{WORK}/version.txt",
    log:
        f"{WORK}/logs/publish.log",
    benchmark:
        f"{WORK}/benchmarks/publish.tsv"
    conda:
        "../../environment.yml"
    threads: 2
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
        "python {input.script} --settings {params.settings:q} --root {params.root:q} --workers {threads}"
        " --tables {input.tables:q} {input.claims:q} {input.changes:q} --snapshots {params.snapshots:q}"
        " --ledger {output.ledger:q} --version {output.version:q} 2> >(tee {log:q} >&2)"
