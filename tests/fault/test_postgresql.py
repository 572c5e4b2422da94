"""The same on PostgreSQL: kills lose nothing, and a second server on the same database does not start."""

from pathlib import Path

import pytest

from tests.fault.moments import POSTGRESQL_PLACES
from tests.fault.site import furnish, site_in
from tests.fault.test_kills import SEED, kill_again_and_again
from tests.storage.databases import Cluster, Database, cluster, postgresql

__all__ = ["Cluster", "cluster", "postgresql"]


@pytest.mark.slow
async def test_kills_lose_nothing_on_postgresql(postgresql: Database, tmp_path: Path) -> None:
    with site_in(tmp_path, postgresql_url=str(postgresql.location)) as site:
        await kill_again_and_again(site, tmp_path / "journal", 4, SEED + 2, POSTGRESQL_PLACES)


async def test_a_second_server_on_the_database_is_refused(postgresql: Database, tmp_path: Path) -> None:
    url = str(postgresql.location)
    settings = {"postgresql_url": url, "render_workers": "1"}
    with site_in(tmp_path, **settings) as site, site_in(tmp_path, **settings) as other:
        await furnish(site, ready=1)
        async with site.serving() as serving:
            second = await other.command("serve", "--demo", "--listen", f"unix:{other.sockets}/s")
            assert second.code == 1
            assert "in use" in second.err
            assert url not in second.err
            assert len(second.err.splitlines()) == 1
            assert await serving.stop() == 0
