"""Tokens of sessions and of viewings: one spelling each, and nothing without the vault."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tashika_server.domain.reasons import Reason, RefusedError
from tashika_server.security.root_secret import RootSecret
from tashika_server.security.vault import RootVault
from tashika_server.transport.page_tokens import LIFETIME, PageTokenSeal, Position
from tashika_server.transport.tokens import (
    TokenError,
    ViewingTokens,
    make_session_token,
    parse_session_token,
)

SESSION_ID = "ses_01JD0000000000000000000000"
NUMBER = "01250000000018"
VAULT = RootVault(RootSecret({1: b"r" * 32}))


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = datetime(2026, 4, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


@given(st.binary(min_size=32, max_size=32))
def test_a_session_token_is_read_back(secret: bytes) -> None:
    parsed = parse_session_token(make_session_token(SESSION_ID, secret))
    assert (parsed.session_id, parsed.secret) == (SESSION_ID, secret)


def test_a_scanner_finds_a_session_token() -> None:
    token = make_session_token(SESSION_ID, b"\xff" * 32)
    assert token.startswith("tsk_01JD0000000000000000000000_")
    assert len(token) == 3 + 1 + 26 + 1 + 43 + 1 + 8


def test_every_changed_character_of_a_session_token_is_a_typing_error() -> None:
    token = make_session_token(SESSION_ID, bytes(range(32)))
    for place in range(len(token)):
        for other in "0_A":
            changed = token[:place] + other + token[place + 1 :]
            if changed != token:
                with pytest.raises(TokenError):
                    parse_session_token(changed)


@pytest.mark.parametrize("text", ["", "tsk_", "tsk_" + "0" * 200, "\ud800", "ｔｓｋ_", "x\n"])
def test_what_is_no_token_is_told_without_quoting_it(text: str) -> None:
    with pytest.raises(TokenError) as caught:
        parse_session_token(text)
    assert str(caught.value) == "this is not a session token"


def test_a_session_tokens_secret_does_not_show() -> None:
    parsed = parse_session_token(make_session_token(SESSION_ID, b"visible-secret-visible-secret-12"))
    assert "visible" not in repr(parsed)


@pytest.mark.parametrize(("session_id", "secret"), [("ses_1", b"x" * 32), (SESSION_ID, b"x" * 31)])
def test_a_token_needs_an_id_and_32_bytes(session_id: str, secret: bytes) -> None:
    with pytest.raises(ValueError, match="token"):
        make_session_token(session_id, secret)


def test_a_viewing_token_lasts_ten_minutes() -> None:
    clock = Clock()
    tokens = ViewingTokens(VAULT, clock)
    token, expires = tokens.make(NUMBER, 2, 3)
    assert expires == clock.time + timedelta(minutes=10)
    clock.time = expires - timedelta(microseconds=1)
    viewing = tokens.read(token)
    assert (viewing.contract_number, viewing.version, viewing.generation) == (NUMBER, 2, 3)
    clock.time = expires
    with pytest.raises(RefusedError) as caught:
        tokens.read(token)
    assert caught.value.reason is Reason.VIEWING_TOKEN_INVALID


def test_every_changed_character_of_a_viewing_token_is_refused() -> None:
    tokens = ViewingTokens(VAULT, Clock())
    token, _ = tokens.make(NUMBER, 1, 1)
    for place in range(len(token)):
        for other in "A0_":
            changed = token[:place] + other + token[place + 1 :]
            if changed != token:
                with pytest.raises(RefusedError):
                    tokens.read(changed)


def test_a_viewing_token_of_another_register_is_refused() -> None:
    token, _ = ViewingTokens(VAULT, Clock()).make(NUMBER, 1, 1)
    with pytest.raises(RefusedError):
        ViewingTokens(RootVault(RootSecret({1: b"x" * 32})), Clock()).read(token)


@pytest.mark.parametrize("text", ["", "tsv1__", "tsv1_x_" + "A" * 43, "\ud800", "tsv1_" + "A" * 5000])
def test_what_is_no_viewing_token_is_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        ViewingTokens(VAULT, Clock()).read(text)


# Names and ids as the fields take them: no control characters, up to 200 characters.
TEXT = st.characters(exclude_categories=("Cc", "Cs"))


@given(st.text(TEXT, max_size=200), st.text(TEXT, max_size=60), st.booleans())
def test_a_page_token_is_read_back_and_fits_the_api(value: str, entity_id: str, backwards: bool) -> None:
    seal = PageTokenSeal(VAULT, Clock())
    position = Position(value, entity_id, backwards)
    token = seal.make(b"filters", position)
    assert len(token) <= 2000
    assert seal.read(b"filters", token) == position


def test_a_page_token_is_for_its_own_list_only() -> None:
    seal = PageTokenSeal(VAULT, Clock())
    token = seal.make(b"filters", Position("a", "con_1"))
    for filters in (b"", b"filter", b"filters2"):
        with pytest.raises(RefusedError) as caught:
            seal.read(filters, token)
        assert caught.value.reason is Reason.PAGE_TOKEN_INVALID


def test_a_page_token_is_void_after_a_day() -> None:
    clock = Clock()
    seal = PageTokenSeal(VAULT, clock)
    token = seal.make(b"f", Position("a", "con_1"))
    clock.time += LIFETIME
    with pytest.raises(RefusedError):
        seal.read(b"f", token)


@pytest.mark.parametrize("token", ["", "x", "=", "A" * 43, "あ", "A" * 3000, "A" * 100])
def test_what_is_no_page_token_is_refused(token: str) -> None:
    with pytest.raises(RefusedError):
        PageTokenSeal(VAULT, Clock()).read(b"f", token)
