"""The key table as a page: `python -m tashika_tui.key_document ja` (or `en`)."""

import sys
from collections.abc import Iterator

from tashika_tui.i18n import DEFAULT_LANGUAGE, LANGUAGES, Texts
from tashika_tui.keymap import Scope, keys_shown, of_scope


def key_lines(texts: Texts) -> Iterator[str]:
    """The table in Markdown, a section per scope."""
    yield f"# {texts('keys_page.title')}"
    for scope in Scope:
        yield ""
        yield f"## {texts(f'scope.{scope.value}')}"
        yield ""
        yield f"| {texts('keys_page.key')} | {texts('keys_page.action')} |"
        yield "|---|---|"
        for key in of_scope(scope):
            keys = keys_shown(key).replace("|", "\\|")
            yield f"| {keys or texts('help_screen.palette')} | {texts(f'key.{key.id}')} |"


def main(arguments: list[str]) -> int:
    """Prints the page. Exit code 2: no such language."""
    language = arguments[0] if arguments else DEFAULT_LANGUAGE
    if language not in LANGUAGES:
        return 2
    sys.stdout.write("\n".join(key_lines(Texts(language))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
