"""The message of a notice: headers that every mail server passes, and a text that says what it may, no more."""

import re
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tashika_server.domain.calendar import JAPAN
from tashika_server.domain.notices import LANGUAGES, TOLD, NoticeKind, Party
from tashika_server.mail.message import (
    COLUMNS,
    AddressError,
    Sender,
    compose,
    fold,
    receiver_of,
    sender_of,
    words_of,
)
from tashika_server.mail.wording import FRAMES, WORDS
from tests.unit.mail.letters import NUMBER, SENDER, TIME, WORKS, letter

EVERY = [
    (kind, party, language) for kind in NoticeKind for party in sorted(TOLD[kind]) for language in LANGUAGES
]


def read(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


def test_there_are_words_for_exactly_what_the_table_tells() -> None:
    assert {(lang, party): set(words) for (lang, party), words in WORDS.items()} == {
        (lang, party): {kind for kind in NoticeKind if party in TOLD[kind]}
        for lang in LANGUAGES
        for party in Party
    }
    assert set(FRAMES) == set(LANGUAGES)


@pytest.mark.parametrize(("kind", "party", "language"), EVERY)
def test_every_notice_says_number_works_what_happened_and_what_to_do(
    kind: NoticeKind, party: Party, language: str
) -> None:
    message = read(compose(letter(1, kind, party, language), SENDER).content)
    words, text = WORDS[language, party][kind], message.get_content()
    flat = re.sub(r"\s+", "", text)
    for part in (NUMBER, WORKS, words.happened, words.next_step):
        assert re.sub(r"\s+", "", part) in flat
    assert words.title in str(message["Subject"]) and NUMBER in str(message["Subject"])
    # Never an amount, whatever the words are one day.
    assert not re.search(r"[0-9０-９][0-9０-９,，]*\s*円|¥|JPY|[A-Z0-9]{4}(-[A-Z0-9]{4}){4}", text)


@pytest.mark.parametrize(("kind", "party", "language"), EVERY)
def test_lines_are_short_and_begin_with_no_punctuation(kind: NoticeKind, party: Party, language: str) -> None:
    content = compose(letter(1, kind, party, language, works_name="Ａ" * 200), SENDER).content
    assert all(len(line) <= 78 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"") and content.endswith(b"\r\n") and content.isascii()
    for line in read(content).get_content().splitlines():
        assert columns(line) <= COLUMNS + 2, line
        assert line.lstrip("　 ")[:1] not in ("、", "。", "」", "）"), line


def columns(line: str) -> int:
    return sum(1 if char.isascii() else 2 for char in line)


def test_the_headers_are_those_of_an_automatic_mail() -> None:
    sender = Sender(
        sender_of('"登録簿" <noreply@register.example.jp>'), sender_of("desk@register.example.jp")
    )
    message = read(compose(letter(), sender).content)
    assert str(message["From"]) == "登録簿 <noreply@register.example.jp>"
    assert (str(message["To"]), str(message["Reply-To"])) == (
        "keiri@takasaki.example.jp",
        "desk@register.example.jp",
    )
    assert (message["Auto-Submitted"], message["Message-ID"]) == (
        "auto-generated",
        "<mil_1@register.example.jp>",
    )
    date = cast(datetime, message["Date"].datetime)
    assert (date, date.utcoffset()) == (TIME, JAPAN.utcoffset(None))
    assert (message.get_content_type(), message.get_content_charset()) == ("text/plain", "utf-8")
    assert message["Content-Language"] == "ja"
    assert not message.defects


def test_a_japanese_subject_is_written_in_encoded_words() -> None:
    head = compose(letter(), SENDER).content.partition(b"\r\n\r\n")[0].decode("ascii")
    (subject,) = re.findall(r"^Subject: ([^\r]*(?:\r\n [^\r]*)*)", head, re.MULTILINE)
    words = subject.split("\r\n ")
    assert len(words) > 1 and all(re.fullmatch(r"=\?utf-8\?b\?[A-Za-z0-9+/=]+\?=", word) for word in words)
    assert str(read(compose(letter(), SENDER).content)["Subject"]) == (
        f"電子保証発行完了のお知らせ（保証契約番号 {NUMBER}）"
    )


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), min_size=1, max_size=120))
def test_any_text_comes_through_a_header(text: str) -> None:
    parts = words_of(text)
    raw = "Subject: x\r\n " + "\r\n ".join(parts) + "\r\n\r\n"
    told = str(message_from_bytes(raw.encode(), policy=policy.default)["Subject"]).removeprefix("x ")
    if text.isascii():
        assert parts == text.split()
    else:
        assert all(len(part) <= 75 for part in parts)
        assert told == text or told.split() == text.split()


