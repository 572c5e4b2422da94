"""An opened certificate: whether it is authentic, all that it says, and its PDF."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual.app import ComposeResult

from tashika_formats.verify_certificate import CURRENT
from tashika_formats.verify_errors import NotAuthenticError
from tashika_tui.client.errors import RegisterError
from tashika_tui.client.records import File, OpenedCertificate, VersionRow
from tashika_tui.failure import describe
from tashika_tui.i18n import Texts, say
from tashika_tui.presenting.sheet import Section
from tashika_tui.presenting.statement import statement_sections, title
from tashika_tui.presenting.verification import verified_rows
from tashika_tui.presenting.wording import day_text, moment_text
from tashika_tui.problems import LocalError
from tashika_tui.screens.base import BaseScreen
from tashika_tui.screens.shared.words import WITH_KEY, certificate_words
from tashika_tui.verification import Trusted, verify_with_register
from tashika_tui.widgets.field_sheet import FieldSheet
from tashika_tui.widgets.values import Choice
from tashika_tui.widgets.words import Say


@dataclass(frozen=True, slots=True)
class Shown:
    """An opened certificate whose statement is what the guarantor signed."""

    opened: OpenedCertificate
    statement: dict[str, Any]
    demo: bool


@dataclass(frozen=True, slots=True)
class _Verified:
    """A version's PDF, and what its verification says."""

    file: File
    trusted: Trusted


