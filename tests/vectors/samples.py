"""The inputs of the vectors. Companies, persons and places are invented."""

import copy
import sys
from typing import Any

from tashika_formats.folding import HYPHENS, INVISIBLE
from tashika_formats.key import make_key
from tashika_formats.number import make_number

_NUMBER = make_number(12, 2025, 1)
_KEY = make_key(bytes(range(12)))
# K and S by turns.
_WITH_K_AND_S = make_key((int("1001111001" * 10, 2) >> 4).to_bytes(12))
_LOOK_ALIKE_KEY = make_key(bytes.fromhex("000083104188 000083104188".replace(" ", "")))


def full_width(text: str) -> str:
    """ASCII as full-width forms."""
    return "".join(chr(ord(char) + 0xFEE0) for char in text)


def bold(text: str) -> str:
    """ASCII digits and capitals as mathematical bold ones: each is one code point, and two units of UTF-16."""
    return "".join(
        chr(0x1D7CE + ord(char) - ord("0")) if char.isdigit() else chr(0x1D400 + ord(char) - ord("A"))
        for char in text
    )


SPACES = tuple(char for char in map(chr, range(sys.maxunicode + 1)) if char.isspace())
SEPARATORS = (*SPACES, *sorted(HYPHENS | INVISIBLE))
"""Everything that is dropped between the characters of a number or a key."""

NUMBERS = (
    _NUMBER,
    full_width(_NUMBER),
    f"{_NUMBER[:4]}-{_NUMBER[4:8]}-{_NUMBER[8:12]}-{_NUMBER[12:]}",
    f"\u3000{_NUMBER[:2]} {_NUMBER[2:4]}\u2010{_NUMBER[4:]}\n",
    f"{_NUMBER[:7]}\u30fc{_NUMBER[7:]}",
    "",
    " - ",
    _NUMBER[:-1],
    _NUMBER + "0",
    "9" * 101,
    _NUMBER[:-1] + str((int(_NUMBER[-1]) + 1) % 10),
    _NUMBER[1] + _NUMBER[0] + _NUMBER[2:],
    _NUMBER[:5] + "O" + _NUMBER[6:],
    _NUMBER[:3] + "\u0661" + _NUMBER[4:],
    "-" + _NUMBER[:4] + "\u3247" + _NUMBER[5:],
    # Lengths and positions count code points: not bytes, not units of UTF-16.
    bold(_NUMBER),
    bold(_NUMBER[:3]) + "X" + _NUMBER[4:],
    bold(_NUMBER) + " " * 86,
    bold(_NUMBER) + " " * 87,
    # One sign that stands for one digit is that digit; one that stands for several is none.
    "\u2460" + _NUMBER[1:],
    "\u00b9" + _NUMBER[1:],
    "\u00bd" + _NUMBER[1:],
    "\u2469" + _NUMBER[2:],
    # Digits of other scripts are no digits, and neither is half of a surrogate pair.
    "\u0967" + _NUMBER[1:],
    "\U000104a1" + _NUMBER[1:],
    _NUMBER[:6] + "\ud835" + _NUMBER[7:],
    *(_NUMBER[:5] + separator + _NUMBER[5:] for separator in SEPARATORS),
    # What looks like a separator, and is a sign.
    *(_NUMBER[:5] + sign + _NUMBER[5:] for sign in "_.,/~\u30fb\u4e00\u3161\u20dd\u180e"),
)

KEYS = (
    _KEY,
    _KEY.lower(),
    full_width(_KEY),
    "-".join(_KEY[start : start + 4] for start in range(0, 20, 4)),
    "\uff0d".join(full_width(_KEY[start : start + 4]) for start in range(0, 20, 4)),
    "\u30fc".join(_KEY[start : start + 4] for start in range(0, 20, 4)),
    " \u2014 ".join(_KEY[start : start + 4] for start in range(0, 20, 4)),
    "\u200b" + _KEY + "\ufeff\r\n",
    _KEY.replace("0", "O"),
    _KEY.replace("0", "o"),
    _LOOK_ALIKE_KEY,
    _LOOK_ALIKE_KEY.replace("1", "I"),
    _LOOK_ALIKE_KEY.replace("1", "l"),
    _LOOK_ALIKE_KEY.replace("1", "L").replace("0", "\uff4f"),
    "",
    "\u3000-\u3000",
    _KEY[:-1],
    _KEY + "0",
    "0" * 101,
    _KEY[:-1] + ("0" if _KEY[-1] != "0" else "1"),
    _KEY[:4] + "U" + _KEY[5:],
    _KEY[:19] + "*",
    "\u0131" + _KEY[1:],
    "\u3231" + _KEY[1:],
    bold(_KEY),
    bold(_KEY[:3]) + "*" + _KEY[4:],
    bold(_KEY) + " " * 80,
    bold(_KEY) + " " * 81,
    # One sign that stands for one letter is that letter: circled, Kelvin, long s.
    _KEY.replace("G", "\u24bc"),
    _KEY.replace("G", "\u24d6"),
    _WITH_K_AND_S.replace("K", "\u212a"),
    _WITH_K_AND_S.replace("S", "\u017f"),
    # Capitals of these letters are ASCII or several letters, and they are none.
    "\u0130" + _KEY[1:],
    "\u00df" + _KEY[1:],
    _KEY[:18] + "\ufb06",
    _KEY[:6] + "\udd3d" + _KEY[7:],
    *(separator.join(_KEY[start : start + 4] for start in range(0, 20, 4)) for separator in SEPARATORS),
)

