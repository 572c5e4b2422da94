"""A contract as the guarantor reviews it: everything that was applied for, agreed, paid and attached."""

from collections.abc import Iterable, Mapping

from tashika_tui.client.records import Attachment, Contract, FeeEntry, Works
from tashika_tui.i18n import Texts, Wording
from tashika_tui.presenting.comparison import SECTIONS, difference_text, value_text
from tashika_tui.presenting.sheet import Section
from tashika_tui.presenting.wording import bytes_text, day_text, field_text, moment_text, yen_text

_LEDGER = {
    "CHARGE": "guarantor.charge",
    "PAYMENT": "guarantor.payment",
    "REFUND": "guarantor.refund",
    "REVERSAL": "guarantor.reversal",
}


def review_sections(texts: Texts, contract: Contract, names: Mapping[str, str]) -> list[Section]:
    """All of a contract. `names` are those of orderers and guarantors by id."""
    held = contract.terms or contract.application
    return [
        _head(texts, contract),
        _remarks(texts, contract),
        _differences(texts, contract),
        _attachments(texts, contract.attachments),
        *(
            Section(
                texts(heading),
                [(field_text(texts, path), value_text(texts, held, path, names)) for path in paths],
            )
            for heading, paths in SECTIONS
        ),
        _principal(texts, contract),
        _fee(texts, contract),
        _steps(texts, contract),
    ]


def attachment_text(texts: Texts, attachment: Attachment) -> str:
    """A file's name and size."""
    return _joined((attachment.name, bytes_text(texts, attachment.size_bytes)))


def what_lines(texts: Texts, contract: Contract) -> list[Wording]:
    """Two lines that say which contract a question is about."""
    held = contract.terms or contract.application
    works = held.works or Works()
    amount = yen_text(texts, held.amount_yen)
    return [
        _joined((contract.contract_number, works.name)),
        _joined((contract.registrant.company, texts.choice("product", held.product), amount)),
    ]


def _head(texts: Texts, contract: Contract) -> Section:
    registrant = contract.registrant
    paper = contract.paper_issue
    rows = [
        (texts("label.state"), texts.choice("state", contract.state)),
        (texts("label.registrant_company"), registrant.company),
        (texts("label.registrant"), _joined((registrant.name, registrant.title))),
        (texts("label.submit_time"), moment_text(texts, contract.submit_time)),
        (texts("label.refusal"), contract.refusal),
    ]
    if paper is not None:
        issued = _joined((day_text(texts, paper.day), paper.certificate_reference))
        rows.append((texts("guarantor.paper_issue"), issued))
    return Section(texts("guarantor.application"), rows)


def _remarks(texts: Texts, contract: Contract) -> Section:
    rows = [(field_text(texts, one.field) or texts("label.whole"), one.text) for one in contract.remarks]
    return Section(texts("heading.remarks"), rows)


def _differences(texts: Texts, contract: Contract) -> Section:
    rows = [
        (
            field_text(texts, one.field),
            difference_text(texts, one),
        )
        for one in contract.differences
    ]
    return Section(texts("heading.differences"), rows)


def _attachments(texts: Texts, attachments: Iterable[Attachment]) -> Section:
    rows = [(f"{number}", attachment_text(texts, one)) for number, one in enumerate(attachments, 1)]
    return Section(texts("guarantor.attachments"), rows or [("", texts("guarantor.no_attachments"))])


def _principal(texts: Texts, contract: Contract) -> Section:
    principal = contract.principal
    if principal is None:
        return Section("", [])
    rows = [
        (texts("label.company"), principal.company),
        (texts("label.address"), principal.address),
        (texts("label.representative"), principal.representative),
        (texts("label.corporate_number"), principal.corporate_number),
    ]
    return Section(texts("heading.principal"), rows)


def _fee(texts: Texts, contract: Contract) -> Section:
    rows = [
        (texts("label.fee"), yen_text(texts, contract.fee_yen)),
        (texts("label.balance"), yen_text(texts, contract.balance_yen)),
        (texts("label.pay_by"), day_text(texts, contract.pay_by)),
        (texts("label.monthly_payer"), texts("value.yes") if contract.monthly_payer else ""),
    ]
    if contract.fee_yen is None and not contract.ledger:
        rows = []
    return Section(texts("heading.fee"), [*rows, *(_entry(texts, one) for one in contract.ledger)])


def _entry(texts: Texts, entry: FeeEntry) -> tuple[str, str]:
    kind = texts(_LEDGER[entry.kind]) if entry.kind in _LEDGER else entry.kind
    return kind, _joined((day_text(texts, entry.day), yen_text(texts, entry.amount_yen), entry.note))


def _steps(texts: Texts, contract: Contract) -> Section:
    steps = contract.steps
    rows = [
        (texts("guarantor.returned"), moment_text(texts, steps.return_time)),
        (texts("guarantor.accepted"), moment_text(texts, steps.accept_time)),
        (texts("guarantor.approved"), moment_text(texts, steps.approve_time)),
        (texts("guarantor.paid"), moment_text(texts, steps.pay_time)),
        (texts("label.issue_time"), moment_text(texts, steps.issue_time)),
    ]
    return Section(texts("guarantor.steps"), rows)


def _joined(parts: Iterable[str]) -> str:
    return "  ".join(part for part in parts if part)
