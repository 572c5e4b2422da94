"""What can go wrong while a document is made."""


class DocumentError(Exception):
    """The base of all errors of this package."""


class FontError(DocumentError):
    """The fonts are missing, damaged, or not the ones that this release pins."""


class StatementError(DocumentError):
    """What is to be printed is no canonical certificate statement, or a field is absent or malformed."""


class MissingGlyphError(DocumentError):
    """A character is in no font, so printing it would leave a silent box on a legal document.

    `character` is the character with its variation selector or combining mark, `field` the dotted path of the
    text that holds it. All of it travels across processes.
    """

    def __init__(self, character: str, field: str) -> None:
        super().__init__(character, field)
        self.character = character
        self.field = field

    @property
    def code_points(self) -> str:
        """The character as `U+845B U+E0101`."""
        return " ".join(f"U+{ord(c):04X}" for c in self.character)

    def __str__(self) -> str:
        return f"no font has a glyph for {self.code_points} in {self.field}"


class SignerUnusableError(DocumentError):
    """The guarantor's key or chain can't be used; the text says which file and why, and holds no secret."""


class RenderUnavailableError(DocumentError):
    """No process can make the document now: the queue is full, or the workers died twice. Trying later may
    help.
    """
