"""DirectoryService."""

from tashika.v1 import directory_service_pb2 as pb
from tashika_server.application.directory import Directory
from tashika_server.application.orderers import Orderers
from tashika_server.application.ssh_keys import SshKeys
from tashika_server.transport.call import Call
from tashika_server.transport.convert.directory import (
    imported_to_proto,
    orderer_to_proto,
    organization_from_proto,
    organization_to_proto,
    ssh_key_to_proto,
    user_changes_from_proto,
    user_from_proto,
    user_to_proto,
)
from tashika_server.transport.convert.lists import (
    offices_query,
    orderers_query,
    organizations_query,
    users_query,
)
from tashika_server.transport.convert.pages import offices_page, orderers_page, organizations_page, users_page
from tashika_server.transport.convert.policy import policy_from_proto
from tashika_server.transport.convert.values import revision_of
from tashika_server.transport.methods import Handler, Lane, Method, service
from tashika_server.transport.servicers.paging import Paging


class DirectoryServicer:
    """Who takes part."""

    def __init__(self, directory: Directory, orderers: Orderers, ssh_keys: SshKeys, paging: Paging) -> None:
        self._directory = directory
        self._orderers = orderers
        self._ssh_keys = ssh_keys
        self._paging = paging

    async def get_orderer(self, request: pb.GetOrdererRequest, call: Call) -> pb.GetOrdererResponse:
        """Give an orderer."""
        return pb.GetOrdererResponse(orderer=orderer_to_proto(await self._orderers.get(request.orderer_id)))

    async def list_orderers(self, request: pb.ListOrderersRequest, call: Call) -> pb.ListOrderersResponse:
        """List orderers."""
        query = orderers_query(request)
        page = await self._orderers.list(self._paging.resume(request, query, call))
        return orderers_page(page, self._paging.tokens(query, page, call))

    async def update_orderer(self, request: pb.UpdateOrdererRequest, call: Call) -> pb.UpdateOrdererResponse:
        """Add a version of a policy."""
        policy = policy_from_proto(request.policy)
        expected = revision_of(request.etag)
        orderer = await self._orderers.update(
            call.caller, request.orderer_id, policy, expected, call.replay(request)
        )
        return pb.UpdateOrdererResponse(orderer=orderer_to_proto(orderer))

    async def import_orderers(
        self, request: pb.ImportOrderersRequest, call: Call
    ) -> pb.ImportOrderersResponse:
        """Take in a file of policies."""
        imported = await self._orderers.import_file(call.caller, request.policy_file, call.replay(request))
        return imported_to_proto(imported)

    async def create_organization(
        self, request: pb.CreateOrganizationRequest, call: Call
    ) -> pb.CreateOrganizationResponse:
        """Make an organisation."""
        wanted = organization_from_proto(request.organization)
        made = await self._directory.create_organization(call.caller, wanted, call.replay(request))
        return pb.CreateOrganizationResponse(organization=organization_to_proto(made))

    async def update_organization(
        self, request: pb.UpdateOrganizationRequest, call: Call
    ) -> pb.UpdateOrganizationResponse:
        """Change an organisation."""
        wanted = organization_from_proto(request.organization)
        expected = revision_of(request.etag)
        changed = await self._directory.update_organization(
            call.caller, wanted, expected, call.replay(request)
        )
        return pb.UpdateOrganizationResponse(organization=organization_to_proto(changed))

    async def list_organizations(
        self, request: pb.ListOrganizationsRequest, call: Call
    ) -> pb.ListOrganizationsResponse:
        """List organisations."""
        query = organizations_query(request)
        page = await self._directory.list_organizations(
            call.caller, self._paging.resume(request, query, call)
        )
        return organizations_page(page, self._paging.tokens(query, page, call))

    async def list_offices(self, request: pb.ListOfficesRequest, call: Call) -> pb.ListOfficesResponse:
        """List guarantors and their offices."""
        query = offices_query(request)
        page, offices = await self._directory.list_offices(self._paging.resume(request, query, call))
        return offices_page(page, offices, self._paging.tokens(query, page, call))

    async def create_user(self, request: pb.CreateUserRequest, call: Call) -> pb.CreateUserResponse:
        """Make an account."""
        wanted = user_from_proto(request.user)
        made = await self._directory.create_user(
            call.caller, wanted, request.initial_password, call.replay(request)
        )
        return pb.CreateUserResponse(user=user_to_proto(made))

    async def list_users(self, request: pb.ListUsersRequest, call: Call) -> pb.ListUsersResponse:
        """List people."""
        query = users_query(request)
        page = await self._directory.list_users(call.caller, self._paging.resume(request, query, call))
        return users_page(page, self._paging.tokens(query, page, call))

    async def update_user(self, request: pb.UpdateUserRequest, call: Call) -> pb.UpdateUserResponse:
        """Change an account."""
        changes = user_changes_from_proto(request)
        expected = revision_of(request.etag)
        changed = await self._directory.update_user(
            call.caller, request.user_id, changes, expected, call.replay(request)
        )
        return pb.UpdateUserResponse(user=user_to_proto(changed))

    async def add_ssh_key(self, request: pb.AddSshKeyRequest, call: Call) -> pb.AddSshKeyResponse:
        """Register a key."""
        made = await self._ssh_keys.add(call.caller, request.public_key, request.name, call.replay(request))
        return pb.AddSshKeyResponse(ssh_key=ssh_key_to_proto(made))

    async def list_ssh_keys(self, request: pb.ListSshKeysRequest, call: Call) -> pb.ListSshKeysResponse:
        """List a person's keys."""
        found = await self._ssh_keys.list(call.caller, request.user_id)
        return pb.ListSshKeysResponse(ssh_keys=map(ssh_key_to_proto, found))

    async def remove_ssh_key(self, request: pb.RemoveSshKeyRequest, call: Call) -> pb.RemoveSshKeyResponse:
        """Remove a key."""
        await self._ssh_keys.remove(call.caller, request.ssh_key_id, call.replay(request))
        return pb.RemoveSshKeyResponse()

    def methods(self) -> tuple[Method, ...]:
        """Bind the handlers."""
        handlers: dict[str, Handler] = {
            "GetOrderer": self.get_orderer,
            "ListOrderers": self.list_orderers,
            "UpdateOrderer": self.update_orderer,
            "ImportOrderers": self.import_orderers,
            "CreateOrganization": self.create_organization,
            "UpdateOrganization": self.update_organization,
            "ListOrganizations": self.list_organizations,
            "ListOffices": self.list_offices,
            "CreateUser": self.create_user,
            "ListUsers": self.list_users,
            "UpdateUser": self.update_user,
            "AddSshKey": self.add_ssh_key,
            "ListSshKeys": self.list_ssh_keys,
            "RemoveSshKey": self.remove_ssh_key,
        }
        heavy = {"CreateUser": Lane.HEAVY, "UpdateUser": Lane.HEAVY, "ImportOrderers": Lane.HEAVY}
        return service("tashika.v1.DirectoryService", handlers, heavy)
