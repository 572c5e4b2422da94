"""The main jobs of the client as they are keyed, without a mouse: one table, which tests play in real terminals.

A stroke is a key that is pressed. A password, a number or a key is pasted, which is one stroke; whatever else is
entered counts each key, and a Japanese word each key of the input method. `python -m tests.e2e.client.strokes` prints
the table.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

# What a terminal sends for a key that types nothing (xterm, which the others follow).
_SENT = {
    "Tab": "\t",
    "Enter": "\r",
    "Esc": "\x1b",
    "F4": "\x1bOS",
    "F7": "\x1b[18~",
    "F10": "\x1b[21~",
    "^S": "\x13",
    "^Y": "\x19",
    "^Q": "\x11",
}

# Input method on, the reading, conversion, taking it, input method off.
_AROUND_A_READING = 4


@dataclass(frozen=True, slots=True)
class Stroke:
    """One stroke, or several that enter one text.

    `shown` is what a person does and `about` what for; `sends` is what comes from the keyboard, `presses` how many
    keys that is (0: as many as there are characters), and `then` what must stand on the screen before the next one.
    Names in braces in `sends` and `then` are values that the job is played with.
    """

    shown: str
    about: str
    sends: str
    presses: int = 1
    then: str = ""

    def text(self, values: Mapping[str, str]) -> str:
        """What comes from the keyboard."""
        return self.sends.format(**values)

    def count(self, values: Mapping[str, str]) -> int:
        """How many keys are pressed."""
        return self.presses or len(self.text(values))


@dataclass(frozen=True, slots=True)
class Job:
    """A job from one screen to another, in at most `budget` strokes."""

    name: str
    about: str
    budget: int
    strokes: tuple[Stroke, ...]

    def count(self, values: Mapping[str, str]) -> int:
        """How many keys the whole of it takes."""
        return sum(stroke.count(values) for stroke in self.strokes)


def key(name: str, about: str, then: str = "") -> Stroke:
    """A key by its name, or the character on it."""
    return Stroke(name, about, _SENT.get(name, name), then=then)


def typed(value: str, about: str, then: str = "") -> Stroke:
    """A text, letter by letter."""
    return Stroke("入力", about, f"{{{value}}}", 0, then)


def pasted(value: str, about: str, then: str = "") -> Stroke:
    """A text in one paste, as terminals bracket it."""
    return Stroke("貼付け", about, f"\x1b[200~{{{value}}}\x1b[201~", then=then)


def composed(text: str, reading: str, about: str, then: str = "") -> Stroke:
    """A Japanese text by the input method, from its reading in Latin letters."""
    return Stroke(f"「{text}」", about, text, len(reading) + _AROUND_A_READING, then)


LOGIN = (
    typed("login_name", "ログイン名"),
    key("Tab", "パスワードへ", then="> パスワード"),
    pasted("password", "パスワード"),
    key("Enter", "ログイン", then="1  保証契約一覧"),
)

# Where the client knows the name from the last time.
LOGIN_AGAIN = (
    pasted("password", "パスワード"),
    key("Enter", "ログイン", then="1  保証契約一覧"),
)

APPLY = Job(
    "申込み",
    "ログインから、直前の申込みを複写した申込みの確定まで",
    40,
    (
        *LOGIN,
        key("1", "保証契約一覧", then="{last_number}"),
        key("^Y", "直前の申込みを複写", then="< 選んでください >"),
        key("Enter", "工事の一覧", then="|  請負契約"),
        pasted("works_number", "工事番号で絞込み", then="> {works_number}"),
        key("Enter", "工事を選択", then="下限 金 {amount} 円"),
        key("F7", "保証金額に限度額を入力", then="このまま申し込めます"),
        key("F10", "内容の確認へ", then="もう一度 F10"),
        key("F10", "申込みへ", then="「申込」と入力"),
        composed("申込", "moushikomi", "確認の入力", then=" 申込 "),
        key("Enter", "申し込む", then="申し込みました"),
    ),
)

# To where an electronic guarantee's documents are, from the menu.
TO_THE_NEWEST = (
    key("2", "電子保証（認証キー）", then="> {number}"),
    key("Enter", "詳細", then="> 詳細"),
    key("Enter", "電子保証履歴一覧", then="現在の版"),
)

NOTICE = Job(
    "認証キーのお知らせ",
    "ログインから、最新の電子保証のお知らせ（PDF）の保存まで: 電子保証（認証キー） → 詳細 → 電子保証履歴一覧 → 印刷",
    15,
    (
        *LOGIN,
        *TO_THE_NEWEST,
        key("p", "印刷", then="保存先"),
        key("Enter", "示された場所に保存", then="保存しました"),
    ),
)

# At a host nothing can be saved: the screen shows a command, which is pasted at home.
NOTICE_OVER_SSH = Job(
    "認証キーのお知らせ（SSH 接続）",
    "登録済みの公開鍵による接続から、お知らせ（PDF）を保存するコマンドの表示まで。コマンドの貼付けと Enter を加える",
    13,
    (
        *TO_THE_NEWEST,
        key("p", "印刷", then="お手元のコンピューターで実行するコマンド"),
    ),
)

NOTICE_BY_NUMBER = Job(
    "認証キーのお知らせ（番号から）",
    "ログインから、保証契約番号で探した電子保証のお知らせ（PDF）の保存まで",
    15,
    (
        *LOGIN,
        key("2", "電子保証（認証キー）", then="契約登録番号"),
        key("/", "絞込み", then="Enter 絞込みを確定"),
        pasted("number", "保証契約番号"),
        key("Enter", "絞込みを確定", then="1 / 1件"),
        key("p", "印刷", then="保存先"),
        key("Enter", "示された場所に保存", then="保存しました"),
    ),
)

VIEW = Job(
    "電子証書の閲覧",
    "アカウントのない発注者が、起動から証書の表示まで",
    10,
    (
        key("F4", "電子証書の閲覧", then="認証キーのお知らせにある"),
        pasted("number", "保証契約番号"),
        key("Tab", "認証キーへ", then="> 認証キー "),
        pasted("key", "認証キー"),
        key("Enter", "証書を開く", then="真正です。"),
    ),
)

JOBS = (APPLY, NOTICE, NOTICE_BY_NUMBER, NOTICE_OVER_SSH, VIEW)

# Values of the length that real ones have, to count with.
_EXAMPLE = {
    "login_name": "keiri",
    "password": "dango-haru-kuri-3175",
    "number": "11250000000010",
    "last_number": "11250000000010",
    "works_number": "26-384-0007",
    "amount": "5,500,000",
    "key": "2345-6789-ABCD-EFGH-JKLM",
}


class Screen(Protocol):
    """A terminal with the client in it, be it here or at the other end of a line."""

    def types(self, text: str) -> None:
        """Presses keys."""

    def until(self, text: str) -> None:
        """Returns when this stands on the screen, or fails."""


def play(screen: Screen, job: Job, values: Mapping[str, str]) -> int:
    """Plays a job and gives how many strokes it took. Waits for each screen by what stands on it."""
    for stroke in job.strokes:
        screen.types(stroke.text(values))
        if stroke.then:
            screen.until(stroke.then.format(**values))
    return job.count(values)


def table(job: Job, values: Mapping[str, str]) -> Iterator[str]:
    """A job in Markdown: how many strokes so far, the stroke, and what it is for."""
    yield f"**{job.name}** — {job.about}（{job.count(values)}打鍵、上限{job.budget}打鍵）"
    yield ""
    yield "| 打鍵 | キー | 内容 |"
    yield "|---:|---|---|"
    so_far = 0
    for stroke in job.strokes:
        so_far += stroke.count(values)
        yield f"| {so_far} | {stroke.shown} | {stroke.about} |"


def main() -> None:
    """Print the table."""
    for job in JOBS:
        print("\n".join(table(job, _EXAMPLE)), end="\n\n")


if __name__ == "__main__":
    main()
