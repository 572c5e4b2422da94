"""A simulated register: the port without a server, for tests, pictures and looking around.

Everything that it knows is invented; it decides by the same verbs as a real register, with the same reasons where
people run into them.
"""

from datetime import datetime
from types import TracebackType

from tashika_tui.client.fake.advances import FakeAdvances
from tashika_tui.client.fake.applying import FakeApplying
from tashika_tui.client.fake.demo_papers import DemoPapers
from tashika_tui.client.fake.fees import FakeFees
from tashika_tui.client.fake.keys import FakeKeys
from tashika_tui.client.fake.looking import FakeContracts, FakeDirectory, FakeSessions, FakeWorks
from tashika_tui.client.fake.mailing import FakeMailing
from tashika_tui.client.fake.noticing import FakeNotices
from tashika_tui.client.fake.opening import FakeCertificates
from tashika_tui.client.fake.reports import FakeReports
from tashika_tui.client.fake.ssh_keys import FakeSshKeys
from tashika_tui.client.fake.underwriting import FakeUnderwriting
from tashika_tui.client.fake.watching import FakeWatching
from tashika_tui.client.fake.world import PASSWORD, START, Faults, World

__all__ = ["PASSWORD", "START", "DemoPapers", "FakeRegister", "Faults", "World"]


class FakeRegister(
    FakeSessions,
    FakeSshKeys,
    FakeDirectory,
    FakeWorks,
    FakeContracts,
    FakeWatching,
    FakeApplying,
    FakeUnderwriting,
    FakeFees,
    FakeAdvances,
    FakeCertificates,
    FakeKeys,
    FakeMailing,
    FakeReports,
    FakeNotices,
):
    """One client of a `World`; several share one. The port `Register`."""

    @classmethod
    async def signed_in(cls, world: World, login_name: str, language: str = "ja") -> "FakeRegister":
        """A client for which one of the world's people has signed in (`contractor`, `underwriter`, ...)."""
        register = cls(world, language)
        made = await register.create_session(login_name, world.people[login_name].password)
        register.use_token(made.token)
        return register

    @classmethod
    def anonymous(cls, *, count: int = 400, now: datetime = START, language: str = "ja") -> "FakeRegister":
        """A client in a world of its own, where nobody has signed in."""
        return cls(World(count=count, now=now), language)

    async def __aenter__(self) -> "FakeRegister":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
