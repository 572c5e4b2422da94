"""A generated row as a contract in full: made when somebody opens it."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tashika_formats.key import make_key
from tashika_tui.client.fake import samples
from tashika_tui.client.fake.lifecycle import issue_papers, reviewed
from tashika_tui.client.records import (
    Application,
    BankAccount,
    Contact,
    Contract,
    ContractRow,
    FeeEntry,
    Moment,
    Principal,
    Remark,
    Steps,
    Works,
)

if TYPE_CHECKING:
    from tashika_tui.client.fake.world import World

_ACCEPTED = ("PENDING_APPROVAL", "ACCEPTED", "IN_FORCE", "EXPIRED")
_ISSUED = ("IN_FORCE", "EXPIRED")


def awaken(world: "World", index: int) -> Contract:
    """The contract of a generated row, which the world keeps from now on."""
    row = world.generated.row(index)
    application = _application(row)
    accepted = row.state in _ACCEPTED
    times = _steps(row)
    fee = world.generated.fee_yen(index) or 0
    charge = FeeEntry(
        world.new_id("fee"), "CHARGE", fee, world.today, times.accept_time, "", "", row.fee_label
    )
    paid = FeeEntry(world.new_id("fee"), "PAYMENT", fee, world.today, times.pay_time, "", "")
    ledger = (charge, paid) if row.state in _ISSUED else (charge,) if accepted else ()
    contract = Contract(
        contract_id=row.contract_id,
        contract_number=row.contract_number,
        state=row.state,
        application=application,
        terms=application if accepted else None,
        registrant=row.registrant,
        register_time=row.register_time,
        principal=Principal(
            row.registrant.company, "千葉県柏市あけぼの一丁目１番１号", "代表取締役　𠮷田 葛󠄀男", ""
        ),
        remarks=(Remark("application.works.name", "工事名を確認してください。"),)
        if row.state == "RETURNED"
        else (),
        refusal="引受けの対象外です。" if row.state == "REFUSED" else "",
        fee_yen=fee if accepted else None,
        pay_by=row.pay_by,
        monthly_payer=False,
        balance_yen=0,
        version=0,
        facts=(),
        submit_time=times.submit_time,
        issue_time=times.issue_time,
        lead_time_seconds=None,
        update_time=row.update_time,
        etag=f"g{index}",
        organization_id=row.organization_id,
        guarantor_id=row.guarantor_id,
        policy_version=1,
        ledger=ledger,
        accepted_by="usr_" + "0" * 26 if accepted else "",
        steps=times,
        fee_basis=world.generated.fee_basis(index),
    )
    contract = reviewed(contract)
    if row.state in _ISSUED and row.form == "ELECTRONIC":
        world.keys[row.contract_id] = make_key(index.to_bytes(12, "big"))
        contract = issue_papers(world, contract, times.issue_time or world.now)
    if application.works is not None:
        works = replace(application.works, etag=f"g{index}")
        world.works.setdefault(works.works_id, (row.organization_id, works))
    world.contracts[row.contract_id] = contract
    world.numbers[row.contract_number] = row.contract_id
    return contract


def _application(row: ContractRow) -> Application:
    price = (row.amount_yen or 0) * (10 if row.product == "PERFORMANCE" else 4)
    registered = row.register_time
    assert registered is not None
    end = row.period_end
    start = min(registered.date(), end - timedelta(days=30)) if end is not None else registered.date()
    account = BankAccount("みずべ銀行", "柏支店", "普通", "1234567", row.registrant.company)
    return Application(
        guarantor_id=row.guarantor_id,
        branch="千葉支店",
        product=row.product,
        form=row.form,
        works=Works(
            works_id=row.works_id,
            number=row.works_number,
            name=row.works_name,
            place=f"千葉県柏市{samples.PLACES[0]}",
            kind="CONSTRUCTION",
            orderer_id=row.orderer_id,
            section=row.section,
            price_yen=price,
            notice_date=start - timedelta(days=30),
            expected_contract_date=start,
            contract_date=start,
            period_start=start,
            period_end=end,
        ),
        amount_yen=row.amount_yen,
        prepayment_planned=row.product == "PERFORMANCE",
        period_start=start,
        period_end=end,
        depositary=account if row.product == "PREPAYMENT" else None,
        contact=Contact(row.registrant.name, "04-7000-0000", "hanako@takasaki.example.jp"),
        notice_mail="keiri@takasaki.example.jp",
    )


def _steps(row: ContractRow) -> Steps:
    start = row.register_time
    assert start is not None

    def after(minutes: int, *states: str) -> Moment | None:
        return start + timedelta(minutes=minutes) if row.state in states else None

    return Steps(
        submit_time=start,
        return_time=after(3, "RETURNED"),
        accept_time=after(5, *_ACCEPTED),
        approve_time=after(7, "ACCEPTED", *_ISSUED),
        pay_time=after(9, *_ISSUED),
        issue_time=after(11, *_ISSUED),
    )
