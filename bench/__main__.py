"""Run every bench, or those named: `python -m bench emission sale`."""

import sys

from bench import emission, lists, paper, peer, reading, reports, sale

BENCHES = {
    "emission": emission.run,
    "peer": peer.run,
    "reading": reading.run,
    "paper": paper.run,
    "sale": sale.run,
    "lists": lists.run,
    "reports": reports.run,
}


def main(names: list[str]) -> int:
    """Run the benches and print a line per goal. Returns the number of unknown names."""
    unknown = [name for name in names if name not in BENCHES]
    for name in unknown:
        print(f"unknown bench: {name}; there are {', '.join(BENCHES)}")
    for name in names or BENCHES:
        if name in BENCHES:
            BENCHES[name]()
    return len(unknown)


sys.exit(main(sys.argv[1:]))
