import pytest

from tashika_server.domain.pdf_check import refuse_other_than_pdf
from tashika_server.domain.reasons import Reason, RefusedError

SMALL = b"%PDF-1.7\nxref\n0 1\ntrailer<<>>\nstartxref\n9\n%%EOF\n"


@pytest.mark.parametrize(
    "data", [SMALL, SMALL + b"\0" * 1_000, b"%PDF-2.0\n12 0 obj<<>>endobj\nstartxref\n9\n%%EOF"]
)
def test_the_outer_form_of_a_pdf_passes(data: bytes) -> None:
    refuse_other_than_pdf(data, "chunk")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "HEADER"),
        (b"MZ" + SMALL, "HEADER"),
        (b"\x89PNG\r\n\x1a\n", "HEADER"),
        (SMALL[:-10], "END"),
        (SMALL + b"\0" * 3_000, "END"),
        (SMALL.replace(b"\n9\n", b"\n8888888888\n"), "TABLE"),
        (SMALL.replace(b"\n9\n", b"\n3\n"), "TABLE"),
    ],
)
def test_what_is_no_pdf_is_refused(data: bytes, problem: str) -> None:
    with pytest.raises(RefusedError) as refused:
        refuse_other_than_pdf(data, "chunk")
    (violation,) = refused.value.violations
    assert (violation.reason, violation.field) == (Reason.ATTACHMENT_NOT_PDF, "chunk")
    assert violation.params["problem"] == problem
