"""Narrate: notebooks on the published tables, and the report that an editor opens.

needs  the newest version (work/version.txt); the evidence that it cites
gives  report/index.html with report/notebooks/*.html and report/evidence/
"""


rule narrate:
    input:
        f"{ROOT}/report/index.html",
        expand(f"{ROOT}/report/notebooks/{{notebook}}.html", notebook=plan.NOTEBOOKS),


rule notebook:
    input:
        script="workflow/scripts/run_notebook.py",
        notebook="notebooks/{notebook}.py",
        version=rules.publish.output.version,
    output:
        html=f"{ROOT}/report/notebooks/{{notebook}}.html",
    log:
        f"{WORK}/logs/notebook/{{notebook}}.log",
    benchmark:
        f"{WORK}/benchmarks/notebook/{{notebook}}.tsv"
    wildcard_constraints:
        notebook="|".join(plan.NOTEBOOKS),
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=60,
    params:
        code=PLAN.digest("narrate"),
        root=lambda wildcards, input: str(Path(input.version).parents[1]),
    message:
        "notebook {wildcards.notebook}"
    shell:
        "python {input.script} --notebook {input.notebook:q} --root {params.root:q} --version {input.version:q}"
        " --html {output.html:q} 2> >(tee {log:q} >&2)"


rule report:
    input:
        script="workflow/scripts/report.py",
        version=rules.publish.output.version,
    output:
        html=f"{ROOT}/report/index.html",
    log:
        f"{WORK}/logs/report.log",
    benchmark:
        f"{WORK}/benchmarks/report.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        code=PLAN.digest("narrate"),
        root=lambda wildcards, input: str(Path(input.version).parents[1]),
    message:
        "write the report"
    shell:
        "python {input.script} --root {params.root:q} --version {input.version:q} --html {output.html:q}"
        " 2> >(tee {log:q} >&2)"