@pytest.mark.parametrize(
    "bad", ["工事\r\nBcc: all@example.jp", "工事\n\n.\n", "a\0b", "x\ud800y", "橋\u2028架"]
)
def test_nothing_in_a_name_becomes_a_header_or_an_end(bad: str) -> None:
    whole = compose(letter(works_name=bad, contract_number=bad), SENDER)
    message = read(whole.content)
    assert set(message.keys()) == set(read(compose(letter(), SENDER).content).keys())
    assert "Bcc" not in message and message["To"] == "keiri@takasaki.example.jp"
    assert len(whole.content.split(b"\r\n\r\n")) == 2


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert compose(letter(), SENDER) == compose(letter(), SENDER)


def test_a_demonstration_says_so() -> None:
    message = read(compose(letter(), Sender(SENDER.address, demo=True)).content)
    assert str(message["Subject"]).startswith("【見本 DEMO】")
    assert message.get_content().startswith("【見本 DEMO】")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("keiri@example.jp", "keiri@example.jp"),
        ("o'neil+x@example.jp", "o'neil+x@example.jp"),
        ("keiri@建設.example.jp", "keiri@xn--b0tp57g.example.jp"),
        ("経理@example.jp", "経理@example.jp"),
    ],
)
def test_an_address_is_read_with_its_domain_in_ascii(text: str, address: str) -> None:
    message = compose(letter(address=text), SENDER)
    assert message.receiver == address
    assert message.utf8 is not address.isascii()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "keiri",
        "@example.jp",
        "keiri@",
        "a b@example.jp",
        "a@b@",
        "a@example.jp\r\nRCPT TO:<b@example.jp>",
        "<a@example.jp>",
        "a@example.jp, b@example.jp",
        "a@" + "あ" * 70 + ".jp",
        "a@.jp",
        '"a b"@example.jp',
        "a\0@example.jp",
        "a\ud800@example.jp",
    ],
)
def test_what_is_no_address_is_told(text: str) -> None:
    with pytest.raises(AddressError):
        receiver_of(text)


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("a@example.jp", "", "a@example.jp"),
        ("<a@example.jp>", "", "a@example.jp"),
        ('Tashika, "the" register <a@example.jp>', 'Tashika, "the" register', "a@example.jp"),
        ('"登録簿" <a@example.jp>', "登録簿", "a@example.jp"),
    ],
)
def test_a_sender_may_have_a_name(text: str, name: str, address: str) -> None:
    found = sender_of(text)
    assert (found.display_name, found.addr_spec) == (name, address)
    told = read(compose(letter(), Sender(found)).content)["From"].addresses
    assert [(each.display_name, each.addr_spec) for each in told] == [(name, address)]


@pytest.mark.parametrize(
    "text", ["x\n<a@example.jp>", "x <a@example.jp", "x <>", "x <a@example.jp>, <b@example.jp>"]
)
def test_a_sender_that_is_none_is_told(text: str) -> None:
    with pytest.raises(AddressError):
        sender_of(text)


@given(st.text(max_size=300))
def test_folding_loses_nothing_but_spaces(text: str) -> None:
    assert "".join("".join(fold(text)).split()) == "".join(text.split())
