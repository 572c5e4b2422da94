"""The peer for rendering: the certificate's page set by typst from the same statement and in the same faces.

Same texts, table, frame, code, seal, attached statement, PDF/A-3b and tags. The seal is simpler than ours, which is
in typst's favour.
"""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import segno
import typst

SERIF, SANS = "Noto Serif JP", "Noto Sans JP"

_SOURCE = """
#let told = json("statement.json").statement
#let words = json("words.json")
#set document(title: words.title, author: told.guarantor.name)
#set page(paper: "a4", margin: (x: 62pt, top: 50pt, bottom: 40pt),
  background: {
    place(dx: 25pt, dy: 25pt, rect(width: 100% - 50pt, height: 100% - 50pt, stroke: 1.5pt + navy))
    place(dx: 28.6pt, dy: 28.6pt, rect(width: 100% - 57.2pt, height: 100% - 57.2pt, stroke: 0.5pt + navy))
  },
  footer: align(center, text(8.5pt)[1 / 1]))
#set text(font: "FACE_SERIF", size: 10.5pt, lang: "ja")
#align(right, text(font: "FACE_SANS", size: 10pt, words.issued))
#align(center, heading(level: 1, text(font: "FACE_SANS", size: 22pt, tracking: 3.2pt, words.title)))
#align(center)[（電子証書）]
#text(size: 14.5pt, told.obligee.addressee + "　様")

　当社は、下記の約款の定めるところにより、下記のとおり#words.product\\をいたしました。
#align(center)[記]
#table(columns: (110pt, 1fr), stroke: 0.4pt + gray, inset: 4.6pt,
  ..words.rows.map(row => (text(font: "FACE_SANS", row.at(0)), row.at(1))).flatten())
#align(right)[以上]
#v(1fr)
#grid(columns: (89pt, 160pt, 1fr, 66pt),
  image("code.svg", width: 78pt, alt: words.code),
  [#text(font: "FACE_SANS", size: 8.5pt)[真正性の確認] \\
   #text(size: 6.9pt, words.note) \\ #text(font: "FACE_SANS", size: 5.8pt, words.digest)],
  [#text(size: 8pt, told.guarantor.address) \\ #text(size: 12.5pt, told.guarantor.name) \\
   #text(size: 10pt, told.guarantor.representative)],
  circle(radius: 31pt, stroke: 1.5pt + red, align(center + horizon, text(fill: red, told.guarantor.name))))
#pdf.attach("statement.json", relationship: "data", mime-type: "application/json",
  description: "保証証書の記載事項（署名対象）")
"""

_NOTE = (
    "本証書は電子署名された電子データです。発注者は、保証契約番号と認証キーにより登録簿でご確認ください。"
    "本証書の印刷物又はPDFの提出は、認証キーの提出に代わりません。"
)


class TypstPage:
    """A warm compiler: its fonts are parsed once, like ours."""

    def __init__(self, folder: Path, fonts: Path) -> None:
        self._folder = folder
        source = _SOURCE.replace("FACE_SERIF", SERIF).replace("FACE_SANS", SANS)
        (folder / "page.typ").write_text(source, encoding="utf-8")
        self._compiler = typst.Compiler(
            input=str(folder / "page.typ"),
            root=str(folder),
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
        )

    def render(self, envelope: bytes, digest: str) -> bytes:
        """The page of a statement as PDF/A-3b. Raises RuntimeError from typst."""
        told = json.loads(envelope)["statement"]
        code = f"tashika:1:{told['contract_number']}:{told['version']}:{digest}"
        picture = io.BytesIO()
        segno.make(code, error="m", mask=2).save(picture, kind="svg", border=0)
        (self._folder / "statement.json").write_bytes(envelope)
        (self._folder / "code.svg").write_bytes(picture.getvalue())
        words = _words(told, code, digest)
        (self._folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        made = self._compiler.compile(input=str(self._folder / "page.typ"), pdf_standards=["a-3b"])
        assert isinstance(made, bytes)
        return made


def _words(told: Mapping[str, Any], code: str, digest: str) -> dict[str, Any]:
    works, principal, account = told["works"], told["principal"], told.get("depositary", {})
    period = told["guarantee_period"]
    rows = [
        ("保証契約番号", told["contract_number"]),
        ("保証の種類", "前払金保証"),
        ("保証金額", f"金　{told['guaranteed_amount_yen']:,}　円"),
        ("保証期間", f"{period.get('from', '契約締結の日')}から　{period['to']}まで"),
        ("被保証者（発注者）", f"{told['obligee']['name']}　{told['obligee'].get('section', '')}"),
        (
            "保証契約者（受注者）",
            f"{principal['company']}\n{principal['representative']}\n{principal['address']}",
        ),
        ("工事名", works["name"]),
        ("工事番号", works.get("number", "")),
        ("工事場所", works["place"]),
        ("契約の種類", works["kind_name"]),
        ("契約締結日", works.get("contract_date", "")),
        ("工期", f"{works['period'].get('from', '')}から　{works['period']['to']}まで"),
        ("請負金額", f"金　{works['price_yen']:,}　円"),
        ("前払金額", f"金　{works.get('prepayment_yen', 0):,}　円"),
        ("預託金融機関", "　".join(str(value) for value in account.values())),
        ("適用約款", told["terms_reference"]),
    ]
    return {
        "title": "保証証書（前払金保証）",
        "product": "前払金保証",
        "issued": f"{told['issue_date']}　第{told['version']}版",
        "rows": rows,
        "code": code,
        "note": _NOTE,
        "digest": f"SHA-256 {digest}",
    }
