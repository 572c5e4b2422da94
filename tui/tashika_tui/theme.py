"""The four looks. What an app shows by colour it also shows by a word or a mark."""

from collections.abc import Mapping

from textual.theme import Theme

DARK, LIGHT, CONTRAST, MONOCHROME = "dark", "light", "contrast", "monochrome"
NAMES = (DARK, LIGHT, CONTRAST, MONOCHROME)


def choose(asked: str, environment: Mapping[str, str]) -> str:
    """The look that was asked for, else the one that fits the terminal: without colour where `NO_COLOR` is set
    to anything (no-color.org) or the terminal has none, else dark.
    """
    if asked in NAMES:
        return asked
    if environment.get("NO_COLOR") or environment.get("TERM", "").startswith("vt"):
        return MONOCHROME
    return DARK


def themes() -> tuple[Theme, ...]:
    """The looks as Textual knows them."""
    return (
        Theme(
            name=DARK,
            primary="#5fa8d3",
            secondary="#8ec6e6",
            accent="#f2c14e",
            warning="#f2c14e",
            error="#ff7b72",
            success="#7ccf8a",
            foreground="#e6e6e6",
            background="#14181d",
            surface="#1c2229",
            panel="#27303a",
            dark=True,
            variables=_cursor("#5fa8d3", "#0c1014") | _scrollbar("#1c2229"),
        ),
        Theme(
            name=LIGHT,
            primary="#1f5f8b",
            secondary="#2f6f9b",
            accent="#8a5a00",
            warning="#8a5a00",
            error="#b3261e",
            success="#1e6b35",
            foreground="#1b1b1b",
            background="#fafafa",
            surface="#f0f0f0",
            panel="#dfe5ea",
            dark=False,
            variables=_cursor("#1f5f8b", "#ffffff") | _scrollbar("#eaeef1"),
        ),
        Theme(
            name=CONTRAST,
            primary="#ffff00",
            secondary="#00ffff",
            accent="#ffff00",
            warning="#ffff00",
            error="#ff9090",
            success="#80ff80",
            foreground="#ffffff",
            background="#000000",
            surface="#000000",
            panel="#303030",
            dark=True,
            text_alpha=1.0,
            variables=_cursor("#ffff00", "#000000") | _scrollbar("#303030"),
        ),
        _monochrome(),
    )


def _cursor(background: str, foreground: str) -> dict[str, str]:
    return {
        "block-cursor-background": background,
        "block-cursor-foreground": foreground,
        "block-cursor-text-style": "bold",
        "input-cursor-background": background,
        "input-cursor-foreground": foreground,
    }


def _scrollbar(background: str) -> dict[str, str]:
    """What a bar runs in: seen, but no more than that, for it is there even where nothing scrolls."""
    return {
        "scrollbar-background": background,
        "scrollbar-background-hover": background,
        "scrollbar-background-active": background,
        "scrollbar-corner-color": background,
    }


def _monochrome() -> Theme:
    """The terminal's own two colours: reverse, bold and underline say the rest."""
    plain = "ansi_default"
    return Theme(
        name=MONOCHROME,
        primary=plain,
        secondary=plain,
        accent=plain,
        warning=plain,
        error=plain,
        success=plain,
        foreground=plain,
        background=plain,
        surface=plain,
        panel=plain,
        boost=plain,
        dark=True,
        ansi=True,
        variables={
            "ansi-background": plain,
            "ansi-foreground": plain,
            "block-cursor-background": plain,
            "block-cursor-foreground": plain,
            "block-cursor-text-style": "reverse",
            "input-cursor-background": plain,
            "input-cursor-foreground": plain,
            "input-cursor-text-style": "reverse",
            "input-selection-background": plain,
            "input-selection-foreground": plain,
            "screen-selection-background": plain,
            "screen-selection-foreground": plain,
            "scrollbar": plain,
            "scrollbar-background": plain,
            "scrollbar-corner-color": plain,
            "scrollbar-hover": plain,
            "scrollbar-active": plain,
            "scrollbar-background-hover": plain,
            "scrollbar-background-active": plain,
            "border": plain,
            "border-blurred": plain,
        },
    )
