"""The mail that hands a key in: what somebody confirmed, byte for byte, and the key."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from tashika_server.application.ports import KeyLetter
from tashika_server.domain.key_mail import KeyMail, KeyMailDraft
from tashika_server.domain.mailing import Delivery
from tashika_server.mail.message import AddressError, Sender, compose_key_letter, sender_of
from tests.support.mail_server import mail_server
from tests.unit.mail.letters import SENDER, TIME
from tests.unit.mail.test_mail_smtp import line_to

KEY = "7K3M-2PQ9-XX41-Z8CD-0F5G"
DRAFT = KeyMailDraft(
    from_name="㈱髙﨑建設（電子保証登録簿）",
    from_address="noreply@register.example.jp",
    reply_to="hanako@takasaki.example.jp",
    section="契約課",
    to="keiyaku@city.example.jp",
    policy_to="keiyaku@city.example.jp",
    subject="【電子保証】道整第１２号　市道０１－２３号線道路改良工事　㈱髙﨑建設",
    before_key="柏市　契約課　御中\n\n保証契約番号：01260000000010\n認証キー：",
    after_key="\n受注者：㈱髙﨑建設\n.\n以上\n",
    generation=1,
)


def key_letter(**changes: Any) -> KeyLetter:
    draft = replace(DRAFT, **changes)
    mail = KeyMail("mil_1", "con_1", 1, 1, draft.to, b"digest", "usr_1")
    until = TIME + timedelta(minutes=5)
    return KeyLetter(mail, draft, draft.text(KEY), "<mil_1@register.example.jp>", 1, TIME, "lse_1", until)


def read(letter: KeyLetter, sender: Sender = SENDER) -> EmailMessage:
    return message_from_bytes(compose_key_letter(letter, sender).content, policy=policy.default)


def test_every_header_is_what_was_shown() -> None:
    message = read(key_letter())
    assert message["From"].addresses[0].addr_spec == DRAFT.from_address
    assert (message["To"], message["Reply-To"]) == (DRAFT.to, DRAFT.reply_to)
    assert str(message["Subject"]) == DRAFT.subject
    assert (message["Message-ID"], message["Content-Language"]) == ("<mil_1@register.example.jp>", "ja")
    assert message["Date"].datetime == TIME
    assert "Auto-Submitted" not in message
    assert not message.defects


def test_the_text_is_what_was_shown_with_the_key_in_its_place() -> None:
    text = read(key_letter()).get_content().replace("\r\n", "\n")
    assert text == DRAFT.before_key + KEY + DRAFT.after_key


def test_the_register_answers_for_nobody_who_has_no_address() -> None:
    sender = Sender(SENDER.address, sender_of("desk@register.example.jp"))
    assert "Reply-To" not in read(key_letter(reply_to=""), sender)


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert compose_key_letter(key_letter(), SENDER) == compose_key_letter(key_letter(), SENDER)


@pytest.mark.parametrize("field", ["from_name", "subject"])
@pytest.mark.parametrize("bad", ["工事\r\nBcc: all@example.jp", "工事\n\n.\n", "a\0b", "橋\u2028架"])
def test_nothing_in_a_name_becomes_a_header_or_an_end(field: str, bad: str) -> None:
    whole = compose_key_letter(key_letter(**{field: bad}), SENDER).content
    message = message_from_bytes(whole, policy=policy.default)
    assert set(message.keys()) == set(read(key_letter()).keys())
    assert message["To"] == DRAFT.to and len(whole.split(b"\r\n\r\n")) == 2


@pytest.mark.parametrize("field", ["to", "reply_to"])
def test_an_address_that_is_none_is_refused(field: str) -> None:
    with pytest.raises(AddressError):
        compose_key_letter(key_letter(**{field: "keiyaku city"}), SENDER)


def test_a_letter_that_is_printed_shows_no_key() -> None:
    assert KEY not in repr(key_letter())


async def test_it_goes_to_the_one_receiver_and_comes_back_to_the_register() -> None:
    async with mail_server() as server, line_to(server) as line:
        assert (await line.hand_over(key_letter())).delivery is Delivery.ACCEPTED
        (kept,) = server.kept
    assert (kept.receiver, kept.sender) == (DRAFT.to, "bounces@register.example.jp")
    assert kept.from_name == DRAFT.from_name
    assert KEY in kept.message.get_content()


async def test_an_address_that_is_none_is_given_up_without_asking_the_mail_server() -> None:
    async with mail_server() as server, line_to(server) as line:
        assert (await line.hand_over(key_letter(to="keiyaku city"))).delivery is Delivery.NEVER
        assert server.kept == [] and server.tried == []
