"""The message of a notice: headers, and a plain text in UTF-8. The same notice gives the same bytes at each attempt."""

import textwrap
import unicodedata
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from typing import Final

from tashika_server.application.ports import Letter
from tashika_server.domain.calendar import JAPAN
from tashika_server.domain.notices import LANGUAGES
from tashika_server.mail.wording import FRAMES, WORDS, Frame

COLUMNS: Final = 72
"""Columns of a line; a full-width character takes two. RFC 5322 section 2.1.1 recommends at most 78."""

_INDENT: Final = {"ja": "　", "en": "  "}
_RULE: Final = "-" * COLUMNS


class AddressError(ValueError):
    """No mail can go to this address; the text says why."""


@dataclass(frozen=True, slots=True)
class Sender:
    """From whom mails come: the address with the name before it, and where answers go (empty: the same).

    ``demo``: the register is a demonstration, and every mail says so.
    """

    address: Address
    reply_to: Address | None = None
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A message to be handed over. ``receiver`` is the address for the envelope; ``utf8``: its name is not ASCII, so
    that the mail server has to take SMTPUTF8 (RFC 6531)."""

    receiver: str
    content: bytes
    utf8: bool


def compose(letter: Letter, sender: Sender) -> Message:
    """Make the message of a letter. Raises ``AddressError``."""
    receiver = receiver_of(letter.addressee.address)
    utf8 = not receiver.addr_spec.isascii()
    language = letter.addressee.language if letter.addressee.language in LANGUAGES else LANGUAGES[0]
    message = EmailMessage(policy=SMTPUTF8 if utf8 else SMTP)
    message["From"] = sender.address
    if sender.reply_to is not None:
        message["Reply-To"] = sender.reply_to
    message["To"] = receiver
    message["Subject"] = _subject(letter, language, sender.demo)
    message["Date"] = format_datetime(letter.event.time.astimezone(JAPAN))
    message["Message-ID"] = letter.message_id
    # RFC 3834 section 5: answering machines leave such a mail alone.
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = language
    # Base64 passes every mail server as it is, with lines of 76 characters.
    message.set_content(_text(letter, language, sender.demo), charset="utf-8", cte="base64")
    content = message.as_bytes()
    assert content.endswith(b"\r\n")  # the end of a mail is a line of its own
    return Message(receiver.addr_spec, content, utf8)


def receiver_of(text: str) -> Address:
    """Read an address for the envelope: its domain in ASCII (IDNA). Raises ``AddressError``."""
    local, at, domain = text.rpartition("@")
    if not (local and at and domain) or any(_forbidden(char) for char in text):
        raise AddressError("this is no mail address")
    try:
        ascii_domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
        # The header's own reader has the last word on quotes, dots and brackets.
        return Address(addr_spec=f"{local}@{ascii_domain}")
    except (UnicodeError, HeaderParseError, ValueError, IndexError):
        raise AddressError("this is no mail address") from None


def sender_of(text: str) -> Address:
    """Read ``Name <address>`` or an address alone. Raises ``AddressError``."""
    name, bracket, rest = text.rpartition("<")
    if not bracket:
        return receiver_of(text.strip())
    if not rest.endswith(">"):
        raise AddressError("this is no mail address")
    address = receiver_of(rest[:-1].strip())
    shown = name.strip().removeprefix('"').removesuffix('"')
    if any(_control(char) for char in shown):
        raise AddressError("the name before a mail address has a control character")
    return Address(shown, address.username, address.domain)


def _subject(letter: Letter, language: str, demo: bool) -> str:
    title = WORDS[language, letter.addressee.party][letter.event.kind].title
    subject = FRAMES[language].heading.format(title=title, number=_plain(letter.event.contract_number))
    return f"【見本 DEMO】{subject}" if demo else subject


def _text(letter: Letter, language: str, demo: bool) -> str:
    words, frame = WORDS[language, letter.addressee.party][letter.event.kind], FRAMES[language]
    lines = [
        *(["【見本 DEMO】", ""] if demo else []),
        frame.greeting,
        "",
        *fold(words.happened),
        "",
        *_facts(letter, frame, language),
        "",
        frame.next_step,
        *fold(words.next_step, _INDENT[language]),
        "",
        _RULE,
        *frame.closing,
    ]
    return "\n".join(lines) + "\n"


def _facts(letter: Letter, frame: Frame, language: str) -> list[str]:
    facts = ((frame.number, letter.event.contract_number), (frame.works, letter.event.works_name))
    lines = []
    for label, value in facts:
        lines += [f"{_INDENT[language]}{label}", *fold(_plain(value), _INDENT[language] * 2)]
    return lines


def fold(text: str, indent: str = "") -> list[str]:
    """Break a text into lines of at most ``COLUMNS`` columns. Western words stay whole; Japanese breaks anywhere but
    before what must not begin a line."""
    if text.isascii():
        return textwrap.wrap(text, COLUMNS, initial_indent=indent, subsequent_indent=indent) or [indent]
    lines, line, used = [], indent, _columns(indent)
    for char in text:
        width = _columns(char)
        if used + width > COLUMNS and char not in _NOT_FIRST:
            lines.append(line)
            line, used = indent, _columns(indent)
        line, used = line + char, used + width
    return [*lines, line]


# Punctuation that hangs over the edge rather than beginning a line (JIS X 4051).
_NOT_FIRST: Final = frozenset("、。，．）」』】〕・ーゃゅょっャュョッ！？)")


def _columns(text: str) -> int:
    return sum(
        0
        if unicodedata.category(char) in ("Mn", "Cf")
        else 2
        if unicodedata.east_asian_width(char) in "WFA"
        else 1
        for char in text
    )


def _plain(text: str) -> str:
    """A text in one line, whatever it holds; half a surrogate pair has no bytes."""
    return "".join(" " if _control(char) else char for char in text)


def _control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")


def _forbidden(char: str) -> bool:
    return _control(char) or char.isspace() or char in '<>(),;:"[]\\'
