"""A guarantee contract in words, label by label."""

from collections.abc import Mapping
from types import MappingProxyType

from tashika_tui.client.records import Application, Contract, HandInAdvice
from tashika_tui.i18n import Texts
from tashika_tui.presenting.comparison import difference_text
from tashika_tui.presenting.handing_in import key_sections
from tashika_tui.presenting.lead_times import span_text
from tashika_tui.presenting.sheet import Section
from tashika_tui.presenting.wording import (
    day_text,
    field_text,
    fiscal_year_text,
    moment_text,
    period_text,
    yen_text,
)

_SECONDS_PER_MINUTE = 60


def contract_sections(
    texts: Texts, contract: Contract, names: Mapping[str, str] = MappingProxyType({})
) -> list[Section]:
    """What a party wants to know of a contract: its state, the agreed terms, what is open, what happened. `names`
    are those of orderers by id, as far as they are known.
    """
    sections = [_head(texts, contract)]
    sections += _application(texts, contract.terms or contract.application, names)
    sections += [
        _fee(texts, contract),
        _remarks(texts, contract),
        _differences(texts, contract),
        _steps(texts, contract),
    ]
    if contract.version:
        sections += key_sections(texts, contract)
    if contract.hand_in_advice is not None:
        sections.append(advice_section(texts, contract.hand_in_advice))
    return sections


def _head(texts: Texts, contract: Contract) -> Section:
    registrant = contract.registrant
    rows = [
        (texts("label.contract_number"), contract.contract_number or texts("value.no_number")),
        (texts("label.state"), texts.choice("state", contract.state)),
        (texts("label.register_date"), moment_text(texts, contract.register_time)),
        (texts("label.registrant"), registrant.name),
        (texts("label.registrant_company"), registrant.company),
        (texts("label.registrant_title"), registrant.title),
        (
            texts("label.version"),
            texts("value.version", version=contract.version) if contract.version else "",
        ),
        (texts("label.submit_time"), moment_text(texts, contract.submit_time)),
        (texts("label.issue_time"), moment_text(texts, contract.issue_time)),
        (texts("label.lead_time"), _duration(texts, contract.lead_time_seconds)),
        (texts("label.refusal"), contract.refusal),
    ]
    return Section("", rows)


def _application(texts: Texts, terms: Application, names: Mapping[str, str]) -> list[Section]:
    on_signing = texts("certificate.from_signing")
    first = on_signing if terms.period_on_signing else day_text(texts, terms.period_start)
    rows = [
        (texts("label.product"), texts.choice("product", terms.product)),
        (texts("label.form"), texts.choice("form", terms.form)),
        (texts("label.guaranteed_amount"), yen_text(texts, terms.amount_yen)),
        (texts("label.guarantee_period"), period_text(texts, first, day_text(texts, terms.period_end))),
        (texts("label.fiscal_year"), fiscal_year_text(texts, terms.fiscal_year)),
    ]
    sections = [Section(texts("heading.guarantee"), rows)]
    works = terms.works
    if works is not None:
        period = period_text(texts, day_text(texts, works.period_start), day_text(texts, works.period_end))
        works_rows = [
            (texts("label.works_number"), works.number),
            (texts("label.works_name"), works.name),
            (texts("label.works_place"), works.place),
            (texts("label.works_kind"), texts.choice("works_kind", works.kind)),
            (texts("label.orderer"), names.get(works.orderer_id, works.orderer_id)),
            (texts("label.section"), works.section),
            (texts("label.contract_date"), day_text(texts, works.contract_date)),
            (texts("label.works_period"), period),
            (texts("label.price"), yen_text(texts, works.price_yen)),
            (texts("label.low_bid"), texts("value.yes") if works.low_bid else ""),
        ]
        sections.append(Section(texts("heading.works"), works_rows))
    return sections


def _fee(texts: Texts, contract: Contract) -> Section:
    if contract.fee_yen is None:
        return Section(texts("heading.fee"), [])
    rows = [
        (texts("label.fee"), yen_text(texts, contract.fee_yen)),
        (texts("label.balance"), yen_text(texts, contract.balance_yen)),
        (texts("label.pay_by"), day_text(texts, contract.pay_by)),
        (texts("label.monthly_payer"), texts("value.yes") if contract.monthly_payer else ""),
    ]
    return Section(texts("heading.fee"), rows)


def _remarks(texts: Texts, contract: Contract) -> Section:
    rows = [
        (field_text(texts, remark.field) or texts("label.whole"), remark.text) for remark in contract.remarks
    ]
    return Section(texts("heading.remarks"), rows)


def _differences(texts: Texts, contract: Contract) -> Section:
    rows = [(field_text(texts, item.field), difference_text(texts, item)) for item in contract.differences]
    return Section(texts("heading.differences"), rows)


def _steps(texts: Texts, contract: Contract) -> Section:
    """When each step was taken, and how long after the one before it, as the lead time counts."""
    steps = contract.steps
    rows: list[tuple[str, str]] = []
    before = None
    for step in ("submit", "return", "accept", "approve", "pay", "issue", "hand_in"):
        moment = getattr(steps, f"{step}_time")
        took = ""
        if moment is not None and before is not None and moment >= before:
            took = texts("step.after", time=span_text(texts, int((moment - before).total_seconds())))
        rows.append((texts(f"step.{step}"), "  ".join(filter(None, (moment_text(texts, moment), took)))))
        # An earlier return is no step on the way of the present application.
        before = moment if moment is not None and step != "return" else before
    return Section(texts("lead_time.steps"), rows)


def advice_section(texts: Texts, advice: HandInAdvice) -> Section:
    """How the orderer wants a key handed in."""
    separator = texts("value.separator")
    rows = [
        (texts("label.channel"), texts.choice("channel", advice.channel or "UNSPECIFIED")),
        (texts("label.section"), advice.section),
        (texts("label.to"), advice.to),
        (texts("label.subject"), advice.subject),
        (
            texts("label.body_items"),
            separator.join(texts.choice("body_item", item) for item in advice.body_items),
        ),
        (texts("label.before"), texts.choice("before", advice.before)),
        (texts("label.phone_confirmation"), texts("value.yes") if advice.phone_confirmation else ""),
        (texts("label.other_documents"), separator.join(advice.other_documents)),
    ]
    return Section(texts("heading.hand_in"), rows)


def _duration(texts: Texts, seconds: int | None) -> str:
    if seconds is None:
        return ""
    hours, minutes = divmod(seconds // _SECONDS_PER_MINUTE, _SECONDS_PER_MINUTE)
    return texts("value.duration", hours=hours, minutes=minutes)
