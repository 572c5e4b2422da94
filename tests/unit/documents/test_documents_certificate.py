"""The certificate says what the statement says, in a file that lasts."""

import hashlib
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import pdfa

from tashika_server.documents.certificate import qr_text, render_certificate
from tashika_server.documents.errors import MissingGlyphError, StatementError
from tashika_server.documents.face import FaceLibrary
from tashika_server.documents.fonts import FontSet
from tashika_server.documents.key_notice import render_key_notice
from tests.unit.documents import samples
from tests.unit.documents.reading import baselines, text_of

SAMPLES = {
    "plain": samples.plain,
    "rare": samples.rare,
    "prepayment": samples.prepayment,
    "third_version": samples.third_version,
}


def render(library: FaceLibrary, statement: dict[str, Any], demo: bool = False) -> bytes:
    return render_certificate(samples.envelope(statement), library, demo=demo)[0]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_unsigned_file_is_pdf_a_3b(library: FaceLibrary, tmp_path: Path, name: str) -> None:
    path = tmp_path / "certificate.pdf"
    path.write_bytes(render(library, SAMPLES[name](), demo=True))
    assert list(pdfa.validate_written(path, "3b").findings) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_the_syntax_is_clean(library: FaceLibrary, name: str) -> None:
    data = render(library, SAMPLES[name]())
    with pikepdf.open(BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []
    # ISO 19005-3, clause 6.1.7: a line end before each endstream.
    assert data.count(b"endstream") == data.count(b"\nendstream") > 5


def test_the_statement_is_attached_byte_for_byte(library: FaceLibrary) -> None:
    envelope = samples.envelope(samples.rare())
    with pikepdf.open(BytesIO(render(library, samples.rare()))) as pdf:
        attached = pdf.attachments["statement.json"].get_file()
        assert attached.read_bytes() == envelope
        assert attached.mime_type == "application/json"
        assert pdf.Root.AF[0].AFRelationship == "/Data"


def test_names_are_read_back_exactly(library: FaceLibrary) -> None:
    text = text_of(render(library, samples.rare()))
    assert samples.RARE_COMPANY in text
    assert samples.RARE_REPRESENTATIVE in text


def test_a_works_name_of_120_characters_is_printed_whole(library: FaceLibrary) -> None:
    assert len(samples.LONG_NAME) == 120
    assert samples.LONG_NAME in text_of(render(library, samples.third_version()))


def test_a_contract_guarantee_says_its_facts_in_japanese_style(library: FaceLibrary) -> None:
    text = text_of(render(library, samples.plain()))
    for fact in (
        "保証証書（契約保証）", "柏市長　様", "記", "以上", "01250000012344", "第1版", "金 12,870,000 円",
        "令和7年12月26日から　令和8年9月30日まで", "柏市　道路整備課", "7000012050002", "柏道整第7-123号",
        "千葉県柏市柏一丁目地内", "請負金額", "金 128,700,000 円", "公共工事履行保証約款（令和7年4月版）",
        "代表取締役社長　保証 花子", "千葉支店", "1 / 1",
    ):  # fmt: skip
        assert fact in text, fact
    assert "前払金" not in text and "共同企業体" not in text and "見本 DEMO" not in text


def test_a_prepayment_guarantee_adds_venture_account_and_year(library: FaceLibrary) -> None:
    text = text_of(render(library, samples.prepayment()))
    for fact in (
        "保証証書（前払金保証）", "契約締結の日から　令和8年9月30日まで", "令和7年度", "東葛信用金庫　柏支店",
        "別段預金　0012345", "第3建設株式会社", "33.33％", "前払金額",
    ):  # fmt: skip
        assert fact in text, fact


def test_a_midterm_guarantee_has_its_own_title(library: FaceLibrary) -> None:
    statement = samples.prepayment()
    statement["product"] = "MIDTERM_PREPAYMENT"
    assert "保証証書（中間前払金保証）" in text_of(render(library, statement))


def test_services_are_not_called_works(library: FaceLibrary) -> None:
    statement = samples.plain()
    statement["works"] |= {"kind": "SERVICES", "kind_name": "その他の業務委託"}
    text = text_of(render(library, statement))
    assert "業務名" in text and "履行期間" in text and "工事名" not in text


def test_a_later_version_names_the_one_before(library: FaceLibrary) -> None:
    text = text_of(render(library, samples.third_version()))
    assert "第2版を変更したもの" in text and "5a" * 32 in text


def test_what_does_not_fit_goes_to_a_second_page_with_numbers(library: FaceLibrary) -> None:
    data, pages = render_certificate(samples.envelope(samples.third_version()), library, demo=False)
    assert pages == 2
    text = text_of(data)
    assert "1 / 2" in text and "2 / 2" in text and text.count("以上") == 1


def test_with_all_texts_at_their_limits_nothing_is_lost_or_outside_of_a_page(library: FaceLibrary) -> None:
    statement = samples.prepayment(20)
    for member in statement["principal"]["joint_venture"]["members"]:
        member |= {"company": "社" * 300, "address": "所" * 300, "representative": "者" * 300}
    for name in ("name", "place"):
        statement["works"][name] = "長" * 300
    statement["guarantor"] |= {"name": "保" * 300, "address": "所" * 300, "representative": "者" * 300}
    data = render(library, statement)
    assert text_of(data).count("社") >= 6_000
    assert min(baselines(data)) > 30 and max(baselines(data)) < 800


def test_a_demo_certificate_says_so_on_its_first_page(library: FaceLibrary) -> None:
    assert "見本 DEMO" in text_of(render(library, samples.plain(), demo=True))


def test_the_code_carries_number_version_and_digest() -> None:
    assert qr_text("01250000012344", 2, "ab" * 32) == "tashika:1:01250000012344:2:" + "ab" * 32


def test_a_character_without_a_glyph_is_refused_and_its_field_named(library: FaceLibrary) -> None:
    statement = samples.plain()
    statement["principal"]["company"] = "株式会社🏗"
    with pytest.raises(MissingGlyphError) as caught:
        render(library, statement)
    assert (caught.value.code_points, caught.value.field) == ("U+1F3D7", "principal.company")


@pytest.mark.parametrize(
    "envelope", [b"", b"{}", b'{"format":"tashika-certificate/1","statement":{}}', b"\xff"]
)
def test_what_is_no_statement_is_refused(library: FaceLibrary, envelope: bytes) -> None:
    with pytest.raises(StatementError):
        render_certificate(envelope, library, demo=False)


def test_the_structure_can_be_read_aloud(library: FaceLibrary) -> None:
    with pikepdf.open(BytesIO(render(library, samples.third_version()))) as pdf:
        assert pdf.Root.Lang == "ja-JP" and pdf.Root.MarkInfo.Marked
        marks = sum(page.Contents.read_bytes().count(b"/MCID") for page in pdf.pages)
        parents = pdf.Root.StructTreeRoot.ParentTree.Nums
        assert sum(len(parents[i]) for i in range(1, len(parents), 2)) == marks
        kinds = [str(kid.S) for kid in pdf.Root.StructTreeRoot.K.K]
        assert "/H1" in kinds and "/Table" in kinds and kinds.count("/Figure") == 2


_RENDER = """
import hashlib, pathlib, sys
from tashika_server.documents.certificate import render_certificate
from tashika_server.documents.face import FaceLibrary
from tashika_server.documents.fonts import FontSet
from tashika_server.documents.key_notice import render_key_notice
from tashika_server.documents.fonts import open_fonts
from tashika_server.documents.key_notice import render_key_notice
from tests.unit.documents import samples
library = FaceLibrary(open_fonts(pathlib.Path(sys.argv[1])))
pdf = render_certificate(samples.envelope(samples.third_version()), library, demo=True)[0]
print(hashlib.sha256(pdf).hexdigest(), hashlib.sha256(render_key_notice(samples.notice(), library)).hexdigest())
"""


def test_the_same_input_gives_the_same_bytes_in_every_process(library: FaceLibrary, fonts: FontSet) -> None:
    def digests(seed: str) -> list[str]:
        environment = os.environ | {
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "TZ": "Asia/Tokyo",
        }
        command = [sys.executable, "-c", _RENDER, str(fonts.folder)]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True
        ).stdout.split()

    # A document made before in this process must not show in the next one either.
    render(library, samples.rare())
    documents = (
        render(library, samples.third_version(), demo=True),
        render_key_notice(samples.notice(), library),
    )
    here = [hashlib.sha256(document).hexdigest() for document in documents]
    assert digests("1") == digests("42") == here