DAYS = (
    "1873-01-01", "1912-07-29", "1912-07-30", "1926-12-24", "1926-12-25", "1989-01-07", "1989-01-08",
    "2019-03-31", "2019-04-01", "2019-04-30", "2019-05-01", "2020-01-01", "2024-02-29", "2025-12-26",
    "2026-03-31",
)  # fmt: skip

DATE_TEXTS = (
    "令和7年12月26日", "令和７年１２月２６日", "令和 7 年 12 月 26 日", "令和元年5月1日", "R7.12.26",
    "r7.12.26", "Ｒ７．１２．２６", "令7/12/26", "R元.5.1", "H31.4.30", "昭和64年1月7日", "S1.12.25",
    "大正元年7月30日", "M6.1.1", "\u32ff7年12月26日", "2025-12-26", "2025/12/26", "2025.12.26",
    "2025年12月26日", "2025\u221212\u221226", "2024-02-29", "", "\u3000", "平成31年5月1日",
    "令和元年4月30日", "昭和64年1月8日", "大正15年12月25日", "令和0年1月1日", "2025-02-29",
    "令和7年2月29日", "令和7年13月1日", "2025-00-10", "0000-01-01", "1872-12-31", "明治5年12月31日",
    "25-12-26", "2025-12/26", "20251226", "R2025.12.26", "2025-12-26T00:00", "昨日",
    "二〇二五年十二月二十六日", "令和7年12月", "9" * 41,
)  # fmt: skip

VALUES: tuple[Any, ...] = (
    {},
    [],
    "",
    True,
    0,
    -1,
    2**53 - 1,
    -(2**53 - 1),
    {"b": 1, "a": 2, "B": 3, "_": 4, "0": 5, "aa": 6, "": 7},
    {"nested": {"z": [{"y": False}, [], {}], "a": "x"}},
    'quote " backslash \\ slash / delete \u007f',
    "\b\t\n\f\r\u0000\u001f\u0080\u2028\u2029",
    "髙﨑 𠮷田 葛\U000e0101 ㈱ ① か\u3099 が 神",
    {"__proto__": {"a": 1}, "constructor": "x", "10": 1, "9": 2},
)

NOT_CANONICAL = (
    "", " {}", "{} ", "\ufeff{}", '{"b":1,"a":2}', '{"a":1,"a":1}', '{"a": 1}', '{"a":1,}',
    '"\\u0061"', '"\\/"',
    '"\\u001F"', "1.0", "1e2", "-0", "01", "9007199254740992", "-9007199254740992",
    "1" * 5000, "null",
    '{"a":null}', "NaN", "Infinity", '{"é":1}', '"\\ud800"', '"\ud800"', "'a'",
    "[" * 33 + "]" * 33, "[" * 500 + "]" * 500, '"\n"',
)  # fmt: skip

_FIRST: dict[str, Any] = {
    "certificate_id": "crt_01kd7s3v5w0000000000000001",
    "contract_id": "con_01kd7s3v5w0000000000000002",
    "contract_number": _NUMBER,
    "version": 1,
    "product": "PERFORMANCE",
    "guaranteed_amount_yen": 12_870_000,
    "guarantee_period": {"from_signing": True, "to": "2026-09-30"},
    "obligee": {"orderer_id": "mihon-shi", "name": "見本市", "addressee": "見本市長"},
    "principal": {
        "company": "株式会社髙﨑𠮷田組",
        "address": "千葉県見本市一丁目2番3号",
        "representative": "代表取締役　葛\U000e0101城 太郎",
        "corporate_number": "9999999999999",
    },
    "works": {
        "name": "見本橋（下り線）架替工事 ㈱①",
        "place": "見本市一丁目地内",
        "kind": "CONSTRUCTION",
        "kind_name": "建設工事",
        "period": {"to": "2026-09-30"},
        "price_yen": 128_700_000,
    },
    "guarantor": {
        "organization_id": "org_01kd7s3v5w0000000000000003",
        "name": "見本保証株式会社",
        "address": "東京都見本区見本町1-1",
        "representative": "代表取締役社長　見本 花子",
    },
    "issue_date": "2025-12-26",
    "terms_reference": "見本保証約款（2025年4月1日）",
}

