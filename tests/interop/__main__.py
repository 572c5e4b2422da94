"""Plays the main job in other languages: `python -m tests.interop [--install] [node] [ruby] [cpp]`.

Each client runs against one live register over TLS. What can't run says SKIPPED and why. Exit codes: 0 all ran and
passed, 1 one failed, 3 none failed, but one was skipped.
"""

import argparse
import asyncio
import sys
import time
from dataclasses import dataclass

from tests.interop.languages import LANGUAGES, Language, PreparationError, install
from tests.interop.playing import play
from tests.interop.register import LiveRegister, live_register

FAILED, SKIPPED = 1, 3


@dataclass(frozen=True)
class Result:
    """What became of a language: PASSED, FAILED or SKIPPED, and why."""

    language: str
    word: str
    why: str


def ready(language: Language, *, installing: bool) -> Result | None:
    """Make the client ready to run; a result where that is not possible."""
    missing = language.missing()
    if missing and installing:
        print(f"{language.name}: {missing}; installing {' '.join(language.packages)}", flush=True)
        refusal = install(language.packages)
        missing = language.missing() and f"{language.missing()}; {refusal or 'the packages do not bring it'}"
    if missing:
        return Result(language.name, "SKIPPED", missing)
    started = time.monotonic()
    try:
        language.prepare()
    except PreparationError as failed:
        return Result(language.name, "FAILED", str(failed))
    print(f"{language.name}: ready ({time.monotonic() - started:.0f} s)", flush=True)
    return None


async def played(language: Language, register: LiveRegister) -> Result:
    """Run the client."""
    started = time.monotonic()
    done = await play(language, register, lambda line: print(f"{language.name}: {line}", flush=True))
    why = f"{len(done.steps)} steps in {time.monotonic() - started:.0f} s"
    if done.code != 0 or not done.steps:
        return Result(language.name, "FAILED", f"exit code {done.code} after {why}")
    return Result(language.name, "PASSED", why)


async def results(languages: list[Language], *, installing: bool) -> list[Result]:
    """One result for each language; the register starts only where a client can run."""
    early = {language.name: ready(language, installing=installing) for language in languages}
    if all(early.values()):
        return [result for result in early.values() if result]
    async with live_register() as register:
        return [early[language.name] or await played(language, register) for language in languages]


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("languages", nargs="*", choices=[*LANGUAGES, []], help="default: all")
    parser.add_argument(
        "--install", action="store_true", help="install what is missing, with apt-get as root"
    )
    wanted = parser.parse_args()
    languages = [LANGUAGES[name] for name in wanted.languages or LANGUAGES]
    found = asyncio.run(results(languages, installing=wanted.install))
    words = [result.word for result in found]
    print()
    for result in found:
        print(f"{result.word}  {result.language}: {result.why}")
    print(f"{words.count('PASSED')} passed, {words.count('FAILED')} failed, {words.count('SKIPPED')} skipped")
    return FAILED if "FAILED" in words else SKIPPED if "SKIPPED" in words else 0


if __name__ == "__main__":
    sys.exit(main())
