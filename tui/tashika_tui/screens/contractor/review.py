"""An application in words, before it is submitted."""

from collections.abc import Mapping

from tashika_tui.client.records import Application, Contract, Works
from tashika_tui.i18n import Texts
from tashika_tui.presenting.comparison import SECTIONS, value_text
from tashika_tui.presenting.sheet import Section, sheet
from tashika_tui.presenting.wording import bytes_text, day_text, field_text, period_text, yen_text


def works_text(texts: Texts, works: Works, names: Mapping[str, str]) -> str:
    """A works contract, label by label."""
    period = period_text(texts, day_text(texts, works.period_start), day_text(texts, works.period_end))
    rows = [
        (texts("label.works_number"), works.number),
        (texts("label.works_place"), works.place),
        (texts("label.works_kind"), texts.choice("works_kind", works.kind)),
        (texts("label.orderer"), names.get(works.orderer_id, works.orderer_id)),
        (texts("label.section"), works.section),
        (texts("label.price"), yen_text(texts, works.price_yen)),
        (texts("label.contract_date"), day_text(texts, works.contract_date)),
        (texts("field.works.expected_contract_date"), day_text(texts, works.expected_contract_date)),
        (texts("label.works_period"), period),
        (texts("label.low_bid"), texts("value.yes") if works.low_bid else ""),
    ]
    return "\n".join(sheet([Section("", rows)]))


def review_sections(
    texts: Texts, application: Application, contract: Contract | None, names: Mapping[str, str]
) -> list[Section]:
    """All that is applied for, and the attachments."""
    sections = [
        Section(
            texts(heading),
            [(field_text(texts, path), value_text(texts, application, path, names)) for path in paths],
        )
        for heading, paths in SECTIONS
    ]
    attachments = contract.attachments if contract is not None else ()
    rows = [(each.name, bytes_text(texts, each.size_bytes)) for each in attachments] or [
        ("", texts("contractor.no_attachments"))
    ]
    return [*sections, Section(texts("contractor.attachments"), rows)]
