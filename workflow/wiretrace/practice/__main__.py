"""`python -m wiretrace.practice demo|serve|score [WORLD]`: run, serve or score a practice world."""

import argparse
import sys
import threading

from wiretrace.practice import demo, world
from wiretrace.practice.servers import serve


def main() -> int:
    """Do what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["demo", "serve", "score"])
    parser.add_argument("world", nargs="?", type=int, default=1, help="seed of the world; default 1")
    args = parser.parse_args()
    if args.what == "demo":
        return demo.run(args.world)
    made = world.build(args.world)
    if args.what == "score":
        demo.scored(demo.ROOT / "results" / demo.name_of(args.world), made)
        return 0
    with serve(made, demo.ROOT / ".practice" / f"world-{args.world}") as internet:
        print(f"proxy: {internet.proxy}\nresolvers: [{internet.resolver}]\nca_file: {internet.ca_file}", flush=True)
        threading.Event().wait()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