class CertificateScreen(BaseScreen[None]):
    """The result of the verification stands above everything else, in plain words."""

    TITLE = "viewer.certificate"
    KEYS = ("save_document",)
    FOOTER = ("save_document", "scroll_page_down", "scroll_page_up", "back", "help", "palette")
    HELP = "viewer.certificate_help"
    LABELS: ClassVar[Mapping[str, str]] = {"save_document": "viewer.save_pdf"}

    DEFAULT_CSS = """
    CertificateScreen #demo { text-style: bold; color: $warning; padding: 0 1; }
    CertificateScreen #result { text-style: bold; padding: 0 1; }
    CertificateScreen #result.good { color: $success; }
    CertificateScreen #result.careful { color: $warning; }
    CertificateScreen #result.bad { color: $error; }
    CertificateScreen #demo:ansi, CertificateScreen #result:ansi { color: ansi_default; text-style: bold; }
    CertificateScreen #result.bad:ansi { text-style: bold reverse; }
    """

    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self._shown = shown
        self._verified: _Verified | None = None
        self._problem: Exception | None = None

    def body(self) -> ComposeResult:
        """The mark of a demonstration, the heading, the result in one sentence, and one sheet."""
        if self._shown.demo:
            yield Say(say("certificate.demo"), id="demo")
        yield Say("", id="heading", classes="title")
        yield Say("", id="result")
        yield FieldSheet(self._sections)

    def relabel(self) -> None:
        """The heading, with the state in words, and the result."""
        state = self.texts.choice("state", self._shown.opened.contract_state)
        heading = say("viewer.heading", title=title(self.texts, self._shown.statement), state=state)
        self.query_one("#heading", Say).say(heading)
        said, sentence = self.query_one("#result", Say), self._sentence(self.texts)
        for look in ("good", "careful", "bad"):
            said.set_class(look == self._look, look)
        said.say(say("viewer.result_line", sentence=sentence))

    async def load(self) -> None:
        """Fetches the PDF and verifies it, once. What keeps it from that is part of what is shown."""
        if self._verified is None:
            try:
                self._verified = await self._verify(self._shown.opened.version)
            except (NotAuthenticError, RegisterError, LocalError) as error:
                self._problem = error
        self.relabel()
        self.query_one(FieldSheet).relabel()

    def action_save_document(self) -> None:
        """Saves the PDF of a version; only what is verified is saved."""
        self.perform(self._save)

    async def _save(self) -> None:
        version = await self._which()
        if version is None:
            return
        opened = self._shown.opened
        words = certificate_words(opened.contract_number, 0 if version == opened.version else version)
        words += (WITH_KEY,)
        await self.deliver_from(lambda: self._vouched(version), words)

    async def _vouched(self, version: int) -> File:
        """The PDF of a version, if it can be verified. Raises LocalError, RegisterError."""
        found = self._verified
        if found is None or found.trusted.verified.version != version:
            try:
                found = await self._verify(version)
            except NotAuthenticError as error:
                sentence = error.sentence(self.texts.language)
                raise LocalError("verify.not_authentic", sentence=sentence, reason=error.reason) from None
        return found.file

    async def _which(self) -> int | None:
        versions = self._shown.opened.versions
        if len(versions) < 2:
            return self._shown.opened.version
        choices = [Choice(str(row.version), self._version_text(self.texts, row)) for row in versions]
        chosen = await self.pick(say("viewer.which_version"), choices, str(self._shown.opened.version))
        return None if chosen is None else int(chosen)

    async def _verify(self, version: int) -> _Verified:
        """The PDF of a version, if the register and the guarantor's signature vouch for it."""
        opened, now = self._shown.opened, self.session.context.now()
        expected = next(
            (row.pdf_sha256 for row in opened.versions if row.version == version), opened.pdf_sha256
        )
        file = await self.ask(lambda register: register.download_viewed(opened.viewing_token, version))
        if file.sha256 != expected:
            raise NotAuthenticError("ALTERED", "the download is not the file that was opened")
        trusted = await self.ask(lambda register: verify_with_register(register, file.content, (), now))
        found = trusted.verified
        if (found.contract_number, found.version) != (opened.contract_number, version):
            raise NotAuthenticError("RECORD_DIFFERS", "the file is another certificate's")
        return _Verified(file, trusted)

    def _sections(self, texts: Texts) -> Sequence[Section]:
        opened = self._shown.opened
        versions = [("", self._version_text(texts, row)) for row in opened.versions]
        until = moment_text(texts, opened.viewing_token_expire_time)
        return [
            *_with_heading(texts, statement_sections(texts, self._shown.statement, opened.contract_state)),
            Section(texts("viewer.result"), self._basis(texts)),
            Section(texts("heading.versions"), versions),
            Section(texts("viewer.pdf"), [("", texts("viewer.pdf_about", until=until))]),
        ]

    @property
    def _look(self) -> str:
        """How the result is coloured; the sentence says the same."""
        if isinstance(self._problem, NotAuthenticError):
            return "bad"
        if self._verified is None:
            return "careful" if self._problem is not None else ""
        return "good" if self._verified.trusted.verified.standing == CURRENT else "careful"

    def _sentence(self, texts: Texts) -> str:
        """What is known of its authenticity."""
        if self._verified is not None:
            found = self._verified.trusted.verified
            newer = found.version < found.current_version
            more = (
                texts("verify.newer", version=found.version, current=found.current_version) if newer else ""
            )
            return found.sentence(texts.language) + more
        if self._problem is None:
            return texts("viewer.verifying")
        if isinstance(self._problem, NotAuthenticError):
            sentence = self._problem.sentence(texts.language)
            return texts("verify.not_authentic", sentence=sentence, reason=self._problem.reason)
        failure = describe(texts, self._problem, self.session.address)
        return texts("viewer.not_verified", sentence=failure.sentence if failure is not None else "")

    def _basis(self, texts: Texts) -> list[tuple[str, str]]:
        """What the sentence rests on."""
        if self._verified is not None:
            return [*verified_rows(texts, self._verified.trusted), ("", texts("viewer.basis"))]
        if isinstance(self._problem, NotAuthenticError):
            return []
        return [("", texts("open.signature_checked"))]

    def _version_text(self, texts: Texts, row: VersionRow) -> str:
        current = row.version == self._shown.opened.version
        key = "open.version_current" if current else "open.version_earlier"
        return texts(key, version=row.version, day=day_text(texts, row.issue_date))


def _with_heading(texts: Texts, sections: Sequence[Section]) -> list[Section]:
    """The first section of a statement has no heading of its own."""
    return [Section(section.heading or texts("heading.guarantee"), section.rows) for section in sections]
