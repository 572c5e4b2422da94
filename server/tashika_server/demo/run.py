"""`tashika-server demo`: fill, serve, and play the script."""

import asyncio
import getpass
import os
import shutil
import sys
from dataclasses import replace

from tashika_server.demo.embedded import Embedded, embedded
from tashika_server.demo.greeting import farewell, greeting, invitation, say_all
from tashika_server.demo.guest import enter_pressed, forget_typed, has_seat, run_client
from tashika_server.demo.options import DemoOptions, DemoUsageError, check_options
from tashika_server.demo.relay import Relay, relayed_errors
from tashika_server.demo.script.options import Credentials, ScriptOptions
from tashika_server.demo.script.play import play, prepare_out
from tashika_server.demo.signals import TERMINATED, Ending, TerminatedError, watch_signals
from tashika_server.sample import orderers_json

OPERATOR_VARIABLE = "TASHIKA_DEMO_OPERATOR"
PASSWORD_VARIABLE = "TASHIKA_DEMO_PASSWORD"  # noqa: S105 - the name of a variable

_DONE, _FAILED, _USAGE = 0, 1, 2


async def run_demo(options: DemoOptions) -> int:
    """Do what was asked for, and give the exit code.

    0: everything held. 1: a step of the script failed. 2: the flags do not go together. Raises what opening and
    serving a register raises.
    """
    try:
        check_options(options)
        with watch_signals() as ending:
            # Before anything is made: filling a register takes a while.
            if options.out is not None and not prepare_out(options.out):
                return _FAILED
            if options.connect is not None:
                return await _play_against(options, options.connect)
            return await _serve(options, ending)
    except DemoUsageError as error:
        print(f"tashika-server demo: {error}", file=sys.stderr)
        return _USAGE
    except TerminatedError:
        return TERMINATED


async def _serve(options: DemoOptions, ending: Ending) -> int:
    if has_seat(options):
        return await _serve_at_terminal(options, ending)
    async with embedded(options) as demo:
        held = not options.script or await _play_here(options, demo)
        if held and (options.keep_serving or not options.script):
            ending.serve()
            say_all(greeting(demo, options.seed))
            await ending.wait()
        await demo.server.drain()
    return _DONE if held else _FAILED


async def _serve_at_terminal(options: DemoOptions, ending: Ending) -> int:
    """Serve for as long as the client runs that Enter opens, or until a signal comes."""
    with relayed_errors() as relay, os.fdopen(os.dup(relay.terminal), "w") as terminal:
        async with embedded(options, terminal) as demo:
            ending.serve()
            forget_typed()
            say_all(invitation(demo, options.seed, shutil.get_terminal_size().columns))
            asked = asyncio.create_task(ending.wait())
            guest = asyncio.create_task(_receive(demo, relay))
            try:
                await asyncio.wait((asked, guest), return_when=asyncio.FIRST_COMPLETED)
            finally:
                asked.cancel()
                guest.cancel()
                await asyncio.gather(asked, guest, return_exceptions=True)
            await demo.server.drain()
            if not guest.cancelled():
                guest.result()
    return _DONE


async def _receive(demo: Embedded, relay: Relay) -> None:
    """Open the client as soon as somebody wants it; return when that person left it as one does."""
    if await enter_pressed():
        code = await run_client(demo.address, demo.folder / "client", relay)
        say_all(farewell(code))
        if code == _DONE:
            return
    # Nobody is here, or the client could not go on: others may still use the server.
    await asyncio.Event().wait()


async def _play_here(options: DemoOptions, demo: Embedded) -> bool:
    operator = demo.seeded.cast.operator
    credentials = Credentials(operator.person.login_name, operator.password)
    guarantor = demo.seeded.cast.guarantors[0].organization.name
    return await play(replace(_script(options, demo.address, credentials), guarantor=guarantor))


async def _play_against(options: DemoOptions, address: str) -> int:
    return _DONE if await play(_script(options, address, _asked_credentials())) else _FAILED


def _script(options: DemoOptions, address: str, operator: Credentials) -> ScriptOptions:
    assert options.out is not None
    return ScriptOptions(address, options.ca, options.out, operator, orderers_json())


def _asked_credentials() -> Credentials:
    """Give the operator's name and password from the environment, else ask at the terminal."""
    name, password = os.environ.get(OPERATOR_VARIABLE, ""), os.environ.get(PASSWORD_VARIABLE, "")
    if (not name or not password) and not sys.stdin.isatty():
        raise DemoUsageError(
            f"--connect には運営者の {OPERATOR_VARIABLE} と {PASSWORD_VARIABLE} が要ります。 / "
            f"--connect needs an operator's {OPERATOR_VARIABLE} and {PASSWORD_VARIABLE} in the environment."
        )
    name = name or input("運営者の名前 / operator's sign-in name: ").strip()
    password = password or getpass.getpass("パスワード / password: ")
    return Credentials(name, password)
