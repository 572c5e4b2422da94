"""Telling people: notices in the client and mails in the outbox, in the transaction of what they tell of.

Whoever adds something that people are told of calls ``tell`` in the command that does it::

    tell(self._kit, uow, NoticeKind.KEY_REISSUED, contract, by=caller.user_id, now=now, ids=ids)
"""

from datetime import datetime

from tashika_server.application.kit import Kit
from tashika_server.application.ports import Ids, UnitOfWork, WaitingEvent
from tashika_server.domain import notices
from tashika_server.domain.model import Contract, User
from tashika_server.domain.notices import NoticeEvent, NoticeKind, NoticePreferences, Party, Told


def tell(
    kit: Kit,
    uow: UnitOfWork,
    kind: NoticeKind,
    contract: Contract,
    *,
    by: str,
    now: datetime,
    ids: Ids,
) -> None:
    """Tell everybody whom the table names that something happened to a contract, but not who did it (``by``).

    With the transaction this is there, or nothing of it is.
    """
    _spread(kit, uow, _event(kind, contract, ids.new("evt"), now), contract, by, ids)


def tell_change(
    kit: Kit, uow: UnitOfWork, before: Contract, after: Contract, *, by: str, now: datetime, ids: Ids
) -> None:
    """Tell what a change of a contract is told of, if it is."""
    for kind in notices.happened(before, after):
        tell(kit, uow, kind, after, by=by, now=now, ids=ids)


def tell_waiting(kit: Kit, uow: UnitOfWork, waiting: WaitingEvent, ids: Ids) -> None:
    """Tell what happened while number and key were tried; nobody is told of a number that there is not."""
    contract = uow.contracts.by_number(waiting.contract_number)
    if contract is None:
        uow.notices.drop(waiting.event_id)
        return
    event = _event(waiting.kind, contract, waiting.event_id, waiting.time)
    _spread(kit, uow, event, contract, "", ids)


def _event(kind: NoticeKind, contract: Contract, event_id: str, time: datetime) -> NoticeEvent:
    return NoticeEvent(
        event_id, kind, contract.contract_id, contract.number, notices.works_name_of(contract), time
    )


def _spread(kit: Kit, uow: UnitOfWork, event: NoticeEvent, contract: Contract, by: str, ids: Ids) -> None:
    people = [each for each in _people(uow, event.kind, contract) if each.user.user_id != by]
    uow.notices.tell(event, {each.user.user_id: ids.new("ntc") for each in people})
    if kit.sends_mail:
        for addressee in notices.mails_for(event.kind, people, notices.notice_mail_of(contract)):
            uow.outbox.put(ids.new("mil"), event, addressee)


def _people(uow: UnitOfWork, kind: NoticeKind, contract: Contract) -> list[Told]:
    told = []
    for party in Party:
        if party in notices.TOLD[kind]:
            for user in _party(uow, party, contract):
                preferences = uow.preferences.get(user.user_id) or NoticePreferences(user.user_id)
                told.append(Told(user, party, preferences))
    return told


def _party(uow: UnitOfWork, party: Party, contract: Contract) -> list[User]:
    """The contractor's people; of the guarantor's those whose contract it is, or all where none of these is left."""
    if party is Party.CONTRACTOR:
        return _of_organization(uow, contract.organization_id, party)
    asked = [uow.users.get(user_id) for user_id in notices.handlers(contract)]
    left = [
        user
        for user in asked
        if user is not None
        and user.organization_id == contract.guarantor_id
        and notices.may_be_told(user, party)
    ]
    return left or _of_organization(uow, contract.guarantor_id, party)


def _of_organization(uow: UnitOfWork, organization_id: str, party: Party) -> list[User]:
    return [user for user in uow.users.of_organization(organization_id) if notices.may_be_told(user, party)]
