"""`python -m wiretrace.practice WHAT [WORLD]`: run, serve or score a practice world, or run the chain on real material.

demo    serve the world, investigate it, print findings beside the truth
serve   only serve it, for trying things by hand
score   score the newest version again
readme  put the first world's figures into the README
real    build an investigation of real material, where it is at hand, and run it
"""

import argparse
import sys
import threading

from wiretrace import command
from wiretrace.practice import demo, real, world
from wiretrace.practice.servers import serve


def main() -> int:
    """Do what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["demo", "serve", "score", "readme", "real"])
    parser.add_argument("world", nargs="?", type=int, default=1, help="seed of the world; default 1")
    args = parser.parse_args()
    if args.what == "demo":
        return demo.run(args.world)
    if args.what == "readme":
        demo.update_readme()
        return 0
    if args.what == "real":
        return real.run()
    made = world.build(args.world)
    if args.what == "score":
        demo.scored(demo.ROOT / "results" / demo.name_of(args.world), made)
        return 0
    with serve(made, demo.state_of(args.world)) as internet:
        print(f"proxy: {internet.proxy}\nresolvers: [{internet.resolver}]\nca_file: {internet.ca_file}", flush=True)
        threading.Event().wait()
    return 0


if __name__ == "__main__":
    command.run(lambda: sys.exit(main()))
