"""What fsck can find, in the words of whoever has to act on it."""

from dataclasses import dataclass
from enum import StrEnum, auto, unique
from typing import Final


@unique
class Problem(StrEnum):
    """Every kind of finding."""

    DATABASE_DAMAGED = auto()
    RECORD_UNREADABLE = auto()
    COLUMN_DIFFERS = auto()
    REVISION_WRONG = auto()
    HISTORY_DIFFERS = auto()
    PAYLOAD_WRONG = auto()
    AUDIT_BROKEN = auto()
    LEAF_WRONG = auto()
    LOG_BROKEN = auto()
    CHECKPOINT_WRONG = auto()
    ROLLED_BACK = auto()
    COUNTER_WRONG = auto()
    SEARCH_DIFFERS = auto()
    FEED_DIFFERS = auto()
    NOTICE_WRONG = auto()
    HALF_RECORD = auto()
    BLOB_MISSING = auto()
    BLOB_DAMAGED = auto()
    BLOB_WITHOUT_ROW = auto()


_RESTORE: Final = (
    "サーバーを停止したまま、バックアップから復元してください。",
    "Keep the server stopped and restore a backup.",
)
_BLOB: Final = (
    "バックアップの blobs フォルダーから同じ名前のファイルを戻してください。",
    "Put the file of the same name back from the backup's blobs folder.",
)

_TEXTS: Final[dict[Problem, tuple[str, str, tuple[str, str]]]] = {
    Problem.DATABASE_DAMAGED: ("データベースが破損しています", "The database is damaged", _RESTORE),
    Problem.RECORD_UNREADABLE: ("記録を読み取れません", "A record can't be read", _RESTORE),
    Problem.COLUMN_DIFFERS: ("検索用の列が記録と一致しません", "A column differs from its record", _RESTORE),
    Problem.REVISION_WRONG: ("版番号が正しくありません", "A revision is impossible", _RESTORE),
    Problem.HISTORY_DIFFERS: (
        "現在の記録が履歴と一致しません",
        "A record differs from its history",
        _RESTORE,
    ),
    Problem.PAYLOAD_WRONG: (
        "履歴の内容が書き換えられています",
        "A payload is not what its digest says",
        _RESTORE,
    ),
    Problem.AUDIT_BROKEN: (
        "監査記録の連鎖が切れています",
        "The chain of the audit trail is broken",
        _RESTORE,
    ),
    Problem.LEAF_WRONG: (
        "証書が公開記録と一致しません",
        "A certificate and its leaf in the log differ",
        _RESTORE,
    ),
    Problem.LOG_BROKEN: ("公開記録の木構造が正しくありません", "The tree of the log is wrong", _RESTORE),
    Problem.CHECKPOINT_WRONG: (
        "チェックポイントが記録と一致しません",
        "The checkpoint is of another log",
        _RESTORE,
    ),
    Problem.ROLLED_BACK: (
        "保管先が、既に公開した記録より古いか、別のものです",
        "The store is older than what was published, or another one",
        (
            "サーバーを停止したまま、最新のバックアップから復元してください。",
            "Keep the server stopped and restore the newest backup.",
        ),
    ),
    Problem.COUNTER_WRONG: ("件数の集計が合いません", "A counter is not the number of records", _RESTORE),
    Problem.SEARCH_DIFFERS: (
        "検索の索引が記録と一致しません",
        "What a search finds differs from the records",
        _RESTORE,
    ),
    Problem.FEED_DIFFERS: (
        "変更の通知先が履歴と一致しません",
        "Who was told of a change differs from the history",
        _RESTORE,
    ),
    Problem.NOTICE_WRONG: (
        "お知らせ、または送信待ちのメールの記録が正しくありません",
        "A notice, or a mail of the outbox, is not as it must be",
        _RESTORE,
    ),
    Problem.HALF_RECORD: ("記録が途中までしかありません", "A record is incomplete", _RESTORE),
    Problem.BLOB_MISSING: ("発行済みファイルがありません", "A file is missing", _BLOB),
    Problem.BLOB_DAMAGED: ("発行済みファイルが変わっています", "A file is not what was stored", _BLOB),
    Problem.BLOB_WITHOUT_ROW: (
        "登録のないファイルがあります（発行が途中で止まった跡で、証書としては無効です）",
        "A file without a record: an issue that did not come to its end left it; it is never authentic",
        ("対応は不要です。", "Nothing needs to be done."),
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be. ``subject`` is an id, a place or a digest; ``detail`` says more."""

    problem: Problem
    subject: str
    detail: str = ""

    @property
    def is_error(self) -> bool:
        """False for what is only worth knowing."""
        return self.problem is not Problem.BLOB_WITHOUT_ROW

    @property
    def ja(self) -> str:
        """The finding and what to do, in Japanese."""
        what, _, (advice, _) = _TEXTS[self.problem]
        return f"{what}: {self.subject}{f'（{self.detail}）' if self.detail else ''}。{advice}"

    @property
    def en(self) -> str:
        """The finding and what to do, in English."""
        _, what, (_, advice) = _TEXTS[self.problem]
        return f"{what}: {self.subject}{f' ({self.detail})' if self.detail else ''}. {advice}"
