"""The simulation's mails that hand keys in. Nobody sends them: a test says what the mail server did."""

import hashlib
from dataclasses import replace

from tashika_tui.client import records
from tashika_tui.client.fake.entry import CONTRACTOR, FakeCalls
from tashika_tui.client.fake.handing_in import advice_for, message_for
from tashika_tui.client.fake.key_life import generation_of, give_up_mails, waiting_mails
from tashika_tui.client.fake.lifecycle import require, reviewed
from tashika_tui.client.fake.refusals import refuse
from tashika_tui.client.fake.world import Person, World

REGISTER_ADDRESS = "noreply@register.example.jp"


class FakeMailing(FakeCalls):
    """The mailing of the port's `Keys`."""

    async def show_hand_in_mail(
        self, contract: records.Known, version: int, *, to: str = ""
    ) -> records.HandInMail:
        """The mail that would hand the key in."""
        return await self._read(
            "HandInByMail", CONTRACTOR, lambda person: self._draft(person, self._own(person, contract), to)
        )

    async def hand_in_by_mail(
        self, contract: records.Known, version: int, mail: records.HandInMail, *, request_id: str
    ) -> records.Contract:
        """Sends the mail that was shown."""

        def act(person: Person) -> records.Contract:
            present = self._own(person, contract)
            if self._draft(person, present, mail.to).confirmation != mail.confirmation:
                raise refuse("MAIL_CHANGED", "confirmation")
            bare = give_up_mails(present, "REPLACED", self.world.now)
            fact = records.Fact(
                "MAIL_CONFIRMED",
                version or present.version,
                self.world.now,
                False,
                "MAIL",
                "",
                generation_of(present),
                to=mail.to,
                mail_id=self.world.new_id("mil"),
            )
            return self.world.save(replace(bare, facts=(*bare.facts, fact)), "contract.mail")

        request = (contract.contract_id, contract.etag, version, mail)
        return await self._change("HandInByMail", CONTRACTOR, request_id, request, act)

    def _draft(self, person: Person, contract: records.Contract, to: str) -> records.HandInMail:
        if contract.application.form == "PAPER":
            raise refuse("NO_KEY_FOR_PAPER")
        if contract.version == 0:
            raise refuse("NOT_ISSUED", state=contract.state)
        require(contract, "HAND_IN")
        if not self.world.sends_mail:
            raise refuse("MAIL_NOT_AVAILABLE")
        advice, message = advice_for(self.world, contract), message_for(self.world, contract)
        if advice is None or message is None or advice.channel not in ("MAIL", "MAIL_OR_FAX"):
            raise refuse("HAND_IN_NOT_BY_MAIL")
        chosen = to or advice.to
        if chosen.count("@") != 1 or chosen.startswith("@") or chosen.endswith("@"):
            raise refuse("FIELD_FORMAT" if to else "FIELD_REQUIRED", "to")
        contact = (contract.terms or contract.application).contact
        mail = records.HandInMail(
            from_name=f"{person.organization}（電子保証登録簿）",
            from_address=REGISTER_ADDRESS,
            reply_to=contact.mail if contact is not None else "",
            section=advice.section,
            to=chosen,
            policy_to=advice.to,
            subject=f"【見本 DEMO】{message.subject}",
            text_before_key=message.text_before_key,
            text_after_key=message.text_after_key,
            confirmation="",
        )
        digest = hashlib.sha256(f"{mail} {generation_of(contract)}".encode()).hexdigest()
        return replace(mail, confirmation=digest)


def mail_server_takes(world: World, contract_id: str) -> None:
    """The mail server has what waits for a contract: its key is handed in."""
    world.acting = ""
    contract = world.contracts[contract_id]
    for waits in waiting_mails(contract):
        handed = replace(waits, kind="HANDED_IN", fact_time=world.now)
        steps = replace(contract.steps, hand_in_time=world.now)
        contract = reviewed(replace(contract, facts=(*contract.facts, handed), steps=steps))
        world.save(contract, "contract.mailed")


def mail_server_refuses(world: World, contract_id: str, said: str) -> None:
    """The mail server refuses the address for good."""
    world.acting = ""
    contract = give_up_mails(world.contracts[contract_id], "REFUSED", world.now, said)
    world.save(contract, "contract.mail_failed")
