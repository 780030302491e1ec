"""The front door of wiretrace: reads one investigation's file, includes the stages' rules, names the targets.

snakemake [TARGET] --cores all --configfile config/investigations/NAME/investigation.yaml

Targets are the stages: acquire, read, attribute, indicate, trace, publish, narrate; without one, everything.
Without --configfile it works on the practice investigation, which `make demo` serves.
"""

import shlex
import sys
from pathlib import Path

from snakemake.utils import min_version

from wiretrace import needs, plan, schema

min_version("9.27")
# The scripts run with the Python that runs Snakemake, whether its environment is activated or not.
shell.prefix(
    f'export PYTHONSAFEPATH=1 PATH={shlex.quote(str(Path(sys.executable).parent))}:"$PATH"; '
)

if "investigation" not in config:

    configfile: "config/config.yaml"


PLAN = plan.make(config, workflow.configfiles)
ROOT = PLAN.root
WORK = PLAN.work
NEEDS = needs.read()
TABLES = f"{WORK}/tables"


include: "workflow/rules/acquire.smk"
include: "workflow/rules/read.smk"
include: "workflow/rules/attribute.smk"
include: "workflow/rules/indicate.smk"
include: "workflow/rules/trace.smk"
include: "workflow/rules/publish.smk"
include: "workflow/rules/narrate.smk"


onstart:
    PLAN.begin()


rule all:
    default_target: True
    input:
        rules.narrate.input,
