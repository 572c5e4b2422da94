"""The register's server as `tashika-server serve` runs it, except for what a measurement has to hold still.

`python -m tests.bench.register_server DATA` prints `... ready at HOST:PORT` and serves until SIGTERM.
`--cold`: decoded things are forgotten at once, as if every call met a contract that nobody asked for lately.
"""

import argparse
import asyncio
import functools
from pathlib import Path

from tashika_server.host.serving import serve_until_signalled
from tashika_server.storage import store
from tashika_server.storage.cache import EntityCache
from tests.bench.world import settings_for


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--render-workers", type=int, default=2)
    parser.add_argument("--cold", action="store_true")
    given = parser.parse_args()
    if given.cold:
        # Two is the least that the cache itself can do with.
        vars(store)["EntityCache"] = functools.partial(EntityCache, capacity=2)
    settings = settings_for(given.data, "127.0.0.1:0", given.render_workers)
    asyncio.run(serve_until_signalled(settings, lambda line: print(line, flush=True)))


if __name__ == "__main__":
    main()
