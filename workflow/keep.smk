"""Keep sealed evidence and published versions on an S3-compatible server, and fetch them from there.

snakemake --snakefile workflow/keep.smk --cores 4 --configfile FILE --config kept=s3://BUCKET/FOLDER -- keep|fetch

needs  the extra `cloud`; server and credentials as the plugin takes them (docs/scaling.md)
gives  keep: an object for each file of the sealed rounds and the versions in results/NAME, under the same name;
       fetch: a file for each object there that is not here

A sealed round and a version never change, so what is there, or here, is not written again. A manifest follows the files
that it names, so that no half round passes for a sealed one. `make verify` sums what was fetched.
"""

from wiretrace import plan

URL = config.pop("kept").rstrip("/")
PLACE = plan.place(config)
KEPT = f"{URL}/{PLACE.name}"
HERE = plan.lasting(PLACE)


wildcard_constraints:
    name=r"(evidence|versions)/[\w./-]+",


def object_of(name):
    """The object that keeps the file ``name``."""
    return storage.s3(f"{KEPT}/{name}")


def others(names, name):
    """Of ``names``, the files that ``name``, a manifest, seals; none where it is another file."""
    folder = name.removesuffix("manifest.json")
    return [n for n in names if n != name and n.startswith(folder) and folder != name]


# The plugin's own search for names (glob_wildcards) finds none where the query begins with s3://.
FOLDER = storage.s3(KEPT).flags["storage_object"]
THERE = [item.key.removeprefix(f"{FOLDER.key}/") for item in FOLDER.get_subkeys()]
MISSING = [name for name in THERE if name not in HERE]


localrules:
    keep,
    fetch,


rule keep:
    input:
        [object_of(name) for name in HERE],


rule fetch:
    input:
        [f"{PLACE}/{name}" for name in MISSING],


if HERE:

    rule keep_file:
        input:
            file=ancient(f"{PLACE}/{{name}}"),
            before=lambda wildcards: [
                object_of(n) for n in others(HERE, wildcards.name)
            ],
        output:
            object_of("{name}"),
        shell:
            "cp {input.file:q} {output:q}"


if MISSING:

    rule fetch_file:
        input:
            file=ancient(object_of("{name}")),
            before=lambda wildcards: [
                f"{PLACE}/{n}" for n in others(MISSING, wildcards.name)
            ],
        output:
            f"{PLACE}/{{name}}",
        shell:
            "cp {input.file:q} {output:q}"
