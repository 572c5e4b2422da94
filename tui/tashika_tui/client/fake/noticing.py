"""The simulation's notices: the same table of who is told of what as a real register has."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from tashika_tui.client import records
from tashika_tui.client.fake.entry import PARTIES, FakeCalls
from tashika_tui.client.fake.lists import COUNT_LIMIT, of_sequence, page_of
from tashika_tui.client.fake.refusals import refuse
from tashika_tui.client.fake.world import Person, Told, World
from tashika_tui.client.records import NOTICE_KINDS, Contract, Notice, NoticePreferences, Opening, Works

_TO_GUARANTOR = ("HANDED_IN", "OPENED", "KEY_REISSUED", "KEY_GUESSING")
_BY_STATE = ("ACCEPTED", "RETURNED", "REFUSED")

# As many wrong attempts within so long raise the alarm, once a day.
_ALARM_ATTEMPTS = 20
_ALARM_WINDOW = timedelta(minutes=10)


def tell_change(world: World, before: Contract, after: Contract) -> None:
    """Tells people what changed, but not who did it."""
    if after.state != before.state and after.state in _BY_STATE:
        tell(world, after.state, after, by=world.acting)
    if after.version > before.version:
        tell(world, "ISSUED", after, by=world.acting)
    for kind in ("HANDED_IN", "KEY_REISSUED"):
        if _count(after, kind) > _count(before, kind):
            tell(world, kind, after, by=world.acting)
    if _lost_mails(after) > _lost_mails(before):
        tell(world, "KEY_MAIL_FAILED", after, by=world.acting)


def tell_attempt(world: World, contract: Contract, attempts: Sequence[Opening]) -> None:
    """Tells of the first opening, and that somebody may be guessing; `attempts` with the one just made."""
    last = attempts[-1]
    if last.success:
        if sum(each.success and each.generation == last.generation for each in attempts) == 1:
            tell(world, "OPENED", contract)
        return
    since = world.now - _ALARM_WINDOW
    wrong = [each for each in attempts if not each.success and each.open_time and each.open_time > since]
    if len(wrong) == _ALARM_ATTEMPTS:
        tell(world, "KEY_GUESSING", contract)


def tell(world: World, kind: str, contract: Contract, *, by: str = "") -> None:
    """Tells everybody of the parties that are told of this kind."""
    held = contract.terms or contract.application
    works = held.works or Works()
    for person in _people(world, kind, contract):
        if person.user_id == by:
            continue
        notice = Notice(
            world.new_id("ntc"),
            kind,
            contract.contract_id,
            contract.contract_number,
            works.name,
            world.now,
        )
        boxes = world.told.setdefault(person.user_id, [])
        boxes.append(Told(len(boxes), notice))
    world.wake()


def unread_of(world: World, user_id: str) -> int:
    """How many notices of a person are unread."""
    return sum(each.notice.read_time is None for each in world.told.get(user_id, []))


class FakeNotices(FakeCalls):
    """The port's `Notices`."""

    async def list_notices(
        self, page: records.PageRequest, *, unread_only: bool = False
    ) -> records.Page[records.Notice]:
        """A page of the caller's notices, the newest first."""

        def act(person: Person) -> records.Page[Notice]:
            told = [
                ((each.place, each.notice.notice_id), each.notice)
                for each in self.world.told.get(person.user_id, [])
                if not unread_only or each.notice.read_time is None
            ]
            total = min(len(told), COUNT_LIMIT)
            wanted = replace(page, descending=True)
            return page_of(
                wanted, None, ("notices", unread_only), of_sequence(told), (total, total < COUNT_LIMIT)
            )

        return await self._read("ListNotices", PARTIES, act)

    async def mark_read(self, notice_ids: Sequence[str] = (), *, up_to: str = "", request_id: str) -> int:
        """Marks notices as read; how many are unread then."""

        def act(person: Person) -> int:
            if bool(notice_ids) == bool(up_to):
                raise refuse(
                    "FIELD_NOT_ALLOWED" if up_to else "FIELD_REQUIRED",
                    "up_to_notice_id" if up_to else "notice_ids",
                )
            told = self.world.told.setdefault(person.user_id, [])
            places = {each.notice.notice_id: each.place for each in told}
            for index, notice_id in enumerate(notice_ids):
                if notice_id not in places:
                    raise refuse("NOT_FOUND", f"notice_ids[{index}]", resource="notice")
            if up_to and up_to not in places:
                raise refuse("NOT_FOUND", "up_to_notice_id", resource="notice")
            last = places.get(up_to, -1)
            for place, each in enumerate(told):
                meant = each.notice.notice_id in notice_ids or place <= last
                if meant and each.notice.read_time is None:
                    told[place] = Told(place, replace(each.notice, read_time=self.world.now))
            self.world.wake()
            return unread_of(self.world, person.user_id)

        return await self._change("MarkRead", PARTIES, request_id, (tuple(notice_ids), up_to), act)

    async def get_notice_preferences(self) -> NoticePreferences:
        """What the caller wants of notices."""
        return await self._read("GetPreferences", PARTIES, self._preferences)

    async def set_notice_preferences(
        self, wanted: NoticePreferences, *, request_id: str
    ) -> NoticePreferences:
        """Replaces what the caller wants of notices."""

        def act(person: Person) -> NoticePreferences:
            present = self._preferences(person)
            if wanted.etag and wanted.etag != present.etag:
                raise refuse("ETAG_MISMATCH", "etag")
            if wanted.language not in ("ja", "en"):
                raise refuse("FIELD_FORMAT", "preferences.language")
            self.world.revision += 1
            chosen = dict(wanted.mails)
            mails = tuple((kind, chosen.get(kind, True)) for kind, _ in present.mails)
            kept = replace(present, language=wanted.language, mails=mails, etag=f"e{self.world.revision}")
            self.world.preferences[person.user_id] = kept
            return kept

        return await self._change("SetPreferences", PARTIES, request_id, wanted, act)

    def _preferences(self, person: Person) -> NoticePreferences:
        kinds = NOTICE_KINDS if person.kind == "CONTRACTOR" else _TO_GUARANTOR
        address = f"{person.login_name.replace('_', '.')}@example.jp"
        mail_off = not self.world.sends_mail
        fresh = NoticePreferences("ja", tuple((kind, True) for kind in kinds), address, mail_off, "e0")
        return self.world.preferences.get(person.user_id, fresh)


def _count(contract: Contract, kind: str) -> int:
    return sum(fact.kind == kind for fact in contract.facts)


def _lost_mails(contract: Contract) -> int:
    """The mails that did not go out although the contractor still wanted them to."""
    return sum(fact.failure in ("REFUSED", "UNREACHABLE", "CHANGED") for fact in contract.facts)


def _people(world: World, kind: str, contract: Contract) -> list[Person]:
    people = [each for each in world.people.values() if each.organization_id == contract.organization_id]
    if kind not in _TO_GUARANTOR:
        return people
    desk = [each for each in world.people.values() if each.organization_id == contract.guarantor_id]
    handlers = [each for each in desk if each.user_id in (contract.accepted_by, contract.approved_by)]
    return people + (handlers or desk)
