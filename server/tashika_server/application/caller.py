"""Who is calling, as the transport found out and the use cases need it."""

from dataclasses import dataclass

from tashika_server.domain.model import OrganizationKind, Role


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in person, or nobody (``user_id`` empty).

    ``peer`` is the address that the call came from, without its port, or ``unix``. ``ssh_host``: the call came
    through the door of the SSH host, whose word counts for who somebody is and for where they are.
    """

    user_id: str = ""
    organization_id: str = ""
    organization_kind: OrganizationKind | None = None
    orderer_id: str = ""
    roles: frozenset[Role] = frozenset()
    session_id: str = ""
    must_change_password: bool = False
    language: str = "ja"
    peer: str = ""
    ssh_host: bool = False

    @property
    def anonymous(self) -> bool:
        """Say whether nobody is signed in."""
        return not self.user_id
