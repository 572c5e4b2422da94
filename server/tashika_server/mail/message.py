"""The message of a notice: headers, and a plain text in UTF-8. The same notice gives the same bytes at each attempt."""

import base64
import unicodedata
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import format_datetime, quote
from typing import Final

from tashika_server.application.ports import KeyLetter, Letter
from tashika_server.domain.calendar import JAPAN
from tashika_server.domain.notices import LANGUAGES
from tashika_server.mail.wording import FRAMES, WORDS, Frame

COLUMNS: Final = 72
"""Columns of a line; a full-width character takes two. RFC 5322 section 2.1.1 recommends at most 78."""

HEADER_COLUMNS: Final = 76
"""RFC 2047 section 2: the longest line of a header with encoded words."""

_WORD_BYTES: Final = 39
"""What an encoded word holds in base64 so that it fits into the line behind the longest of our headers' names."""

_INDENT: Final = {"ja": "　", "en": "  "}
_BULLET: Final = {"ja": "・", "en": "- "}
_RULE: Final = "-" * COLUMNS
# What a name must be quoted for (RFC 5322 section 3.2.3).
_SPECIALS: Final = frozenset('()<>[]:;@\\,."')
# Punctuation that hangs over the edge rather than beginning a line (JIS X 4051).
_NOT_FIRST: Final = frozenset("、。，．）」』】〕・ーゃゅょっャュョッ！？)")


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
    language = letter.addressee.language if letter.addressee.language in LANGUAGES else LANGUAGES[0]
    headers = [
        ("From", _mailbox(sender.address)),
        *([("Reply-To", _mailbox(sender.reply_to))] if sender.reply_to is not None else []),
        ("To", [receiver.addr_spec]),
        ("Subject", words_of(_subject(letter, language, sender.demo))),
        ("Date", [format_datetime(letter.event.time.astimezone(JAPAN))]),
        ("Message-ID", [letter.message_id]),
        # RFC 3834 section 5: answering machines leave such a mail alone.
        ("Auto-Submitted", ["auto-generated"]),
        ("MIME-Version", ["1.0"]),
        ("Content-Type", ["text/plain;", "charset=utf-8"]),
        ("Content-Language", [language]),
        # It passes every mail server as it is, in lines of 76 characters.
        ("Content-Transfer-Encoding", ["base64"]),
    ]
    return _message(receiver, headers, _text(letter, language, sender.demo))


def compose_key_letter(letter: KeyLetter, sender: Sender) -> Message:
    """Make the message that hands a key in: exactly what somebody confirmed, and the key. Raises ``AddressError``."""
    draft = letter.draft
    receiver = receiver_of(draft.to)
    own = Address(_plain(draft.from_name), sender.address.username, sender.address.domain)
    headers = [
        ("From", _mailbox(own)),
        *([("Reply-To", [receiver_of(draft.reply_to).addr_spec])] if draft.reply_to else []),
        ("To", [receiver.addr_spec]),
        ("Subject", words_of(draft.subject)),
        # A person has confirmed it, so no answering machine is told to leave it alone.
        ("Date", [format_datetime(letter.first_time.astimezone(JAPAN))]),
        ("Message-ID", [letter.message_id]),
        ("MIME-Version", ["1.0"]),
        ("Content-Type", ["text/plain;", "charset=utf-8"]),
        ("Content-Language", [LANGUAGES[0]]),
        ("Content-Transfer-Encoding", ["base64"]),
    ]
    return _message(receiver, headers, letter.text)


def _message(receiver: Address, headers: list[tuple[str, list[str]]], text: str) -> Message:
    head = "".join(_header(name, parts) for name, parts in headers)
    body = base64.encodebytes(text.replace("\n", "\r\n").encode()).replace(b"\n", b"\r\n")
    utf8 = not receiver.addr_spec.isascii()
    return Message(receiver.addr_spec, head.encode() + b"\r\n" + body, utf8)


def words_of(text: str) -> list[str]:
    """Write a text for a header: its words, or where they are not ASCII the encoded words of RFC 2047."""
    plain = _plain(text)
    if plain.isascii():
        return plain.split()
    chunks, chunk = [], ""
    for char in plain:
        if len((chunk + char).encode()) > _WORD_BYTES:
            chunks.append(chunk)
            chunk = ""
        chunk += char
    return [f"=?utf-8?b?{base64.b64encode(each.encode()).decode()}?=" for each in [*chunks, chunk]]


