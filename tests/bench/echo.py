"""The peer: a bare grpc.aio handler that gives back what it got, in a process of its own.

`python -m tests.bench.echo` prints one line with its port when it is ready, and serves until SIGTERM.
"""

import asyncio
import signal
from typing import Any

import grpc.aio

from tashika_server.transport.server import _OPTIONS

METHOD = "/tashika.bench.Echo/Echo"
# What the register's server admits, so that neither queues differently.
MAXIMUM_CALLS = 4096


async def _echo(data: bytes, context: "grpc.aio.ServicerContext[bytes, bytes]") -> bytes:
    return data


async def serve() -> None:
    """Serve on a free loopback port."""
    server = grpc.aio.server(options=_OPTIONS, maximum_concurrent_rpcs=MAXIMUM_CALLS)
    handlers: dict[str, grpc.RpcMethodHandler[Any, Any]] = {
        "Echo": grpc.unary_unary_rpc_method_handler(_echo)
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("tashika.bench.Echo", handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    asked = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asked.set)
    print(f"ready at 127.0.0.1:{port}", flush=True)
    await asked.wait()
    await server.stop(1)


if __name__ == "__main__":
    asyncio.run(serve())
