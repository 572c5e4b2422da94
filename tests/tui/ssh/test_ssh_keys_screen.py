"""A person's own SSH keys: registered after a look at the fingerprint, removed after a question."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tashika_formats.ssh_key import parse_ssh_key
from tashika_tui.client.fake import FakeRegister, World
from tashika_tui.client.records import SshKey
from tests.support.ssh_keys import made_up_key
from tests.tui.contractor.playing import contractor, reach, world
from tests.tui.running import Hand
from tests.tui.snapshots import in_both_languages, look

KEY = made_up_key("screen", "hanako@notebook")
REQUEST_ID = "00000000-0000-4000-8000-00000000000{}"


async def registered(held: World, *keys: str) -> None:
    register = await FakeRegister.signed_in(held, "contractor")
    for number, key in enumerate(keys):
        await register.add_ssh_key(key, "", request_id=REQUEST_ID.format(number))


def kept(held: World) -> list[SshKey]:
    return [owned.key for owned in held.ssh_keys.values()]


@asynccontextmanager
async def keys_screen(folder: Path, held: World, **changes: Any) -> AsyncIterator[Hand]:
    async with contractor(folder, held, **changes) as hand:
        names = [entry.id for entry in hand.app.entries if not entry.roles or "CONTRACTOR" in entry.roles]
        await hand.press(str(names.index("ssh_keys") + 1))
        await reach(hand, "SshKeysScreen")
        yield hand


async def test_a_pasted_key_is_shown_by_its_fingerprint_and_then_registered(tmp_path: Path) -> None:
    held = world()
    async with keys_screen(tmp_path, held) as hand:
        assert "登録された公開鍵はありません" in hand.words
        await hand.press("f3")
        await reach(hand, "NewSshKeyScreen")
        await hand.paste(f"{KEY}\n")
        await hand.press("f10")
        await reach(hand, "Confirm")
        assert parse_ssh_key(KEY).fingerprint in hand.words
        assert kept(held) == []
        await hand.press("y")
        await reach(hand, "SshKeysScreen")
        await hand.until(lambda: "hanako@notebook" in hand.shown)
    (key,) = kept(held)
    assert (key.name, key.public_key) == ("hanako@notebook", parse_ssh_key(KEY).line)


async def test_a_private_key_is_wiped_and_sent_nowhere(tmp_path: Path) -> None:
    held = world()
    async with keys_screen(tmp_path, held) as hand:
        await hand.press("f3")
        await reach(hand, "NewSshKeyScreen")
        await hand.paste(
            "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n-----END OPENSSH PRIVATE KEY-----"
        )
        await hand.until(lambda: "秘密鍵が貼り付けられたので、消しました" in hand.words)
        assert "b3BlbnNzaC1rZXk" not in hand.shown
        await hand.press("f10")
        await hand.settle()
        assert type(hand.app.screen).__name__ == "NewSshKeyScreen"
    assert kept(held) == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [("ssh-dss AAAAB3Nz", "この種類の鍵は登録できません"), ("hello", "OpenSSHの公開鍵として読み取れません")],
)
async def test_what_is_no_key_is_said_beside_it(tmp_path: Path, typed: str, told: str) -> None:
    held = world()
    async with keys_screen(tmp_path, held) as hand:
        await hand.press("f3")
        await reach(hand, "NewSshKeyScreen")
        await hand.paste(typed)
        await hand.press("f10")
        await hand.until(lambda: told in hand.words)
    assert kept(held) == []


async def test_a_key_that_somebody_has_is_refused_with_the_servers_words(tmp_path: Path) -> None:
    held = world()
    colleague = await FakeRegister.signed_in(held, "colleague")
    await colleague.add_ssh_key(KEY, "", request_id=REQUEST_ID.format(9))
    async with keys_screen(tmp_path, held) as hand:
        await hand.press("f3")
        await reach(hand, "NewSshKeyScreen")
        await hand.paste(KEY)
        await hand.press("f10", "y")
        await reach(hand, "ErrorDialog")
        assert "すでに登録されています" in hand.words


async def test_a_key_is_removed_after_a_question(tmp_path: Path) -> None:
    held = world()
    await registered(held, made_up_key("1", "old@pc"), KEY)
    async with keys_screen(tmp_path, held) as hand:
        await hand.press("delete")
        await reach(hand, "Confirm")
        await hand.press("n")
        assert len(kept(held)) == 2
        await hand.press("delete", "y")
        await hand.until(lambda: "old@pc" not in hand.shown)
        assert "hanako@notebook" in hand.shown
    assert [key.name for key in kept(held)] == ["hanako@notebook"]


async def test_without_a_key_there_is_nothing_to_remove(tmp_path: Path) -> None:
    async with keys_screen(tmp_path, world()) as hand:
        await hand.press("delete")
        assert type(hand.app.screen).__name__ == "SshKeysScreen"


@in_both_languages
async def test_pictures(tmp_path: Path, language: str) -> None:
    held = world()
    await registered(held, made_up_key("1", "会社のデスクトップ"), KEY)
    async with keys_screen(tmp_path, held, language=language) as hand:
        await hand.until(lambda: "hanako@notebook" in hand.shown)
        await look(hand, "ssh-keys")
        await hand.press("f3")
        await reach(hand, "NewSshKeyScreen")
        await hand.paste("ssh-ed25519 AAAA")
        await hand.press("f10")
        await hand.until(lambda: "OpenSSH" in hand.shown)
        await hand.settle()
        await look(hand, "ssh-keys-new")