def _header(name: str, parts: list[str]) -> str:
    """One header, broken between its parts where a line would become too long, but never right after its name."""
    lines, line = [], f"{name}: {parts[0]}"
    for part in parts[1:]:
        if len(line) + 1 + len(part) > HEADER_COLUMNS:
            lines.append(line)
            line = ""
        line += f" {part}"
    text = "\r\n".join([*lines, line])
    if any(_control(char) for char in text.replace("\r\n ", " ")):
        raise AddressError(f"the header {name} would hold a control character")
    return text + "\r\n"


def _mailbox(address: Address) -> list[str]:
    name, address_part = address.display_name, f"<{address.addr_spec}>"
    if not name:
        return [address.addr_spec]
    if name.isascii() and any(char in _SPECIALS for char in name):
        return [f'"{quote(name)}"', address_part]
    return [*words_of(name), address_part]


def receiver_of(text: str) -> Address:
    """Read an address for the envelope: its domain in ASCII (IDNA). Raises ``AddressError``."""
    local, at, domain = text.rpartition("@")
    if not (local and at and domain) or "@" in local or any(_forbidden(char) for char in text):
        raise AddressError("this is no mail address")
    try:
        ascii_domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
        if not local.isascii():
            return Address(username=local, domain=ascii_domain)
        # The header's own reader has the last word on quotes, dots and brackets.
        return Address(addr_spec=f"{local}@{ascii_domain}")
    except (UnicodeError, MessageError, ValueError, IndexError):
        raise AddressError("this is no mail address") from None


def sender_of(text: str) -> Address:
    """Read ``Name <address>`` or an address alone. Raises ``AddressError``."""
    name, bracket, rest = text.rpartition("<")
    if not bracket:
        return receiver_of(text.strip())
    if not rest.endswith(">"):
        raise AddressError("this is no mail address")
    address = receiver_of(rest[:-1].strip())
    if any(_control(char) or char in "<>" for char in name):
        raise AddressError("the name before a mail address has a character that does not belong there")
    shown = name.strip()
    if len(shown) > 1 and shown[0] == shown[-1] == '"':
        shown = shown[1:-1]
    return Address(shown, address.username, address.domain)


def _subject(letter: Letter, language: str, demo: bool) -> str:
    title = WORDS[language, letter.addressee.party][letter.event.kind].title
    subject = FRAMES[language].heading.format(title=title, number=_plain(letter.event.contract_number))
    return f"【見本 DEMO】{subject}" if demo else subject


def _text(letter: Letter, language: str, demo: bool) -> str:
    words, frame = WORDS[language, letter.addressee.party][letter.event.kind], FRAMES[language]
    indent, bullet = _INDENT[language], _BULLET[language]
    lines = [
        *(["【見本 DEMO】", ""] if demo else []),
        frame.greeting,
        "",
        *fold(words.happened),
        "",
        *_facts(letter, frame, language),
        "",
        frame.next_step,
        *fold(words.next_step, indent, indent),
        "",
        _RULE,
        *(line for each in frame.closing for line in fold(each, bullet, indent)),
    ]
    return "\n".join(lines) + "\n"


def _facts(letter: Letter, frame: Frame, language: str) -> list[str]:
    facts = ((frame.number, letter.event.contract_number), (frame.works, letter.event.works_name))
    indent = _INDENT[language]
    lines = []
    for label, value in facts:
        lines += [f"{indent}{label}", *fold(_plain(value), indent * 2, indent * 2)]
    return lines


def fold(text: str, first: str = "", indent: str = "") -> list[str]:
    """Break a text into lines of at most ``COLUMNS`` columns, the first one beginning with ``first``, the others with
    ``indent``. Western words stay whole where they fit; Japanese breaks anywhere, but before what begins no line."""
    lines, line = [], first
    for piece in _pieces(text):
        if _columns(line + piece) > COLUMNS and line.strip() and piece not in _NOT_FIRST and piece != " ":
            lines.append(line.rstrip(" "))
            line = indent
        line += piece
    return [*lines, line.rstrip(" ")]


def _pieces(text: str) -> list[str]:
    """Western words, and everything else character by character."""
    pieces: list[str] = []
    for char in text:
        western = char.isascii() and char != " "
        if (
            pieces
            and western
            and pieces[-1].isascii()
            and pieces[-1] != " "
            and len(pieces[-1]) < COLUMNS // 2
        ) or (pieces and unicodedata.category(char) in ("Mn", "Cf")):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


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
