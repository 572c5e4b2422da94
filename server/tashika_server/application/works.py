"""A contractor's works contracts."""

from dataclasses import replace
from datetime import datetime

from tashika_server.application.caller import Caller
from tashika_server.application.kit import Kit, change_by, commit, same_revision
from tashika_server.application.lookups import orderer, works_of
from tashika_server.application.ports import Done, Ids, ListKind, ListQuery, Page, Replay, UnitOfWork
from tashika_server.domain.fields import check_works
from tashika_server.domain.model import Contract, Product, Works, WorksTerms
from tashika_server.domain.reasons import Reason, RefusedError, refuse
from tashika_server.domain.works_kinds import kinds_of


class WorksBook:
    """Use cases about works contracts."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def create(self, caller: Caller, terms: WorksTerms, replay: Replay | None) -> Works:
        """Keep a works contract; fields may be missing, but none may be malformed."""
        change = change_by(caller, "works.create")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Works]:
            _check(uow, terms)
            works = Works(ids.new("wrk"), caller.organization_id, terms)
            uow.works.add(works, change)
            return Done(works, (works.works_id,))

        return await commit(self._kit, command, replay, lambda view: view.works)

    async def update(
        self, caller: Caller, works_id: str, terms: WorksTerms, expected: int | None, replay: Replay | None
    ) -> Works:
        """Replace a works contract's terms. Submitted guarantee contracts keep the snapshot that they took."""
        change = change_by(caller, "works.update")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[Works]:
            works = works_of(uow, caller, works_id)
            same_revision(works.revision, expected)
            _check(uow, terms)
            _keep_years(uow, works, terms)
            works = replace(works, terms=terms)
            uow.works.save(works, change)
            return Done(works, (works_id,))

        return await commit(self._kit, command, replay, lambda view: view.works)

    async def get(self, caller: Caller, works_id: str) -> Works:
        """Give a works contract of the caller's organisation."""
        return await self._kit.store.read(lambda view: works_of(view, caller, works_id))

    async def list(self, caller: Caller, query: ListQuery) -> Page:
        """List the works contracts of the caller's organisation."""
        scoped = replace(query, kind=ListKind.WORKS, scope=("organization_id", caller.organization_id))
        return await self._kit.store.read(lambda view: view.list(scoped), slow=True)


def _check(uow: UnitOfWork, terms: WorksTerms) -> None:
    """Refuse malformed fields; which kinds of works there are is the orderer's policies to say, too."""
    party = orderer(uow, terms.orderer_id, "works.orderer_id") if terms.orderer_id else None
    kinds = kinds_of(version.policy for version in party.policies) if party else kinds_of(())
    violations = check_works(terms, "works", kinds)
    if violations:
        raise RefusedError(*violations)


def _keep_years(uow: UnitOfWork, works: Works, terms: WorksTerms) -> None:
    """Refuse another ``multi_year`` while a prepayment guarantee lives: its slot is counted by the former one."""
    if terms.multi_year == works.terms.multi_year:
        return
    equals = {"works_id": works.works_id, "product": Product.PREPAYMENT}
    scope = ("organization_id", works.organization_id)
    for found in uow.list(ListQuery(ListKind.CONTRACTS, scope, equals, page_size=200)).items:
        if isinstance(found, Contract) and found.slot is not None:
            raise refuse(Reason.GUARANTEE_EXISTS, "works.multi_year", contract_number=found.number)
