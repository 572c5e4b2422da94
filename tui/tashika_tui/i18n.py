"""Every text that people see, in Japanese and English, from the catalogues in `locales`."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("ja", "en")
DEFAULT_LANGUAGE = "ja"

# The order in which POSIX lets a locale be chosen (IEEE Std 1003.1, section 8.2).
_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


@dataclass(frozen=True, slots=True)
class Said:
    """A text of the catalogues that is put into words when it is shown, and again in another language."""

    key: str
    params: Mapping[str, object]


# What may be shown: a text of the catalogues, or words that are there already, such as a server's sentence.
Wording = str | Said


def say(key: str, /, **params: object) -> Said:
    """The text of `key` with `params` in their places, in whatever language is set when it is shown."""
    return Said(key, params)


class Texts:
    """The texts in one language: `texts("open.heading", number=...)`.

    Raises KeyError for a key that the catalogue does not have, which a test keeps from happening.
    """

    def __init__(self, language: str = DEFAULT_LANGUAGE) -> None:
        self.language = language
        self._catalogue = catalogue(language)

    def __call__(self, key: str, /, **params: object) -> str:
        """The text of `key` with `params` in their places."""
        text = self._catalogue[key]
        return text.format(**params) if params else text

    def words(self, wording: Wording) -> str:
        """`wording` in this language."""
        return wording if isinstance(wording, str) else self(wording.key, **wording.params)

    def choice(self, family: str, token: str) -> str:
        """The word for a token of an enumeration, such as ("state", "IN_FORCE").

        A token that this client does not know, from a newer server, stands for itself; an empty one is
        empty.
        """
        return self._catalogue.get(f"{family}.{token}", token)

    def has(self, key: str) -> bool:
        """Whether the catalogue has this key."""
        return key in self._catalogue


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All texts of `ja` or `en` by dotted key."""
    # Not by importlib.resources, whose import alone takes as long as the reading.
    found: dict[str, str] = {}
    for path in sorted((Path(__file__).parent / "locales" / language).glob("*.toml")):
        found.update(_flat("", tomllib.loads(path.read_text(encoding="utf-8"))))
    return found


def _flat(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, str):
            yield prefix + name, value
        else:
            yield from _flat(f"{prefix}{name}.", value)


def environment_language(environment: Mapping[str, str]) -> str:
    """`en` where the environment's locale is English, else `ja`: who works with this is in Japan."""
    chosen = next((environment[name] for name in _LOCALE_VARIABLES if environment.get(name)), "")
    return "en" if chosen.lower().startswith("en") else DEFAULT_LANGUAGE


def take_language(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """What `--lang` says among the arguments, and the arguments without it; None where it is not there.

    It is taken out before anything else is read, since help and errors need it too. A missing value is
    given as an empty text. Behind `--` nothing is an option.
    """
    found: str | None = None
    rest: list[str] = []
    left = iter(arguments)
    for argument in left:
        if argument == "--":
            return found, [*rest, argument, *left]
        if argument == "--lang":
            found = next(left, "")
        elif argument.startswith("--lang="):
            found = argument.removeprefix("--lang=")
        else:
            rest.append(argument)
    return found, rest
