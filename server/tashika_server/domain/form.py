"""Checks of single values, gathered in one list: what is malformed whatever else is entered."""

import re
from collections.abc import Collection
from datetime import date

from tashika_formats.text import TextError
from tashika_formats.text import check_text as check_characters
from tashika_server.domain import limits
from tashika_server.domain.reasons import Param, Reason, Violation
from tashika_server.domain.works_kinds import WORKS_KINDS

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_KIND_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
_TELEPHONE = re.compile(r"\+?\(?[0-9](?:[-() ]{0,2}[0-9]){1,14}")
_ACCOUNT_NUMBER = re.compile(r"[0-9]{1,10}")
_LOGIN_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{2,63}")
_PATH_PART = r"[a-z][a-z0-9_]{0,63}(?:\[[0-9]{1,2}\])?"
_REMARK_FIELD = re.compile(rf"{_PATH_PART}(?:\.{_PATH_PART}){{0,7}}")
# An address that a mail server of today takes: dot-atoms of RFC 5322, and a domain with at least one dot.
_MAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
# What Windows and Unix do not take in a file name; a clerk saves the attachment under it.
_FILE_NAME_FORBIDDEN = frozenset('/\\:*?"<>|')


class Findings:
    """The violations found so far under one prefix, such as ``application.works``."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self.violations: list[Violation] = []

    def path(self, field: str) -> str:
        """Give the whole path of a field."""
        return f"{self._prefix}.{field}" if self._prefix and field else self._prefix or field

    def add(self, reason: Reason, field: str, **params: Param) -> None:
        """Note a violation."""
        self.violations.append(Violation(reason, self.path(field), params))

    def text(self, field: str, value: str, limit: int, *, multiline: bool = False) -> None:
        """Check length and characters of a text that may be empty."""
        try:
            check_characters(value, limit, multiline=multiline, empty=True)
        except TextError as error:
            if error.code == "TEXT_TOO_LONG":
                self.add(Reason.FIELD_TOO_LONG, field, maximum=limit, length=len(value))
            elif error.code == "TEXT_CHARACTER":
                self.add(Reason.FIELD_CHARACTER, field, character=error.character, position=error.position)
            else:
                self.add(Reason.FIELD_FORMAT, field, expected="TEXT_WITHOUT_EDGE_SPACE")

    def pattern(self, field: str, value: str, form: re.Pattern[str], expected: str, limit: int) -> None:
        """Check a value of a fixed form that may be empty."""
        before = len(self.violations)
        self.text(field, value, limit)
        if value and len(self.violations) == before and form.fullmatch(value) is None:
            self.add(Reason.FIELD_FORMAT, field, expected=expected)

    def identifier(self, field: str, value: str) -> None:
        """Check the form of an id; whether it is known is looked up elsewhere."""
        self.pattern(field, value, _ID, "ID", limits.CODE)

    def mail(self, field: str, value: str) -> None:
        """Check the form of a mail address."""
        self.pattern(field, value, _MAIL, "MAIL_ADDRESS", limits.MAIL)

    def telephone(self, field: str, value: str) -> None:
        """Check the form of a telephone number: half-width digits with hyphens or brackets."""
        self.pattern(field, value, _TELEPHONE, "TELEPHONE_NUMBER", limits.TELEPHONE)

    def account_number(self, field: str, value: str) -> None:
        """Check the form of a bank account's number: half-width digits."""
        self.pattern(field, value, _ACCOUNT_NUMBER, "DIGITS", limits.TELEPHONE)

    def login_name(self, field: str, value: str) -> None:
        """Check the form of a sign-in name: 3 to 64 lower-case letters, digits and ``._@-``."""
        self.pattern(field, value, _LOGIN_NAME, "LOGIN_NAME", limits.CODE)

    def remark_field(self, field: str, value: str) -> None:
        """Check the path of the field that a remark is about."""
        self.pattern(field, value, _REMARK_FIELD, "FIELD_PATH", limits.NAME)

    def works_kind(self, field: str, value: str, known: Collection[str] | None) -> None:
        """Check the code of a kind of works against those that are known, or its form alone with ``None``."""
        if value and (_KIND_CODE.fullmatch(value) is None if known is None else value not in known):
            self.add(Reason.CHOICE_UNKNOWN, field, allowed=", ".join(WORKS_KINDS if known is None else known))

    def corporate_number(self, field: str, value: str) -> None:
        """Check a corporate number (法人番号): 13 half-width digits, the first of which checks the others."""
        if value and not is_corporate_number(value):
            self.add(Reason.FIELD_FORMAT, field, expected="CORPORATE_NUMBER")

    def file_name(self, field: str, value: str) -> None:
        """Check a file's name: no folder in it, nothing that a file system refuses."""
        self.text(field, value, limits.FILE_NAME)
        for position, char in enumerate(value, start=1):
            if char in _FILE_NAME_FORBIDDEN:
                self.add(Reason.FIELD_CHARACTER, field, character=char, position=position)
                break
        if value and not value.strip("."):
            self.add(Reason.FIELD_FORMAT, field, expected="FILE_NAME")

    def yen(self, field: str, value: int | None, *, zero: bool = False) -> None:
        """Check an amount of yen: positive (or 0 where ``zero``), at most ``limits.MAX_YEN``."""
        least = 0 if zero else 1
        if value is not None and value < least:
            self.add(Reason.AMOUNT_NOT_POSITIVE, field, minimum_yen=least)
        elif value is not None and value > limits.MAX_YEN:
            self.add(Reason.AMOUNT_TOO_LARGE, field, maximum_yen=limits.MAX_YEN)

    def count(self, field: str, value: int | None, most: int, *, least: int = 1) -> None:
        """Check a whole number."""
        if value is None:
            return
        if value < least:
            self.add(Reason.AMOUNT_NOT_POSITIVE, field, minimum=least)
        elif value > most:
            self.add(Reason.AMOUNT_TOO_LARGE, field, maximum=most)

    def day(self, field: str, value: date | None, *, latest: date | None = None) -> None:
        """Check that a day is of this time; ``latest``: and not after that day, which is today."""
        if value is None:
            return
        if not limits.FIRST_DAY <= value <= limits.LAST_DAY:
            self.add(
                Reason.DATE_OUT_OF_RANGE,
                field,
                earliest=limits.FIRST_DAY.isoformat(),
                latest=limits.LAST_DAY.isoformat(),
            )
        elif latest is not None and value > latest:
            self.add(Reason.DATE_IN_FUTURE, field, latest=latest.isoformat())

    def order(self, field: str, first: date | None, last: date | None) -> None:
        """Check that a period does not end before it begins; ``field`` is its end."""
        if first is not None and last is not None and last < first:
            self.add(Reason.PERIOD_REVERSED, field, start=first.isoformat(), end=last.isoformat())

    def required(self, field: str, value: object) -> None:
        """Note a field that must be filled and is not."""
        if value is None or value == "":
            self.add(Reason.FIELD_REQUIRED, field)


def is_corporate_number(value: str) -> bool:
    """Say whether this is a corporate number, by its check digit.

    The check digit comes first and is 9 - (sum mod 9) of the twelve digits after it, where from the right
    each second one counts twice (ministerial ordinance on the corporate number, article 2).
    """
    if len(value) != 13 or any(char not in "0123456789" for char in value):
        return False
    weighted = sum(int(char) * (1 + place % 2) for place, char in enumerate(reversed(value[1:])))
    return int(value[0]) == 9 - weighted % 9
