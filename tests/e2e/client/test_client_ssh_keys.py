"""SSH keys in both registers: the same keys, the same reasons."""

import pytest

from tashika_formats.ssh_key import parse_ssh_key
from tashika_tui.client.errors import RefusedByServer
from tashika_tui.client.intent import new_request_id
from tashika_tui.client.port import Register
from tashika_tui.client.records import SshKey
from tests.e2e.client.stage import Stage
from tests.support.ssh_keys import made_up_key

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("client-ssh-keys")]


async def add(register: Register, seed: str, name: str = "") -> SshKey:
    key = made_up_key(seed, f"{seed}@pc")
    return await register.add_ssh_key(key, name, request_id=new_request_id())


async def test_keys_are_registered_listed_and_removed_by_their_owner(stage: Stage) -> None:
    contractor, colleague = await stage.as_("contractor"), await stage.as_("colleague")
    first, second = await add(contractor, "first"), await add(contractor, "second", "会社の PC")

    assert (first.name, second.name) == ("first@pc", "会社の PC")
    assert first.fingerprint == parse_ssh_key(made_up_key("first")).fingerprint
    assert first.public_key == made_up_key("first") and first.kind == "ssh-ed25519"
    assert first.create_time is not None
    assert await contractor.list_ssh_keys() == (first, second)
    assert await colleague.list_ssh_keys() == ()

    await contractor.remove_ssh_key(first.ssh_key_id, request_id=new_request_id())
    assert await contractor.list_ssh_keys() == (second,)


async def test_the_same_intent_happens_once(stage: Stage) -> None:
    underwriter, request_id = await stage.as_("underwriter"), new_request_id()
    key = made_up_key("once")
    made = await underwriter.add_ssh_key(key, "", request_id=request_id)
    assert await underwriter.add_ssh_key(key, "", request_id=request_id) == made
    with pytest.raises(RefusedByServer) as refused:
        await underwriter.add_ssh_key(key, "別名", request_id=request_id)
    assert refused.value.reason == "REQUEST_ID_REUSED"
    removing = new_request_id()
    for _ in range(2):
        await underwriter.remove_ssh_key(made.ssh_key_id, request_id=removing)


async def test_refusals_have_the_same_reasons(stage: Stage) -> None:
    contractor, colleague = await stage.as_("contractor"), await stage.as_("colleague")
    foreign = await add(colleague, "colleague")
    nobody = await stage.as_("")
    for person, key, reason in (
        (contractor, made_up_key("colleague"), "ALREADY_EXISTS"),
        (contractor, "-----BEGIN OPENSSH PRIVATE KEY-----", "SSH_KEY_UNSUITABLE"),
        (nobody, made_up_key("nobody"), "UNAUTHENTICATED"),
    ):
        with pytest.raises(RefusedByServer) as refused:
            await person.add_ssh_key(key, "", request_id=new_request_id())
        assert refused.value.reason == reason
    with pytest.raises(RefusedByServer) as refused:
        await contractor.remove_ssh_key(foreign.ssh_key_id, request_id=new_request_id())
    assert refused.value.reason == "NOT_FOUND"
