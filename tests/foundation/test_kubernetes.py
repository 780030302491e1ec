"""The Kubernetes profile, as far as it can be tried without a cluster: kubectl here runs what it is given at once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
PROFILE = ROOT / "workflow" / "profiles" / "kubernetes"
KUBECTL = """#!{python}
import json, pathlib, subprocess, sys
here = pathlib.Path({here!r})
if sys.argv[1] == "create":
    job = json.load(sys.stdin)
    name = "wiretrace-" + str(len(list(here.glob("wiretrace-*"))))
    container = job["spec"]["template"]["spec"]["containers"][0]
    code = subprocess.run(container["command"], cwd=container["workingDir"], stdout=sys.stderr).returncode
    (here / name).write_text(json.dumps([code, job]))
    print(name, end="")
else:
    found = here / sys.argv[3]
    if found.is_file():
        code, _ = json.loads(found.read_text())
        print(sys.argv[3], "" if code else 1, 1 if code else "", end="")
"""
SNAKEFILE = """
rule first:
    output: "a.txt"
    threads: 2
    resources: mem_mb=lambda wildcards, attempt: 700 * attempt, runtime=5
    shell: "test {resources.mem_mb} -gt 1000 && echo 1 > {output}"
"""


def test_jobs_ask_for_what_their_rules_state_and_a_failed_one_for_more(tmp_path: Path) -> None:
    jobs = tmp_path / "jobs"
    jobs.mkdir()
    (jobs / "kubectl").write_text(KUBECTL.format(python=sys.executable, here=str(jobs)))
    (jobs / "kubectl").chmod(0o755)
    (tmp_path / "Snakefile").write_text(SNAKEFILE)
    (tmp_path / "workflow" / "profiles").mkdir(parents=True)
    (tmp_path / "workflow" / "profiles" / "kubernetes").symlink_to(PROFILE)
    env = dict(os.environ, PATH=f"{jobs}:{os.environ['PATH']}", WIRETRACE_IMAGE="registry.example/wiretrace:1")
    env |= {"WIRETRACE_CLAIM": "cases", "WIRETRACE_VOLUME": str(tmp_path)}
    command = [sys.executable, "-m", "snakemake", "--workflow-profile", "workflow/profiles/kubernetes", "--groups"]
    command += ["first=one", "--latency-wait", "1", "--seconds-between-status-checks", "1"]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "a.txt").read_text() == "1\n"
    made = [json.loads(path.read_text()) for path in sorted(jobs.glob("wiretrace-*"))]
    assert [code == 0 for code, _ in made] == [False, True]
    pods = [job["spec"]["template"]["spec"]["containers"][0] for _, job in made]
    assert [pod["resources"]["requests"] for pod in pods] == [
        {"memory": "700M", "cpu": "2"},
        {"memory": "1400M", "cpu": "2"},
    ]
    assert made[0][1]["spec"]["activeDeadlineSeconds"] == 300
    assert {pod["workingDir"] for pod in pods} == {str(tmp_path)}


def test_a_job_that_is_gone_has_failed_and_what_is_not_set_is_named(tmp_path: Path) -> None:
    (tmp_path / "kubectl").write_text(KUBECTL.format(python=sys.executable, here=str(tmp_path)))
    (tmp_path / "kubectl").chmod(0o755)
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    said = subprocess.run([PROFILE / "status", "gone"], env=env, capture_output=True, text=True, check=True)
    assert said.stdout == "failed\n"
    command = [sys.executable, PROFILE / "submit", "--memory", "1", "--minutes", "1", "--cores", "1", "x"]
    told = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert told.returncode != 0 and "WIRETRACE_IMAGE" in told.stderr


def test_the_whole_workflow_is_planned_for_a_cluster(tmp_path: Path) -> None:
    """Every key of the profile is one that Snakemake or the executor knows, every group one of this workflow."""
    (tmp_path / "articles.csv").write_text("url,text\nhttps://a.example/1,The quay opened.\n", encoding="utf-8")
    told = {"investigation": "planned", "results": str(tmp_path), "inputs": {"articles": ["articles.csv"]}}
    (tmp_path / "investigation.yaml").write_text(json.dumps(told), encoding="utf-8")
    command = [sys.executable, "-m", "snakemake", "--dry-run", "--workflow-profile", "workflow/profiles/kubernetes"]
    command += ["--configfile", str(tmp_path / "investigation.yaml")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "trace_speech" in said and "mem_mb=" in said


def test_profiles_name_rules_that_there_are() -> None:
    rules = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "workflow" / "rules").glob("*.smk"))
    for name in ("slurm", "kubernetes"):
        text = (ROOT / "workflow" / "profiles" / name / "config.yaml").read_text(encoding="utf-8")
        for entry in yaml.safe_load(text)["groups"]:
            assert f"rule {entry.partition('=')[0]}:" in rules, f"{name}: {entry}"
