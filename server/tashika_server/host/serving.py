"""`tashika-server serve`: open, say so, serve, drain."""

import asyncio
from collections.abc import Callable

from tashika_server.config import Settings
from tashika_server.host.mail_options import smtp_options
from tashika_server.host.register import open_register, server_options, serving, ssh_host_door
from tashika_server.logs import configure_logs
from tashika_server.transport.server import reachable_address


async def serve_until_signalled(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT, then drain. ``say`` gets one line when the server is ready."""
    configure_logs(settings.log_level)
    # Before anything is made: a first start that can't listen, or send, should leave nothing behind.
    reachable_address(server_options(settings))
    smtp_options(settings)
    ssh_host_door(settings)
    async with open_register(settings) as register:
        if register.secrets.created:
            say(
                f"made a new database in {settings.data} and new keys in {settings.keys}: back the keys up apart"
            )
        async with serving(register) as (server, address):
            until_signalled = asyncio.create_task(server.serve_until_signalled())
            # One turn for it to listen to signals: whoever reads the line may send one at once.
            await asyncio.sleep(0)
            say(f"tashika-server is ready at {address}")
            await until_signalled