_SECOND: dict[str, Any] = {
    **_FIRST,
    "certificate_id": "crt_01kd7s3v5w0000000000000004",
    "contract_id": "con_01kd7s3v5w0000000000000005",
    "contract_number": make_number(12, 2025, 2),
    "version": 2,
    "product": "PREPAYMENT",
    "guaranteed_amount_yen": 51_400_000,
    "guarantee_period": {"from": "2026-01-09", "to": "2026-09-30"},
    "obligee": {**_FIRST["obligee"], "addressee": "見本市上下水道事業管理者", "section": "下水道工務課"},
    "principal": {
        **_FIRST["principal"],
        "joint_venture": {
            "name": "髙﨑𠮷田・見本特定建設工事共同企業体",
            "members": [
                {"company": "株式会社髙﨑𠮷田組", "ratio_percent_hundredths": 6000},
                {
                    "company": "見本建設株式会社",
                    "address": "千葉県見本市二丁目4番",
                    "representative": "代表取締役　見本 次郎",
                    "ratio_percent_hundredths": 4000,
                },
            ],
        },
    },
    "works": {
        **_FIRST["works"],
        "number": "第7-12号",
        "contract_date": "2026-01-08",
        "period": {"from": "2026-01-09", "to": "2026-09-30"},
        "prepayment_yen": 51_400_000,
        "fiscal_year": 2025,
        "low_bid": True,
    },
    "depositary": {
        "bank": "見本銀行",
        "branch": "見本支店",
        "account_kind": "別口普通預金",
        "account_number": "0123456",
        "holder": "カ）タカサキヨシダグミ",
    },
    "guarantor": {**_FIRST["guarantor"], "branch": "千葉支店", "telephone": "0120-000-000"},
    "previous": {"version": 1, "statement_sha256": "0" * 63 + "1"},
}

STATEMENTS: tuple[dict[str, Any], ...] = (_FIRST, _SECOND)

# A dotted path in the first statement, and what stands there instead (None: left out).
BROKEN_STATEMENTS: tuple[tuple[str, Any], ...] = (
    ("certificate_id", "crt_01kd7s3v5w000000000000000u"),
    ("certificate_id", "con_01kd7s3v5w0000000000000001"),
    ("contract_number", _NUMBER[:-1] + str((int(_NUMBER[-1]) + 1) % 10)),
    ("contract_number", None),
    ("version", 0),
    ("version", True),
    ("version", 2),
    ("product", "BID_BOND"),
    ("guaranteed_amount_yen", 0),
    ("guaranteed_amount_yen", -1),
    ("guaranteed_amount_yen", 10**15),
    ("guaranteed_amount_yen", "12870000"),
    ("guarantee_period.from", "2026-01-09"),
    ("guarantee_period.from_signing", None),
    ("guarantee_period.from_signing", False),
    ("guarantee_period.to", "2026-02-30"),
    ("guarantee_period", {"from": "2026-10-01", "to": "2026-09-30"}),
    ("obligee", []),
    ("obligee.name", ""),
    ("obligee.name", " 見本市"),
    ("obligee.name", "見本市\u202e"),
    ("obligee.name", "見本\ue000市"),
    ("obligee.name", "見\ud800本市"),
    ("works.name", "見本橋\n架替工事"),
    ("works.name", "橋" * 301),
    ("works.kind", "construction"),
    ("works.period", {"from": "2026-10-01", "to": "2026-09-30"}),
    ("works.low_bid", False),
    ("principal.corporate_number", "123"),
    ("principal.joint_venture", {"name": "見本共同企業体", "members": []}),
    ("previous", {"version": 1, "statement_sha256": "0" * 64}),
    ("issue_date", "2025-12-26T00:00:00Z"),
    ("remarks", "なし"),
)

STATUSES = (
    ("IN_FORCE", 1),
    ("IN_FORCE", 2),
    ("DISCHARGED", 1),
    ("EXPIRED", 1),
    ("CANCELLED", 1),
    ("SETTLED", 1),
)


def changed(value: dict[str, Any], path: str, item: Any) -> dict[str, Any]:
    """A copy of `value` with `item` at the dotted path; None leaves the field out."""
    result = copy.deepcopy(value)
    *parents, name = path.split(".")
    place = result
    for parent in parents:
        place = place[parent]
    if item is None:
        del place[name]
    else:
        place[name] = item
    return result
