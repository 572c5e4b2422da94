"""The fields of the application, step by step."""

from collections.abc import Callable, Mapping

from tashika_tui.client.records import Works
from tashika_tui.i18n import Wording, say
from tashika_tui.screens.contractor.drafting import ADVANCES, MAX_MEMBERS, hundredths
from tashika_tui.screens.contractor.works_form import WorksForm
from tashika_tui.widgets.form import Choice, Field, Form, Heading, Kind, Value

_PRODUCTS = ("PERFORMANCE", "PREPAYMENT")
_FORMS = ("ELECTRONIC", "PAPER")
_MEMBER_PARTS = ("company", "address", "representative", "ratio_hundredths")

STEPS = ("works", "guarantee", "amount", "people", "review")


def _choices(family: str, tokens: tuple[str, ...]) -> list[Choice]:
    return [Choice(token, say(f"{family}.{token}")) for token in tokens]


def forms(product: Callable[[], str], find: Callable[[str], Works | None]) -> dict[str, Form]:
    """The form of each step but the review. `product` is what is chosen in the second one, `find` gives the works
    with an id.
    """
    works = WorksForm(find, "works")

    def multi_year() -> bool:
        held = find(works.chosen)
        return works.values.get("works.multi_year") is True or (held is not None and held.multi_year)

    return {
        "works": works,
        "guarantee": Form(_guarantee(), id="guarantee"),
        "amount": Form(_amount(product, multi_year), id="amount"),
        "people": Form(_people(product), check=_check_shares, id="people"),
    }


def _guarantee() -> list[Field | Heading]:
    return [
        Field("guarantor_id", Kind.CHOICE, required=True, choices=None),
        Field("branch", Kind.CHOICE, choices=None),
        Field("product", Kind.CHOICE, required=True, choices=_choices("product", _PRODUCTS)),
        Field("form", Kind.CHOICE, required=True, choices=_choices("form", _FORMS)),
    ]


def _amount(product: Callable[[], str], multi_year: Callable[[], bool]) -> list[Field | Heading]:
    return [
        Field("amount_yen", Kind.YEN, required=True, hint="contractor.amount_hint"),
        Field("prepayment_planned", Kind.YES_NO, when=lambda _: product() == "PERFORMANCE"),
        Field("period_on_signing", Kind.YES_NO, when=lambda _: product() == "PERFORMANCE"),
        Field(
            "period_start",
            Kind.DAY,
            required=True,
            when=lambda values: values["period_on_signing"] is not True,
        ),
        Field("period_end", Kind.DAY, hint="contractor.period_end_hint"),
        Field("fiscal_year", Kind.COUNT, hint="contractor.fiscal_year_hint", max_length=4),
        Field(
            "planned_work_value_yen",
            Kind.YEN,
            hint="contractor.planned_work_hint",
            when=lambda _: product() in ADVANCES and multi_year(),
        ),
    ]


def _people(product: Callable[[], str]) -> list[Field | Heading]:
    def advance(_: Mapping[str, Value]) -> bool:
        return product() in ADVANCES

    def venture(values: Mapping[str, Value]) -> bool:
        return values["venture"] is True

    fields: list[Field | Heading] = [
        Field("contact.name", required=True, max_length=100),
        Field("contact.telephone", Kind.CODE, required=True, max_length=30),
        Field("contact.mail", max_length=254),
        Field("notice_mail", max_length=254),
        *(
            Field(f"depositary.{name}", kind, when=advance, required=True, max_length=60)
            for name, kind in (
                ("bank", Kind.TEXT),
                ("branch", Kind.TEXT),
                ("account_kind", Kind.TEXT),
                ("account_number", Kind.CODE),
                ("holder", Kind.TEXT),
            )
        ),
        Field("venture", Kind.YES_NO, label="field.joint_venture"),
        Field("joint_venture.name", label="label.venture", max_length=100, when=venture),
    ]
    for place in range(MAX_MEMBERS):
        fields += [
            Field(
                f"joint_venture.members[{place}].{part}",
                label=f"contractor_member.{part}" if part != "company" else f"contractor_member.{place}",
                max_length=200,
                when=venture,
            )
            for part in _MEMBER_PARTS
        ]
    return fields


def _check_shares(values: Mapping[str, Value]) -> Mapping[str, Wording]:
    found: dict[str, Wording] = {}
    for name, value in values.items():
        if name.endswith(".ratio_hundredths") and value is not None:
            try:
                hundredths(str(value))
            except ValueError:
                found[name] = say("contractor.share_wrong")
    return found
