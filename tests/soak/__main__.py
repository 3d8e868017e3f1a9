"""`./dev soak`: the long fault run; `./dev soak --budget`: one rep's day, and what it asks of Salesforce."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.peers.secret_service import SecretService
from tests.soak import budget, faults


def main() -> int:
    """Exit code 0 when every fact is there exactly once, or when the day stayed within its budget."""
    parser = argparse.ArgumentParser(prog="./dev soak")
    parser.add_argument("--calls", type=int, default=500)
    parser.add_argument("--texts", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--budget", action="store_true", help="count the requests of one rep's day instead")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rd-", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if options.budget:
            return budget.run(folder, options.seed)
        (folder / "far").mkdir()
        with SecretService(folder / "keys") as secrets:
            soak = faults.Soak(folder, secrets, options.seed)
            try:
                return faults.run(soak, calls=options.calls, texts=options.texts, kills=options.kills)
            finally:
                soak.close()


if __name__ == "__main__":
    sys.exit(main())
