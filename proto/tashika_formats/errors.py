"""The one shape of every error of this package: a stable code, and a sentence in Japanese and in English."""


class FormatError(ValueError):
    """Something that was read is not in the agreed form.

    `code` is a stable upper-case token for programs; `ja` and `en` are whole sentences for people: what is
    wrong and what to do next. The text of the exception is ASCII-safe English behind the code, and it never
    repeats what was read, so that it may be logged even where a secret was read.
    """

    def __init__(self, code: str, ja: str, en: str) -> None:
        super().__init__(f"{code}: {en}")
        self.code = code
        self.ja = ja
        self.en = en

    def sentence(self, language: str = "ja") -> str:
        """The sentence for people in `language`: "en" gives English, everything else Japanese."""
        return self.en if language == "en" else self.ja
