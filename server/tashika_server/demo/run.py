"""`tashika-server demo`: fill, serve, and play the script."""

import getpass
import os
import sys
from dataclasses import replace

from tashika_server.demo.embedded import Embedded, embedded
from tashika_server.demo.greeting import greeting, say_all
from tashika_server.demo.options import DemoOptions, DemoUsageError, check_options
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
    async with embedded(options) as demo:
        held = not options.script or await _play_here(options, demo)
        if held and (options.keep_serving or not options.script):
            say_all(greeting(demo, options.seed))
            await ending.wait()
        await demo.server.drain()
    return _DONE if held else _FAILED


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
