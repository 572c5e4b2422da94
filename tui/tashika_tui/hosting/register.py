"""The register, as the host asks it: whose key this is, and sessions for those who have shown who they are."""

from tashika_tui.client.endpoint import Endpoint
from tashika_tui.client.errors import RefusedByServer, RegisterError, ServerNotReachable
from tashika_tui.client.gateway.ssh_host import SshHostCalls
from tashika_tui.hosting.log import HostLog

_WRONG = frozenset({"WRONG_CREDENTIALS", "SSH_KEY_UNSUITABLE", "FIELD_TOO_LONG", "FIELD_REQUIRED"})


class Refused(Exception):
    """Nobody was signed in. `sentence` is for the person, empty where it must not be told why; `reason` for the log."""

    def __init__(self, sentence: str = "", *, reason: str = "", reachable: bool = True) -> None:
        super().__init__("refused")
        self.sentence = sentence
        self.reason = reason
        self.reachable = reachable


class HostRegister:
    """One connection for everybody who comes."""

    def __init__(self, endpoint: Endpoint, language: str, log: HostLog) -> None:
        self._calls = SshHostCalls(endpoint, language)
        self._log = log

    async def owns(self, login_name: str, public_key: str, source: str) -> bool:
        """Whether the key signs this person in. Raises Refused where that can't be told."""
        try:
            return await self._calls.whose_key(public_key, source, login_name) == login_name
        except RegisterError as error:
            if isinstance(error, RefusedByServer) and error.reason in _WRONG:
                return False
            raise self._told(error) from None

    async def by_key(self, login_name: str, public_key: str, source: str, language: str) -> str:
        """A token for who proved to hold the key. Raises Refused."""
        try:
            return await self._calls.sign_in_by_key(login_name, public_key, source, language)
        except RegisterError as error:
            raise self._told(error) from None

    async def by_password(self, login_name: str, password: str, source: str) -> str:
        """A token for a person with this password. Raises Refused."""
        try:
            return await self._calls.sign_in_by_password(login_name, password, source)
        except RegisterError as error:
            raise self._told(error) from None

    async def sign_out(self, token: str, source: str) -> None:
        """Ends a session; one that is over already, or a register that is gone, ends it as well."""
        try:
            await self._calls.sign_out(token, source)
        except RegisterError as error:
            if isinstance(error, ServerNotReachable):
                self._log.event("register.unreachable", at="sign_out")

    async def close(self) -> None:
        """Hangs up."""
        await self._calls.close()

    def _told(self, error: RegisterError) -> Refused:
        if isinstance(error, RefusedByServer) and not isinstance(error, ServerNotReachable):
            return Refused("" if error.reason in _WRONG else error.sentence, reason=error.reason)
        self._log.event("register.unreachable", at="sign_in")
        return Refused(reachable=False)
