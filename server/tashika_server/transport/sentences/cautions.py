"""The words for what is worth a look but does not refuse."""

from collections.abc import Mapping

from tashika_server.domain.reasons import WarningReason
from tashika_server.transport.sentences.entries import Advice

CAUTIONS: Mapping[WarningReason, Advice] = {
    WarningReason.THRESHOLD_NOT_CHECKABLE: Advice(
        "この発注者の基準[（{threshold_basis:choice} {threshold_yen:yen}以上）]は、システムでは確かめられません。"
        "発注者の担当課にご確認ください。",
        "The orderer's threshold[ ({threshold_basis:choice}, {threshold_yen:yen})] can't be checked here. "
        "Ask the orderer's section.",
    ),
    WarningReason.PERFORMANCE_NOT_REQUIRED: Advice(
        "請負代金額がこの発注者の基準[（{threshold_yen:yen}）]に達していないため、契約保証は求められていません。",
        "The contract price is below the orderer's threshold[ ({threshold_yen:yen})]: "
        "a contract guarantee is not required.",
    ),
    WarningReason.EXPECTED_DATE_USED: Advice(
        "契約日が未定のため、契約予定日[（{date:day}）]で判断しました。契約日が決まりましたら入力してください。",
        "The contract date is unknown, so the expected one[ ({date:day})] was used. "
        "Enter the date once it is known.",
    ),
    WarningReason.CONTRACT_ALREADY_SIGNED: Advice(
        "請負契約はすでに締結されています[（{contract_date:day}）]。契約保証は契約の締結前に必要です。発注者の担当課にご確認ください。",
        "The works contract is signed already[ ({contract_date:day})]; a contract guarantee is due before. "
        "Ask the orderer's section.",
    ),
    WarningReason.PERIOD_NOT_KNOWN: Advice(
        "工期が未定のため、工期についての条件[（{minimum_days:number}日以上）]は確かめていません。決まりましたら入力してください。",
        "The works period is not known, so rules about it[ (at least {minimum_days:number} days)] were not checked. "
        "Enter it once it is known.",
    ),
    WarningReason.NO_POLICY_FOUND: Advice(
        "この発注者の取扱いが登録されていないため、一般の条件だけを確かめました。発注者の担当課にご確認ください。",
        "The register has no policy of this orderer; only general rules were checked. "
        "Ask the orderer's section.",
    ),
}
