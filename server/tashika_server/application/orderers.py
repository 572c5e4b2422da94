"""Orderers and the versions of their policies."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from tashika_server.application.caller import Caller
from tashika_server.application.kit import Kit, change_by, commit, same_revision
from tashika_server.application.lookups import not_found, orderer
from tashika_server.application.ports import Change, Done, Ids, ListKind, ListQuery, Page, Replay, UnitOfWork
from tashika_server.domain.model import Role
from tashika_server.domain.policy import Orderer, Policy, PolicyVersion
from tashika_server.domain.policy_file import ParsedOrderer, check_policy, parse_policy_file
from tashika_server.domain.reasons import Reason, RefusedError, refuse


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, by orderer id."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


class Orderers:
    """Use cases about orderers."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def get(self, orderer_id: str) -> Orderer:
        """Give an orderer with every version of its policy."""
        return await self._kit.store.read(lambda view: orderer(view, orderer_id))

    async def list(self, query: ListQuery) -> Page:
        """List orderers."""
        scoped = replace(query, kind=ListKind.ORDERERS, scope=None)
        return await self._kit.store.read(lambda view: view.list(scoped), slow=True)

    async def update(
        self, caller: Caller, orderer_id: str, policy: Policy, expected: int | None, replay: Replay | None
    ) -> Orderer:
        """Add a version of an orderer's policy: by the operator, or by an officer of that orderer."""
        if Role.OPERATOR not in caller.roles and caller.orderer_id != orderer_id:
            raise not_found("orderer", "orderer_id")
        violations = check_policy(policy, "policy")
        if violations:
            raise RefusedError(*violations)
        change = change_by(caller, "orderer.update")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Orderer]:
            present = orderer(uow, orderer_id)
            same_revision(present.revision, expected)
            changed = _with_policy(present, policy)
            uow.orderers.save(changed, change)
            return Done(changed, (orderer_id,))

        return await commit(self._kit, command, replay, lambda view: view.orderers)

    async def import_file(self, caller: Caller, text: str, replay: Replay | None) -> Imported:
        """Take a policy file: new orderers, and a new version where the file says something else than is kept.

        Refuses POLICY_INVALID with every fault and its place; then nothing is taken.
        """
        return await self._import(change_by(caller, "orderer.import"), text, replay)

    async def import_from_host(self, text: str) -> Imported:
        """Take a policy file given on the host's own command line."""
        return await self._import(Change("orderer.import", "host"), text, None)

    async def _import(self, change: Change, text: str, replay: Replay | None) -> Imported:
        parsed = parse_policy_file(text)

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Imported]:
            done: dict[str, str] = {}
            for entry in parsed:
                kind = _take(uow, entry, change)
                # An orderer comes once for each version of its policy: what changed it first is what is told.
                if done.get(entry.orderer_id, "unchanged") == "unchanged":
                    done[entry.orderer_id] = kind
            imported = Imported(*(_those(done, kind) for kind in ("added", "changed", "unchanged")))
            names = ("+", *imported.added, "~", *imported.changed, "=", *imported.unchanged)
            return Done(imported, names)

        outcome = await self._kit.store.run(command, replay)
        return outcome.value if outcome.value is not None else _imported_again(outcome.result_ids)


def _those(done: Mapping[str, str], kind: str) -> tuple[str, ...]:
    return tuple(orderer_id for orderer_id, found in done.items() if found == kind)


def _take(uow: UnitOfWork, entry: ParsedOrderer, change: Change) -> str:
    present = uow.orderers.get(entry.orderer_id)
    if present is None:
        first = (PolicyVersion(1, entry.policy),)
        new = Orderer(entry.orderer_id, entry.name, entry.prefecture, entry.kana, policies=first)
        uow.orderers.add(new, change)
        return "added"
    same_name = (present.name, present.prefecture, present.kana) == (entry.name, entry.prefecture, entry.kana)
    if same_name and any(kept.policy == entry.policy for kept in _standing(present)):
        return "unchanged"
    changed = replace(present, name=entry.name, prefecture=entry.prefecture, kana=entry.kana)
    if all(kept.policy != entry.policy for kept in _standing(present)):
        changed = _with_policy(changed, entry.policy)
    uow.orderers.save(changed, change)
    return "changed"


def _standing(present: Orderer) -> tuple[PolicyVersion, ...]:
    """Give the versions that are in force for some day: of those with one ``valid_from`` the last."""
    last = {version.policy.valid_from: version for version in present.policies}
    return tuple(last.values())


def _with_policy(present: Orderer, policy: Policy) -> Orderer:
    version = PolicyVersion(len(present.policies) + 1, policy)
    return replace(present, policies=(*present.policies, version))


def _imported_again(names: tuple[str, ...]) -> Imported:
    if not {"+", "~", "="} <= set(names):
        raise refuse(Reason.INTERNAL)
    changed, unchanged = names.index("~"), names.index("=")
    return Imported(names[1:changed], names[changed + 1 : unchanged], names[unchanged + 1 :])
