"""Between an application and the values of the wizard's fields. No terminal and no clock here."""

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from tashika_tui.client.records import (
    Application,
    BankAccount,
    Contact,
    JointVenture,
    VentureMember,
    Works,
)
from tashika_tui.presenting.wording import share_text
from tashika_tui.widgets.form import Value
from tashika_tui.widgets.values import fold

NEW_WORKS = "+"
MAX_MEMBERS = 5
ADVANCES = ("PREPAYMENT", "MIDTERM_PREPAYMENT")

Values = Mapping[str, Value]

_PLAIN = (
    "guarantor_id",
    "branch",
    "product",
    "form",
    "amount_yen",
    "prepayment_planned",
    "period_start",
    "period_on_signing",
    "period_end",
    "fiscal_year",
    "planned_work_value_yen",
    "notice_mail",
)


def copied(last: Application) -> Application:
    """A new application like the last one: without its works, amount and days, which are never the same."""
    return replace(
        last,
        works=None,
        amount_yen=None,
        period_start=None,
        period_end=None,
        fiscal_year=None,
        planned_work_value_yen=None,
    )


def values_of(application: Application) -> dict[str, Value]:
    """What stands in the fields for an application."""
    values: dict[str, Value] = {name: getattr(application, name) or None for name in _PLAIN}
    for name in ("prepayment_planned", "period_on_signing"):
        values[name] = getattr(application, name)
    values["works_id"] = application.works.works_id or None if application.works is not None else None
    for name, record in (
        ("depositary", application.depositary or BankAccount()),
        ("contact", application.contact or Contact()),
    ):
        values |= {f"{name}.{part.name}": getattr(record, part.name) or None for part in fields(record)}
    venture = application.joint_venture
    values["venture"] = venture is not None
    values["joint_venture.name"] = venture.name if venture is not None else None
    for place in range(MAX_MEMBERS):
        members = venture.members if venture is not None else ()
        values |= _member_values(place, members[place] if place < len(members) else VentureMember())
    return values


def application_of(values: Values, works: Works | None, before: Application) -> Application:
    """The application that the fields say; what has no field stays as it was `before`."""
    given: dict[str, Any] = {name: values[name] for name in _PLAIN if name in values}
    for name in ("guarantor_id", "branch", "product", "form", "notice_mail"):
        given[name] = given.get(name) or ""
    for name in ("prepayment_planned", "period_on_signing"):
        given[name] = bool(given.get(name))
    # A field that is not there says nothing, so that what it held before does not stay behind.
    for name in ("period_start", "planned_work_value_yen"):
        given.setdefault(name, None)
    account = _record(BankAccount, "depositary", values)
    return replace(
        before,
        **given,
        works=works,
        depositary=account,
        contact=_record(Contact, "contact", values),
        joint_venture=_venture(values),
    )


def works_of(values: Values) -> Works:
    """The works contract that was entered anew."""
    given = {
        part.name: values[f"works.{part.name}"]
        for part in fields(Works)
        if values.get(f"works.{part.name}") is not None
    }
    return Works(**given)  # type: ignore[arg-type]


def hundredths(typed: str) -> int | None:
    """A share in percent as typed, in hundredths of a percent; None for nothing. Raises ValueError."""
    folded = fold(typed).removesuffix("%").strip()
    if not folded:
        return None
    try:
        share = Decimal(folded) * 100
    except InvalidOperation:
        raise ValueError(typed) from None
    if not share.is_finite() or share != share.to_integral_value() or not 0 < share <= 10_000:
        raise ValueError(typed)
    return int(share)


def _record(kind: Any, name: str, values: Values) -> Any:
    """A record whose parts are fields; None where nothing is entered."""
    given = {part.name: str(values.get(f"{name}.{part.name}") or "") for part in fields(kind)}
    return kind(**given) if any(given.values()) else None


def _venture(values: Values) -> JointVenture | None:
    if values.get("venture") is not True:
        return None
    members = []
    for place in range(MAX_MEMBERS):
        name = f"joint_venture.members[{place}]"
        texts = {
            part: str(values.get(f"{name}.{part}") or "") for part in ("company", "address", "representative")
        }
        ratio = _share(values.get(f"{name}.ratio_hundredths"))
        if any(texts.values()) or ratio is not None:
            members.append(VentureMember(**texts, ratio_hundredths=ratio))
    return JointVenture(str(values.get("joint_venture.name") or ""), tuple(members))


def _share(typed: Value) -> int | None:
    """A share; what is none is nothing yet, as in every other field."""
    try:
        return hundredths(str(typed or ""))
    except ValueError:
        return None


def _member_values(place: int, member: VentureMember) -> dict[str, Value]:
    name = f"joint_venture.members[{place}]"
    return {
        f"{name}.company": member.company or None,
        f"{name}.address": member.address or None,
        f"{name}.representative": member.representative or None,
        f"{name}.ratio_hundredths": share_text(member.ratio_hundredths).removesuffix("%") or None,
    }
