"""The main job from beginning to end, a numbered line for each step."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import grpc.aio

from tashika_formats.errors import FormatError
from tashika_server.demo.script import applying, city, evidence, fees, setting_up, underwriting
from tashika_server.demo.script.channel import open_channel
from tashika_server.demo.script.desk import Desk, failed
from tashika_server.demo.script.failure import Refusal, StepFailedError
from tashika_server.demo.script.options import ScriptOptions
from tashika_server.demo.script.out_folder import OutFolder
from tashika_server.demo.script.stage import Stage


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is called, and what does it, giving something to show beside its name."""

    ja: str
    en: str
    do: Callable[[Stage], Awaitable[str | None]]


STEPS = (
    Step("サーバーに接続", "connect", setting_up.connect),
    Step("運営者がサインイン", "the operator signs in", setting_up.operator_signs_in),
    Step("発注者の取扱いを取込み", "import the orderers' policies", setting_up.import_policies),
    Step("保証会社と受注者を登録", "register guarantor and contractor", setting_up.register_organizations),
    Step(
        "利用者を登録し、初回パスワードを変更", "make accounts, change passwords", setting_up.register_people
    ),
    Step("保証料の料率表を設定（架空の料率）", "set a fictional tariff", fees.set_tariff),
    Step("受注者が柏市の工事を登録", "the contractor enters works", applying.enter_works),
    Step("見積り: 1/10 未満は不可と示される", "a quote below 1/10 says why not", applying.quote_too_little),
    Step("契約保証（電子）を申込み", "apply for the contract guarantee", applying.apply_for_performance),
    Step("保証会社が審査・承認", "underwrite and approve", underwriting.accept_performance),
    Step("保証料の入金前は発行できない", "no issue before the fee", underwriting.issue_unpaid),
    Step("入金を記録し、電子証書を発行", "book the fee, issue", underwriting.issue_performance),
    Step("請負契約を締結", "the works contract is signed", applying.sign_works),
    Step("前払金保証（電子）を申込み", "apply for the prepayment guarantee", applying.apply_for_prepayment),
    Step("保証会社が審査・承認・入金記録", "underwrite, approve, book", underwriting.accept_prepayment),
    Step("電子証書を発行", "issue", underwriting.issue_prepayment),
    Step("受注者が契約内容を確認", "the contractor compares the contents", applying.compare_contents),
    Step("認証キーを確認（2 つは異なる）", "read both keys, which differ", city.read_keys),
    Step("お知らせと証書をダウンロード", "download notices and certificates", city.download_documents),
    Step("認証キーの提出を記録", "record the handing in", city.hand_in),
    Step("保証料計算書と領収証の送付記録", "fee sheets, receipts sent", fees.send_fee_sheets),
    Step("前払金を請求（二重の請求は不可）", "ask for the advance, once", fees.request_advance),
    Step("発注者が番号とキーで閲覧", "the city opens with number and key", city.open_as_city),
    Step("別の契約のキーは同じ言葉で拒否", "other keys are refused alike", city.refuse_other_keys),
    Step("閲覧と失敗が受注者に見える", "the contractor sees all attempts", city.see_openings),
    Step("紙の証書と電子証書は混在しない", "paper and electronic never mix", underwriting.keep_paper_apart),
    Step("登録簿で証書を検証", "verify by the register", evidence.ask_register),
    Step("検証用フォルダーを作成", "write the trust folder", evidence.write_trust),
    Step("オフラインで証書を検証", "verify offline", evidence.verify_offline),
    Step("全員がサインアウト", "everybody signs out", setting_up.sign_out),
    Step("demo.json を作成", "write demo.json", evidence.write_summary),
)


def prepare_out(folder: Path, say: Callable[[str], None] | None = None) -> bool:
    """Make the folder for what is made, or clear one of an earlier run; give whether it can be used."""
    try:
        OutFolder(folder).prepare()
    except StepFailedError as error:
        _tell_failure(say or _print, "準備 / preparation", error)
        return False
    return True


async def play(options: ScriptOptions, say: Callable[[str], None] | None = None) -> bool:
    """Play every step, and give whether all of them held. The first that does not ends the play."""
    tell = say or _print
    begun = time.monotonic()
    out = OutFolder(options.out)
    if not prepare_out(options.out, tell):
        return False
    try:
        channel = open_channel(options.address, options.ca)
    except StepFailedError as error:
        _tell_failure(tell, "準備 / preparation", error)
        return False
    async with channel:
        stage = Stage(options, out, Desk(channel))
        for number, step in enumerate(STEPS, start=1):
            if not await _hold(stage, step, number, tell):
                return False
    took = time.monotonic() - begun
    tell(f"すべてのステップが成功しました（{took:.1f} 秒）。 / Every step held ({took:.1f} s): {out.path}")
    return True


async def _hold(stage: Stage, step: Step, number: int, tell: Callable[[str], None]) -> bool:
    begun = time.monotonic()
    place = f"[{number:2}/{len(STEPS)}]"
    try:
        shown = await step.do(stage)
    except StepFailedError as error:
        failure = error
    except grpc.aio.AioRpcError as error:
        failure = Refusal(error).failure()
    except FormatError as error:
        failure = failed(f"{error.code}: {error.ja}", error.en)
    else:
        detail = f"  ({shown})" if shown else ""
        tell(f"{place} OK {time.monotonic() - begun:6.2f} s  {step.ja} / {step.en}{detail}")
        return True
    _tell_failure(tell, f"{place} NG {step.ja} / {step.en}", failure)
    return False


def _tell_failure(tell: Callable[[str], None], where: str, failure: StepFailedError) -> None:
    tell(where)
    tell(f"        理由 / reason: {failure}")
    tell(f"        次に / next:   {failure.next_step}")


def _print(line: str) -> None:
    print(line, flush=True)
