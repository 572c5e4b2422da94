"""What speaks against an application: gaps, amounts, dates. As much of a register's rules as people run into."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date

from tashika_tui.client.fake.refusals import Violation
from tashika_tui.client.fake.samples import Rates
from tashika_tui.client.records import (
    Application,
    BankAccount,
    Contact,
    Difference,
    Guarantor,
    Orderer,
    Works,
)

_DEPOSITARY = ("bank", "branch", "account_kind", "account_number", "holder")


@dataclass
class Judgement:
    """What came out; yen, None where there is no bound."""

    violations: list[Violation]
    cautions: list[Violation]
    minimum_yen: int | None = None
    maximum_yen: int | None = None
    round_down_to_yen: int = 1


@dataclass(frozen=True)
class Judging:
    """An application with what it is judged by."""

    application: Application
    orderer: Orderer | None
    rates: Rates
    guarantor: Guarantor | None
    today: date
    prefix: str = "application"

    def judge(self) -> Judgement:
        """Every violation and caution at once."""
        found = Judgement([], [])
        found.violations += self._gaps()
        found.violations += self._form()
        self._amount(found)
        found.violations += self._dates()
        self._caution(found)
        return found

    @property
    def _works(self) -> Works:
        return self.application.works or Works()

    def _at(self, reason: str, place: str, **params: object) -> Violation:
        return Violation(reason, f"{self.prefix}.{place}", params)

    def _gaps(self) -> Iterator[Violation]:
        application, works = self.application, self._works
        contact = application.contact or Contact()
        needed: list[tuple[str, object]] = [
            ("guarantor_id", application.guarantor_id),
            ("product", application.product),
            ("form", application.form),
            ("works_id", works.works_id),
            ("amount_yen", application.amount_yen),
            *(
                (f"works.{name}", getattr(works, name))
                for name in ("name", "place", "kind", "orderer_id", "price_yen", "period_end")
            ),
            ("contact.name", contact.name),
            ("contact.telephone", contact.telephone),
        ]
        if not application.period_on_signing:
            needed.append(("period_start", application.period_start))
        if application.product in ("PREPAYMENT", "MIDTERM_PREPAYMENT"):
            account = application.depositary or BankAccount()
            needed += [(f"depositary.{name}", getattr(account, name)) for name in _DEPOSITARY]
        for place, value in needed:
            if value in (None, ""):
                yield self._at("FIELD_REQUIRED", place)
        yield from self._office()

    def _office(self) -> Iterator[Violation]:
        if self.guarantor is None:
            return
        if self.guarantor.kind != "GUARANTEE_COMPANY":
            yield self._at("PRODUCT_NOT_OFFERED", "guarantor_id", guarantor_kind=self.guarantor.kind)
        names = [branch.name for branch in self.guarantor.branches]
        if names and not self.application.branch:
            yield self._at("FIELD_REQUIRED", "branch")
        elif self.application.branch and self.application.branch not in names:
            yield self._at("CHOICE_UNKNOWN", "branch", allowed=", ".join(names))

    def _form(self) -> Iterator[Violation]:
        application, works = self.application, self._works
        if application.product == "MIDTERM_PREPAYMENT":
            yield self._at("PRODUCT_NOT_OFFERED", "product", product=application.product)
        if application.form != "ELECTRONIC" or self.orderer is None:
            return
        policy = self.orderer.latest
        electronic = policy.electronic if policy is not None else None
        if electronic is None:
            yield self._at("ELECTRONIC_NOT_ACCEPTED", "form")
        elif application.product and application.product not in electronic.products:
            yield self._at("ELECTRONIC_PRODUCT_NOT_ACCEPTED", "form", product=application.product)
        elif works.kind and works.kind not in electronic.works_kinds:
            yield self._at("ELECTRONIC_WORKS_KIND_NOT_ACCEPTED", "form", works_kind=works.kind)

    def _amount(self, found: Judgement) -> None:
        if self.application.product == "PREPAYMENT" and self._works.kind:
            self._advance(found)
        elif self.application.product == "PERFORMANCE":
            self._performance(found)

    def _advance(self, found: Judgement) -> None:
        works, rates, amount = self._works, self.rates, self.application.amount_yen
        rate = rates.advance_percent.get(works.kind)
        if rate is None:
            found.violations.append(self._at("PREPAYMENT_NOT_OFFERED", "works.kind", works_kind=works.kind))
            return
        if works.low_bid and rates.low_bid_advance_percent is not None:
            rate = rates.low_bid_advance_percent
        found.round_down_to_yen = rates.round_down_to_yen
        price = works.price_yen
        if price:
            most = min(price * rate // 100, rates.cap_yen or price)
            found.maximum_yen = most // rates.round_down_to_yen * rates.round_down_to_yen
            if price < rates.least_price_yen:
                params = {"threshold_yen": rates.least_price_yen}
                found.violations.append(
                    self._at("PREPAYMENT_PRICE_BELOW_THRESHOLD", "works.price_yen", **params)
                )
        if amount is None:
            return
        if found.maximum_yen is not None and amount > found.maximum_yen:
            found.violations.append(
                self._at("PREPAYMENT_ABOVE_MAXIMUM", "amount_yen", maximum_yen=found.maximum_yen)
            )
        if amount % rates.round_down_to_yen:
            found.violations.append(
                self._at("PREPAYMENT_NOT_ROUNDED", "amount_yen", round_down_to_yen=rates.round_down_to_yen)
            )

    def _performance(self, found: Judgement) -> None:
        amount, price = self.application.amount_yen, self._works.price_yen
        if not self.application.prepayment_planned:
            found.violations.append(self._at("PERFORMANCE_WITHOUT_PREPAYMENT", "prepayment_planned"))
        if not price:
            return
        rate = max(self.rates.performance_percent, 30 if self._works.low_bid else 0)
        found.minimum_yen, found.maximum_yen = -(-price * rate // 100), price
        if amount is not None and amount < found.minimum_yen:
            found.violations.append(
                self._at("PERFORMANCE_BELOW_MINIMUM", "amount_yen", minimum_yen=found.minimum_yen)
            )
        if amount is not None and amount > price:
            found.violations.append(self._at("PERFORMANCE_ABOVE_PRICE", "amount_yen", maximum_yen=price))
        if price < self.rates.performance_least_price_yen:
            params = {"threshold_yen": self.rates.performance_least_price_yen}
            found.cautions.append(self._at("PERFORMANCE_NOT_REQUIRED", "works.price_yen", **params))

    def _dates(self) -> Iterator[Violation]:
        application, works = self.application, self._works
        for name in ("notice_date", "contract_date", "initial_contract_date"):
            day: date | None = getattr(works, name)
            if day is not None and day > self.today:
                yield self._at("DATE_IN_FUTURE", f"works.{name}", latest=self.today)
        start, end = application.period_start, application.period_end or works.period_end
        if start is not None and end is not None and end < start:
            yield self._at("PERIOD_REVERSED", "period_end")
        elif end is not None and works.period_end is not None and end < works.period_end:
            yield self._at("GUARANTEE_PERIOD_TOO_SHORT", "period_end", must_reach=works.period_end)
        elif end is not None and end < self.today:
            yield self._at("GUARANTEE_PERIOD_TOO_SHORT", "period_end", must_reach=self.today)
        covers = application.product == "PERFORMANCE" and not application.period_on_signing
        if covers and start is not None and works.period_start is not None and start > works.period_start:
            yield self._at("GUARANTEE_PERIOD_TOO_SHORT", "period_start", must_begin=works.period_start)

    def _caution(self, found: Judgement) -> None:
        works = self._works
        signed = works.contract_date
        if works.orderer_id and self.orderer is not None and signed is None and works.expected_contract_date:
            found.cautions.append(
                self._at(
                    "EXPECTED_DATE_USED", "works.expected_contract_date", date=works.expected_contract_date
                )
            )
        if self.application.product == "PERFORMANCE" and signed is not None and signed <= self.today:
            found.cautions.append(
                self._at("CONTRACT_ALREADY_SIGNED", "works.contract_date", contract_date=signed)
            )


def with_defaults(application: Application) -> Application:
    """What is left open filled in: the guarantee ends with the works."""
    if application.period_end is not None or application.works is None:
        return application
    return replace(application, period_end=application.works.period_end)


def malformed(works: Works | None, prefix: str) -> list[Violation]:
    """What can't even be kept in a draft."""
    if works is None:
        return []
    found = []
    if works.price_yen is not None and works.price_yen < 0:
        found.append(Violation("AMOUNT_NOT_POSITIVE", f"{prefix}.price_yen"))
    if works.period_start and works.period_end and works.period_end < works.period_start:
        found.append(Violation("PERIOD_REVERSED", f"{prefix}.period_end"))
    return found


def differences(application: Application, terms: Application | None) -> tuple[Difference, ...]:
    """Where the terms are not what was applied for, as texts."""
    if terms is None:
        return ()
    applied, accepted = dict(_flat(application, "")), dict(_flat(terms, ""))
    places = [*applied, *(place for place in accepted if place not in applied)]
    return tuple(
        Difference(place, applied.get(place, ""), accepted.get(place, ""))
        for place in places
        if applied.get(place, "") != accepted.get(place, "")
    )


def _flat(value: object, place: str) -> Iterator[tuple[str, str]]:
    if value is None or value == "":
        return
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _flat(item, f"{place}[{index}]")
    elif is_dataclass(value):
        for part in fields(value):
            if part.name not in ("etag", "works_id"):
                yield from _flat(getattr(value, part.name), f"{place}.{part.name}".lstrip("."))
    elif isinstance(value, bool):
        yield place, "true" if value else "false"
    else:
        yield place, value.isoformat() if isinstance(value, date) else str(value)
