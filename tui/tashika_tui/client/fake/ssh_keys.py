"""The simulation's keys for signing in over SSH."""

from dataclasses import dataclass

from tashika_formats.ssh_key import SshKeyError, SshPublicKey, parse_ssh_key
from tashika_tui.client import records
from tashika_tui.client.fake.entry import ALL_BUT_OPERATOR, SIGNED_IN, FakeCalls
from tashika_tui.client.fake.refusals import refuse
from tashika_tui.client.fake.world import Person

_MOST = 20


@dataclass(frozen=True, slots=True)
class OwnedKey:
    """A key and whose it is."""

    user_id: str
    key: records.SshKey


class FakeSshKeys(FakeCalls):
    """The port's `SshKeys`."""

    async def list_ssh_keys(self) -> tuple[records.SshKey, ...]:
        """All of them, the oldest first."""
        return await self._read("ListSshKeys", SIGNED_IN, self._keys_of)

    async def add_ssh_key(self, public_key: str, name: str, *, request_id: str) -> records.SshKey:
        """Registers a key."""

        def act(person: Person) -> records.SshKey:
            parsed = _parsed(public_key)
            kept = self.world.ssh_keys
            if any(each.key.fingerprint == parsed.fingerprint for each in kept.values()):
                raise refuse("ALREADY_EXISTS", "public_key")
            if len(self._keys_of(person)) >= _MOST:
                raise refuse("TOO_MANY_ITEMS", "public_key", maximum=_MOST)
            key = records.SshKey(
                self.world.new_id("ssh"),
                name or parsed.comment,
                parsed.line,
                parsed.fingerprint,
                self.world.now,
            )
            kept[key.ssh_key_id] = OwnedKey(person.user_id, key)
            return key

        return await self._change("AddSshKey", ALL_BUT_OPERATOR, request_id, (public_key, name), act)

    async def remove_ssh_key(self, ssh_key_id: str, *, request_id: str) -> None:
        """Removes a key, and ends the person's other sessions."""

        def act(person: Person) -> None:
            owned = self.world.ssh_keys.get(ssh_key_id)
            if owned is None or owned.user_id != person.user_id:
                raise refuse("NOT_FOUND", "ssh_key_id", resource="ssh_key")
            del self.world.ssh_keys[ssh_key_id]
            for token in [t for t, p in self.world.sessions.items() if p is person and t != self._token]:
                del self.world.sessions[token]

        await self._change("RemoveSshKey", SIGNED_IN, request_id, ssh_key_id, act)

    def _keys_of(self, person: Person) -> tuple[records.SshKey, ...]:
        owned = self.world.ssh_keys.values()
        return tuple(each.key for each in owned if each.user_id == person.user_id)


def _parsed(public_key: str) -> SshPublicKey:
    try:
        return parse_ssh_key(public_key)
    except SshKeyError as error:
        raise refuse("SSH_KEY_UNSUITABLE", "public_key", problem=error.code) from None
