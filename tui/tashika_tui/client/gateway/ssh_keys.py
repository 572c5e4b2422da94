"""The caller's own keys for signing in over SSH."""

from tashika.v1 import directory_service_pb2 as directory
from tashika_tui.client import records
from tashika_tui.client.gateway.calls import Calls
from tashika_tui.client.wire import people


class SshKeyCalls(Calls):
    """The port's `SshKeys`."""

    async def list_ssh_keys(self) -> tuple[records.SshKey, ...]:
        """All of them, the oldest first."""
        answer = await self._unary(self._directory.ListSshKeys, directory.ListSshKeysRequest())
        return tuple(people.ssh_key(item) for item in answer.ssh_keys)

    async def add_ssh_key(self, public_key: str, name: str, *, request_id: str) -> records.SshKey:
        """Registers a key."""
        request = directory.AddSshKeyRequest(request_id=request_id, public_key=public_key, name=name)
        return people.ssh_key((await self._unary(self._directory.AddSshKey, request)).ssh_key)

    async def remove_ssh_key(self, ssh_key_id: str, *, request_id: str) -> None:
        """Removes a key."""
        request = directory.RemoveSshKeyRequest(request_id=request_id, ssh_key_id=ssh_key_id)
        await self._unary(self._directory.RemoveSshKey, request)
