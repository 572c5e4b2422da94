"""A demo server inside this program: opened, filled with samples, served."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from tashika_server.config import Settings, load_settings
from tashika_server.demo.clock import DemoClock
from tashika_server.demo.folder import DemoFolder, demo_folder
from tashika_server.demo.options import DemoOptions, DemoUsageError
from tashika_server.demo.samples.plans import OLDEST_DAYS
from tashika_server.demo.seeding import Seeded, seed
from tashika_server.demo.stories import opening_day
from tashika_server.domain.calendar import japan_day
from tashika_server.host.register import open_register, serving
from tashika_server.logs import configure_logs
from tashika_server.security.passwords import ArgonPasswords, Cost
from tashika_server.transport.listen import parse_address
from tashika_server.transport.server import GrpcServer

# Some dozens of accounts are made at each start. Their passwords are random and guard invented data, so a hash
# may be cheap: 19 MiB and two passes, OWASP's least for argon2id.
_COST = Cost(passes=2, memory_kib=19 * 1024, lanes=1)

# What a demo takes from the environment. Nothing else: variables of a real register (its data, keys, database)
# must never reach a program that makes samples.
_FROM_ENVIRONMENT = (
    *("TASHIKA_LOG_LEVEL", "TASHIKA_RENDER_WORKERS", "TASHIKA_TLS_CERT", "TASHIKA_TLS_KEY"),
    *("TASHIKA_SSH_HOST_LISTEN", "TASHIKA_SSH_HOST_ACCOUNT", "TASHIKA_SSH_HOST_CERTIFICATE"),
)

_VIEWER = "tashika open 保証契約番号"


@dataclass(frozen=True, slots=True)
class Embedded:
    """A demo server that serves. `folder` is for what goes with it at the end."""

    server: GrpcServer
    address: str
    seeded: Seeded
    folder: Path


@asynccontextmanager
async def embedded(options: DemoOptions, said: TextIO | None = None) -> AsyncIterator[Embedded]:
    """Open, fill and serve a demo register; at the end it is closed, and removed unless it is to be kept.

    `said` gets how far it is, standard error if nothing is given.
    Raises DemoUsageError, SettingsError, ListenError and what else `open_register` raises.
    """
    with demo_folder(options.data) as folder:
        settings = _settings(options, folder)
        configure_logs(settings.log_level)
        today = japan_day(datetime.now(UTC))
        clock = DemoClock(opening_day(today, OLDEST_DAYS))
        async with open_register(settings, passwords=ArgonPasswords(_COST), clock=clock) as register:
            seeded = await seed(
                register, clock, today, contracts=options.contracts, number=options.seed, said=said
            )
            async with serving(register) as (server, address):
                yield Embedded(server, address, seeded, folder.temporary)


def _settings(options: DemoOptions, folder: DemoFolder) -> Settings:
    flags = {
        "data": str(folder.data),
        "keys": str(folder.keys),
        "demo": "yes",
        "listen": options.listen or f"unix:{folder.socket}",
    }
    environment = {"TASHIKA_LOG_LEVEL": "WARNING", "TASHIKA_VIEWER": _VIEWER}
    environment |= {name: os.environ[name] for name in _FROM_ENVIRONMENT if os.environ.get(name)}
    settings = load_settings(flags, environment)
    if not parse_address(settings.listen).local and settings.tls_cert is None:
        raise DemoUsageError(
            f"{settings.listen} は外部から接続できるので TLS が必要です。TASHIKA_TLS_CERT と TASHIKA_TLS_KEY を"
            "設定するか、127.0.0.1 を指定してください。 / "
            f"{settings.listen} can be reached from outside, so TLS is needed: set TASHIKA_TLS_CERT and "
            "TASHIKA_TLS_KEY, or listen at 127.0.0.1."
        )
    return settings
