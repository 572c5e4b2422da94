"""An application in words, before it is submitted."""

from collections.abc import Mapping

from tashika_formats.money import group_digits
from tashika_tui.client.records import Application, Contract
from tashika_tui.i18n import Texts
from tashika_tui.presenting.comparison import SECTIONS, value_text
from tashika_tui.presenting.sheet import Section
from tashika_tui.presenting.wording import field_text


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
    rows = [
        (each.name, texts("contractor.bytes", bytes=group_digits(each.size_bytes))) for each in attachments
    ] or [("", texts("contractor.no_attachments"))]
    return [*sections, Section(texts("contractor.attachments"), rows)]
