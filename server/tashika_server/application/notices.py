"""A person's own notices: the list, what was read, and which kinds the person wants by mail."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from tashika_server.application.caller import Caller
from tashika_server.application.kit import Kit, change_by, commit, same_revision
from tashika_server.application.lookups import not_found
from tashika_server.application.notifying import tell_waiting
from tashika_server.application.ports import (
    Command,
    Done,
    Ids,
    NoticePage,
    NoticeQuery,
    Replay,
    UnitOfWork,
    WaitingEvent,
)
from tashika_server.domain.notices import LANGUAGES, NoticeKind, NoticePreferences, kinds_for
from tashika_server.domain.reasons import Reason, refuse

WAITING_AT_ONCE: Final = 100
"""Events of openings told in one transaction; calls of people take turns with it."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person chose, of which kinds, the mail address, and whether this register sends mail at all."""

    chosen: NoticePreferences
    kinds: tuple[NoticeKind, ...]
    mail: str
    sends_mail: bool


class Notices:
    """Use cases about notices."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, caller: Caller, query: NoticeQuery) -> NoticePage:
        """List the caller's notices."""
        own = replace(query, user_id=caller.user_id)
        return await self._kit.store.read(lambda view: view.notices.page(own), slow=True)

    async def mark_read(
        self, caller: Caller, notice_ids: Sequence[str], up_to: str, replay: Replay | None
    ) -> int:
        """Mark notices as read: these, or with ``up_to`` all until that one. Give how many are unread then.

        Nothing is marked unless all of them are the caller's (NOT_FOUND).
        """
        if bool(notice_ids) == bool(up_to):
            field = "up_to_notice_id" if up_to else "notice_ids"
            raise refuse(Reason.FIELD_NOT_ALLOWED if up_to else Reason.FIELD_REQUIRED, field)

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
            if up_to and not uow.notices.mark_all_read(caller.user_id, up_to, now):
                raise not_found("notice", "up_to_notice_id")
            theirs = uow.notices.mark_read(caller.user_id, notice_ids, now) if notice_ids else ()
            for place, notice_id in enumerate(notice_ids):
                if notice_id not in theirs:
                    raise not_found("notice", f"notice_ids[{place}]")
            return Done(None)

        await self._kit.store.run(command, replay)
        return await self._kit.store.read(lambda view: view.notices.unread(caller.user_id))

    async def preferences(self, caller: Caller) -> Preferences:
        """Give what the caller chose."""
        found, user = await self._kit.store.read(
            lambda view: (view.preferences.get(caller.user_id), view.users.get(caller.user_id))
        )
        chosen = found or NoticePreferences(caller.user_id)
        return self._with_surroundings(caller, chosen, user.mail if user else "")

    async def choose(
        self,
        caller: Caller,
        language: str,
        no_mail: frozenset[NoticeKind],
        expected: int | None,
        replay: Replay | None,
    ) -> Preferences:
        """Choose the language of mails, and the kinds of which the caller wants none."""
        if language not in LANGUAGES:
            raise refuse(Reason.CHOICE_UNKNOWN, "preferences.language", allowed=", ".join(LANGUAGES))
        change = change_by(caller, "notice.choose")

        def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[NoticePreferences]:
            before = uow.preferences.get(caller.user_id)
            same_revision(before.revision if before else 0, expected)
            chosen = NoticePreferences(caller.user_id, language, no_mail, before.revision if before else 0)
            if before is None:
                uow.preferences.add(chosen, change)
            else:
                uow.preferences.save(chosen, change)
            return Done(chosen, (caller.user_id,))

        chosen = await commit(self._kit, command, replay, lambda view: view.preferences)
        user = await self._kit.store.read(lambda view: view.users.get(caller.user_id))
        return self._with_surroundings(caller, chosen, user.mail if user else "")

    async def tell_waiting(self) -> int:
        """Tell what happened while numbers and keys were tried, and give how many events there were."""
        told = 0
        while waiting := await self._kit.store.read(lambda view: view.notices.waiting(WAITING_AT_ONCE)):
            await self._kit.store.run(_telling(self._kit, waiting))
            told += len(waiting)
        return told

    def _with_surroundings(self, caller: Caller, chosen: NoticePreferences, mail: str) -> Preferences:
        return Preferences(chosen, kinds_for(caller.roles), mail, self._kit.sends_mail)


def _telling(kit: Kit, waiting: Sequence[WaitingEvent]) -> Command[None]:
    """The command that tells of some waiting events."""

    def command(uow: UnitOfWork, now: datetime, ids: Ids) -> Done[None]:
        for each in waiting:
            tell_waiting(kit, uow, each, ids)
        return Done(None)

    return command
