"""How documents are named in the commands that get them."""

WITH_KEY = "--with-key"
"""By number and key, as somebody opens a certificate without an account; the key comes from standard input."""


def certificate_words(number: str, version: int = 0) -> tuple[str, ...]:
    """A certificate, of a version or (0) the current one."""
    return ("certificate", number, *(("--version", str(version)) if version else ()))
