"""A certificate's statement in words, label by label."""

import datetime
from collections.abc import Mapping
from typing import Any

from tashika_tui.i18n import Texts
from tashika_tui.presenting.sheet import Section
from tashika_tui.presenting.wording import day_text, fiscal_year_text, period_text, share_text, yen_text

Statement = Mapping[str, Any]


def statement_sections(texts: Texts, statement: Statement, state: str) -> list[Section]:
    """All that a statement says, in the order of a certificate. `state` is where the contract stands today."""
    sections = [
        _guarantee(texts, statement, state),
        _obligee(texts, statement["obligee"]),
        *_principal(texts, statement["principal"]),
        _works(texts, statement["works"]),
        _depositary(texts, statement.get("depositary", {})),
        _guarantor(texts, statement["guarantor"]),
        _reference(texts, statement),
    ]
    return sections


def title(texts: Texts, statement: Statement) -> str:
    """The heading of a certificate."""
    return texts("certificate.title", product=texts.choice("product", statement["product"]))


def _guarantee(texts: Texts, statement: Statement, state: str) -> Section:
    period = statement["guarantee_period"]
    first = (
        texts("certificate.from_signing") if period.get("from_signing") else _day(texts, period.get("from"))
    )
    rows = [
        (texts("label.contract_number"), statement["contract_number"]),
        (texts("label.version"), texts("value.version", version=statement["version"])),
        (texts("label.product"), texts.choice("product", statement["product"])),
        (texts("label.guaranteed_amount"), yen_text(texts, statement["guaranteed_amount_yen"])),
        (texts("label.guarantee_period"), period_text(texts, first, _day(texts, period["to"]))),
        (texts("label.issue_date"), _day(texts, statement["issue_date"])),
        (texts("label.state"), texts.choice("state", state)),
    ]
    return Section("", rows)


def _obligee(texts: Texts, obligee: Statement) -> Section:
    rows = [
        (texts("label.name"), obligee["name"]),
        (texts("label.addressee"), obligee["addressee"]),
        (texts("label.section"), obligee.get("section", "")),
    ]
    return Section(texts("heading.obligee"), rows)


def _principal(texts: Texts, principal: Statement) -> list[Section]:
    rows = [
        (texts("label.company"), principal["company"]),
        (texts("label.address"), principal["address"]),
        (texts("label.representative"), principal["representative"]),
        (texts("label.corporate_number"), principal.get("corporate_number", "")),
    ]
    sections = [Section(texts("heading.principal"), rows)]
    venture = principal.get("joint_venture")
    if venture:
        members = [(texts("label.venture"), venture["name"])]
        for member in venture["members"]:
            share = share_text(member["ratio_percent_hundredths"])
            parts = (member["company"], share, member.get("address", ""), member.get("representative", ""))
            members.append((texts("label.member"), "  ".join(part for part in parts if part)))
        sections.append(Section(texts("heading.venture"), members))
    return sections


def _works(texts: Texts, works: Statement) -> Section:
    period = works["period"]
    rows = [
        (texts("label.works_number"), works.get("number", "")),
        (texts("label.works_name"), works["name"]),
        (texts("label.works_place"), works["place"]),
        (texts("label.works_kind"), works["kind_name"]),
        (texts("label.contract_date"), _day(texts, works.get("contract_date"))),
        (
            texts("label.works_period"),
            period_text(texts, _day(texts, period.get("from")), _day(texts, period["to"])),
        ),
        (texts("label.price"), yen_text(texts, works["price_yen"])),
        (texts("label.prepayment"), yen_text(texts, works.get("prepayment_yen"))),
        (texts("label.fiscal_year"), fiscal_year_text(texts, works.get("fiscal_year"))),
        (texts("label.low_bid"), texts("value.yes") if works.get("low_bid") else ""),
    ]
    return Section(texts("heading.works"), rows)


def _depositary(texts: Texts, account: Statement) -> Section:
    bank = "  ".join(account[name] for name in ("bank", "branch") if name in account)
    number = "  ".join(account[name] for name in ("account_kind", "account_number") if name in account)
    rows = [
        (texts("label.bank"), bank),
        (texts("label.account"), number),
        (texts("label.holder"), account.get("holder", "")),
    ]
    return Section(texts("heading.depositary"), rows)


def _guarantor(texts: Texts, guarantor: Statement) -> Section:
    rows = [
        (texts("label.company"), guarantor["name"]),
        (texts("label.address"), guarantor["address"]),
        (texts("label.representative"), guarantor["representative"]),
        (texts("label.branch"), guarantor.get("branch", "")),
        (texts("label.telephone"), guarantor.get("telephone", "")),
    ]
    return Section(texts("heading.guarantor"), rows)


def _reference(texts: Texts, statement: Statement) -> Section:
    previous = statement.get("previous")
    before = texts("value.version", version=previous["version"]) if previous else ""
    rows = [
        (texts("label.terms_reference"), statement["terms_reference"]),
        (texts("label.previous"), before),
        (texts("label.certificate_id"), statement["certificate_id"]),
    ]
    return Section(texts("heading.reference"), rows)


def _day(texts: Texts, iso: str | None) -> str:
    return day_text(texts, datetime.date.fromisoformat(iso)) if iso else ""
