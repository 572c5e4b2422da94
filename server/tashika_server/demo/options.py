"""What `tashika-server demo` was asked for."""

from dataclasses import dataclass
from pathlib import Path

DEFAULT_SEED = 20251226
"""The day of the city's briefing on electronic guarantees; any number does."""


class DemoUsageError(Exception):
    """Flags that do not go together, or one that is missing; the text says what to do, in Japanese and English."""


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """The flags of `tashika-server demo`, as the command line gives them.

    `contracts` is how many sample contracts are made. `seed` fixes everything about them but ids, keys and
    passwords; dates are counted from today. `client` is whether the full-screen client is opened where there is a
    terminal for it.
    """

    script: bool = False
    out: Path | None = None
    connect: str | None = None
    listen: str | None = None
    data: Path | None = None
    keep_serving: bool = False
    contracts: int = 300
    ca: Path | None = None
    client: bool = True
    seed: int = DEFAULT_SEED


def check_options(options: DemoOptions) -> None:
    """Raise DemoUsageError where flags do not go together."""
    if options.script and options.out is None:
        raise DemoUsageError(
            "--script には --out DIR が要ります。 / --script needs --out DIR, the folder for what it makes."
        )
    if options.out is not None and not options.script:
        raise DemoUsageError("--out は --script と使います。 / --out goes with --script.")
    if options.connect is None:
        return
    if not options.script:
        raise DemoUsageError("--connect は --script と使います。 / --connect goes with --script.")
    if options.listen is not None or options.data is not None or options.keep_serving:
        raise DemoUsageError(
            "--connect では別に起動したサーバーを使うので、--listen、--data、--keep-serving は指定できません。 / "
            "With --connect the server is another program: --listen, --data and --keep-serving do not apply."
        )
