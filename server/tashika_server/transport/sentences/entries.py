"""One row of the table of reasons: the code on the wire, and the words for people."""

from dataclasses import dataclass
from enum import Enum

import grpc


class Who(Enum):
    """Who can do what comes next, in Japanese and in English."""

    CALLER = ("操作しているご本人", "you")
    CONTRACTOR = ("受注者", "the contractor")
    UNDERWRITER = ("保証会社の審査担当者", "the guarantor's underwriter")
    APPROVER = ("保証会社の承認者", "the guarantor's approver")
    GUARANTOR = ("保証会社", "the guarantor")
    ORDERER = ("発注者の担当課", "the orderer's section")
    OPERATOR = ("登録システムの運営者", "the register's operator")
    DEVELOPER = ("接続プログラムの開発者", "the developer of the client program")

    @property
    def ja(self) -> str:
        """The name in Japanese."""
        return self.value[0]

    @property
    def en(self) -> str:
        """The name in English."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said for a reason. ``ja`` and ``en`` say what happened, the steps what to do next and who can.

    The texts are templates of ``wording.fill``. ``retry_seconds``: when trying again makes sense (0: not by
    itself). ``quota``: whose limit was hit, for ``QuotaFailure``. ``uniform``: the answer carries nothing
    beside the reason, so that several causes look the same, byte for byte.
    """

    code: grpc.StatusCode
    ja: str
    en: str
    next_ja: str
    next_en: str
    who: tuple[Who, ...]
    retry_seconds: int = 0
    quota: str = ""
    uniform: bool = False

    def text(self, language: str) -> str:
        """Give the template of what happened."""
        return self.ja if language == "ja" else self.en

    def next_step(self, language: str) -> str:
        """Give the template of what to do next."""
        return self.next_ja if language == "ja" else self.next_en

    def people(self, language: str) -> str:
        """Name who can do it."""
        if language == "ja":
            return "、".join(who.ja for who in self.who)
        return " or ".join(who.en for who in self.who)


@dataclass(frozen=True, slots=True)
class Advice:
    """What is said for a warning that does not refuse: one text that also says what to do."""

    ja: str
    en: str

    def text(self, language: str) -> str:
        """Give the template."""
        return self.ja if language == "ja" else self.en
