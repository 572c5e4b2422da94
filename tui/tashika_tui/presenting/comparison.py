"""Two applications side by side, value by value: what was applied for, and what was accepted or issued."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tashika_tui.client.records import (
    Application,
    BankAccount,
    Difference,
    JointVenture,
    VentureMember,
    Works,
)
from tashika_tui.i18n import Texts
from tashika_tui.presenting.sheet import Pair
from tashika_tui.presenting.wording import (
    day_text,
    field_text,
    fiscal_year_text,
    share_text,
    yen_text,
)

# What the fields of an application are called, in the order of a certificate.
SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "heading.guarantee",
        (
            "product",
            "form",
            "amount_yen",
            "prepayment_planned",
            "period_on_signing",
            "period_start",
            "period_end",
            "fiscal_year",
        ),
    ),
    (
        "heading.works",
        tuple(
            f"works.{name}"
            for name in (
                "number",
                "name",
                "place",
                "kind",
                "orderer_id",
                "section",
                "contract_date",
                "period_start",
                "period_end",
                "price_yen",
                "low_bid",
                "multi_year",
            )
        ),
    ),
    ("heading.venture", ("joint_venture",)),
    (
        "heading.depositary",
        tuple(
            f"depositary.{name}" for name in ("bank", "branch", "account_kind", "account_number", "holder")
        ),
    ),
    ("heading.guarantor", ("guarantor_id", "branch")),
    ("contractor.contact", ("contact.name", "contact.telephone", "contact.mail", "notice_mail")),
)

_FLAGS = frozenset("prepayment_planned period_on_signing low_bid multi_year".split())
_DAYS = frozenset(
    "period_start period_end contract_date notice_date expected_contract_date initial_contract_date".split()
)
_FAMILIES = {"product": "product", "form": "form", "kind": "works_kind"}

Names = Mapping[str, str]


def pairs(texts: Texts, left: Application, right: Application, names: Names) -> list[tuple[str, list[Pair]]]:
    """All fields of both sides under their headings. `names` are those of orderers and guarantors by id."""
    return [
        (
            texts(heading),
            [
                Pair(
                    field_text(texts, path),
                    value_text(texts, left, path, names),
                    value_text(texts, right, path, names),
                    value_of(left, path) != value_of(right, path),
                )
                for path in paths
            ],
        )
        for heading, paths in SECTIONS
    ]


def different_paths(left: Application, right: Application) -> Iterator[str]:
    """The fields in which two applications differ."""
    for _, paths in SECTIONS:
        yield from (path for path in paths if value_of(left, path) != value_of(right, path))


def value_of(application: Application, path: str) -> Any:
    """The value at a path; None where nothing stands there."""
    value: Any = application
    for name in path.split("."):
        value = getattr(value, name, None)
    return None if value in ("", False) else value


def value_text(texts: Texts, application: Application, path: str, names: Names) -> str:
    """The value at a path in words."""
    value = value_of(application, path)
    match value:
        case None:
            return ""
        case True:
            return texts("value.yes")
        case JointVenture():
            members = (f"{one.company} {share_text(one.ratio_hundredths)}".strip() for one in value.members)
            return "\n".join([value.name, *members])
        case datetime.date():
            return day_text(texts, value)
        case int():
            return fiscal_year_text(texts, value) if path == "fiscal_year" else yen_text(texts, value)
    text = str(value)
    if path in ("product", "form"):
        return texts.choice(path, text)
    if path == "works.kind":
        return texts.choice("works_kind", text)
    return names.get(text, text) if path.endswith("_id") else text


def difference_text(texts: Texts, difference: Difference) -> str:
    """What was applied for and what was accepted in a field, of which the server gives plain text: digits, a day as
    YYYY-MM-DD, a token, true or false.
    """
    applied, agreed = (
        _plain_text(texts, difference.field, value)
        for value in (difference.application_value, difference.terms_value)
    )
    return texts("value.difference", application=applied, terms=agreed)


def _plain_text(texts: Texts, path: str, text: str) -> str:
    name = path.rpartition(".")[2]
    if not text:
        return texts("value.nothing")
    if name in _FLAGS:
        return texts("value.yes" if text == "true" else "value.no")
    if name.endswith("_yen") and text.isdecimal():
        return yen_text(texts, int(text))
    if name.endswith("_hundredths") and text.isdecimal():
        return share_text(int(text))
    if name in _DAYS:
        return day_text(texts, datetime.date.fromisoformat(text))
    return texts.choice(_FAMILIES[name], text) if name in _FAMILIES else text


def stated(statement: Mapping[str, Any], application: Application) -> Application:
    """What a certificate states, in the fields of an application. Of what no certificate speaks it takes the
    application's own value.
    """
    obligee, period = statement["obligee"], statement["guarantee_period"]
    works = statement["works"]
    applied = application.works or Works()
    return replace(
        application,
        guarantor_id=statement["guarantor"]["organization_id"],
        branch=statement["guarantor"].get("branch", ""),
        product=statement["product"],
        form="ELECTRONIC",
        amount_yen=statement["guaranteed_amount_yen"],
        period_start=_day(period.get("from")),
        period_on_signing=bool(period.get("from_signing")),
        period_end=_day(period["to"]),
        fiscal_year=works.get("fiscal_year", application.fiscal_year),
        depositary=BankAccount(**statement["depositary"]) if "depositary" in statement else None,
        joint_venture=_venture(statement["principal"].get("joint_venture")),
        works=replace(
            applied,
            number=works.get("number", ""),
            name=works["name"],
            place=works["place"],
            kind=works["kind"],
            orderer_id=obligee["orderer_id"],
            section=obligee.get("section", ""),
            price_yen=works["price_yen"],
            contract_date=_day(works.get("contract_date")),
            period_start=_day(works["period"].get("from")),
            period_end=_day(works["period"]["to"]),
            low_bid=bool(works.get("low_bid")),
        ),
    )


def _venture(stated: Mapping[str, Any] | None) -> JointVenture | None:
    if stated is None:
        return None
    members = tuple(
        VentureMember(
            member["company"],
            member.get("address", ""),
            member.get("representative", ""),
            member["ratio_percent_hundredths"],
        )
        for member in stated["members"]
    )
    return JointVenture(stated["name"], members)


def _day(iso: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(iso) if iso else None
