"""Dates of Japanese public documents: the era calendar and the fiscal year (1 April to 31 March).

Eras begin on the day of their proclamation. Dates before 1873-01-01 are refused: Japan used a lunar
calendar until then, and no document of today means such a day.
"""

import datetime
import re
import unicodedata
from dataclasses import dataclass

from tashika_formats.errors import FormatError
from tashika_formats.folding import HYPHENS

FIRST_DAY = datetime.date(1873, 1, 1)

# The fiscal year has begun on 1 April since 1886 (Meiji 19).
FIRST_FISCAL_YEAR = 1886

# "令和 七 年" and the like stay short; what is longer is no date.
MAX_INPUT_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Era:
    """An era: its name, its one-letter and one-kanji abbreviations, and its first day."""

    name: str
    kanji: str
    letter: str
    first_day: datetime.date
    year_one: int


ERAS: tuple[Era, ...] = (
    Era("令和", "令", "R", datetime.date(2019, 5, 1), 2019),
    Era("平成", "平", "H", datetime.date(1989, 1, 8), 1989),
    Era("昭和", "昭", "S", datetime.date(1926, 12, 25), 1926),
    Era("大正", "大", "T", datetime.date(1912, 7, 30), 1912),
    Era("明治", "明", "M", FIRST_DAY, 1868),
)

_ERA_OF = {token: era for era in ERAS for token in (era.name, era.kanji, era.letter)}

_DATE = re.compile(
    r"(?P<era>令和|平成|昭和|大正|明治|令|平|昭|大|明|[RHSTM])?"
    r"(?P<year>[0-9]{1,4}|元)"
    r"(?:年(?P<month_k>[0-9]{1,2})月(?P<day_k>[0-9]{1,2})日"
    r"|(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2}))"
)


class DateTypingError(FormatError):
    """What was typed is not a date.

    Codes: DATE_EMPTY, DATE_FORM (not of a known form), DATE_NO_SUCH_DAY (31 April), DATE_NOT_IN_ERA (a day
    after the era's end or before its beginning) and DATE_OUT_OF_RANGE (before 1873).
    """


def era_of(day: datetime.date) -> Era:
    """The era on this day. Raises DateTypingError (DATE_OUT_OF_RANGE) before 1873-01-01."""
    for era in ERAS:
        if day >= era.first_day:
            return era
    raise DateTypingError(
        "DATE_OUT_OF_RANGE",
        "明治6年（1873年）1月1日より前の日付は扱えません。日付を確かめてください。",
        "Dates before 1873-01-01 can't be used. Check the date.",
    )


def era_date(day: datetime.date) -> str:
    """The day in the era calendar, as public documents write it: 令和7年12月26日; the first year is 元年."""
    era = era_of(day)
    return f"{era.name}{_era_year(day.year - era.year_one + 1)}年{day.month}月{day.day}日"


def parse_date(text: str) -> datetime.date:
    """The day that `text` means: an era date or a western one.

    Takes 令和7年12月26日, 令和元年5月1日, R7.12.26, 令7/12/26, 2025-12-26, 2025/12/26, 2025.12.26 and
    2025年12月26日, in any width and with spaces. A western year has four digits. Raises DateTypingError.
    """
    if len(text) > MAX_INPUT_CHARACTERS:
        raise _form_error()
    folded = _fold(text)
    if not folded:
        raise DateTypingError(
            "DATE_EMPTY",
            "日付が入力されていません。例：令和7年12月26日、2025-12-26",
            "The date is empty. Examples: 令和7年12月26日, 2025-12-26.",
        )
    match = _DATE.fullmatch(folded)
    if match is None:
        raise _form_error()
    month = int(match["month"] or match["month_k"])
    day = int(match["day"] or match["day_k"])
    year = 1 if match["year"] == "元" else int(match["year"])
    # An era year has at most two digits (昭和64年 is the last of the longest era), a western one always four.
    if len(match["year"]) > 2 if match["era"] else len(match["year"]) != 4:
        raise _form_error()
    if match["era"]:
        return _from_era(_ERA_OF[match["era"]], year, month, day)
    result = _day(year, month, day)
    era_of(result)
    return result


def fiscal_year(day: datetime.date) -> int:
    """The western year in which the fiscal year of `day` began (1 April)."""
    return day.year if day.month >= 4 else day.year - 1


def fiscal_year_bounds(year: int) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of the fiscal year that begins in the western year `year`."""
    return datetime.date(year, 4, 1), datetime.date(year + 1, 3, 31)


def era_fiscal_year(year: int) -> str:
    """The fiscal year beginning in the western year `year`, in the era calendar: 令和7年度.

    It is named after the era of its first day, except 2019, which the ministries agreed to call 令和元年度
    as a whole. Raises ValueError before 1886.
    """
    if year < FIRST_FISCAL_YEAR:
        raise ValueError("fiscal years are known from 1886 on")
    named_by = datetime.date(year, 5 if year == 2019 else 4, 1)
    era = era_of(named_by)
    return f"{era.name}{_era_year(year - era.year_one + 1)}年度"


def _era_year(number: int) -> str:
    return "元" if number == 1 else str(number)


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text)
    kept = (char for char in folded if not char.isspace())
    return "".join("-" if char in HYPHENS else char for char in kept).upper()


def _from_era(era: Era, year: int, month: int, day: int) -> datetime.date:
    if year == 0:
        raise _no_such_day()
    result = _day(year + era.year_one - 1, month, day)
    if result < FIRST_DAY:
        era_of(result)
    if era_of(result) is not era:
        right = era_date(result)
        raise DateTypingError(
            "DATE_NOT_IN_ERA",
            f"その日は{era.name}ではありません。{right}のことであれば、そのように入力してください。",
            f"That day is not in the era {era.name}. If you mean {right}, enter it so.",
        )
    return result


def _day(year: int, month: int, day: int) -> datetime.date:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise _no_such_day() from None


def _no_such_day() -> DateTypingError:
    return DateTypingError(
        "DATE_NO_SUCH_DAY",
        "暦にない日付です。年月日を確かめてください。",
        "There is no such day. Check year, month and day.",
    )


def _form_error() -> DateTypingError:
    return DateTypingError(
        "DATE_FORM",
        "日付として読み取れません。令和7年12月26日、R7.12.26、2025-12-26 のいずれかの形で入力してください。",
        "This can't be read as a date. Enter it like 令和7年12月26日, R7.12.26 or 2025-12-26.",
    )
