// Plays the main job of Tashika over TLS: the contractor applies, the guarantor underwrites and issues, the city
// opens the certificate with number and key, and anybody verifies it. Prints a line for each step; exits 1 where
// the server does not do what it should. `make -f tests/interop/cpp/Makefile` builds it from build/tashika.binpb.
//
// It takes from the environment TASHIKA_SERVER (host:port), TASHIKA_CA (a file of certificates to trust), and who signs
// in, as name:password: TASHIKA_CONTRACTOR, TASHIKA_UNDERWRITER and TASHIKA_APPROVER.
#include <iostream>

#include "person.h"
#include "signature.h"

using namespace tashika::v1;

void Step(const string& text) { std::cout << "ok  " << text << std::endl; }

// Tells what changes among somebody's contracts. After a break, Start goes on behind the last revision told.
struct Watch {
  void Start() {
    WatchContractsRequest request;
    request.set_after_revision(revision);
    stream = person.Begin(&ContractService::Stub::WatchContracts, request);
    Next();
  }
  void Next() {
    const auto message = stream.Next();
    revision = message.revision();
    for (const auto& change : message.changes()) told += change.action() + " ";
  }
  void Until(const string& action) {
    while (told.find(action) == string::npos) Next();
  }
  explicit Watch(Person& person) : person(person) {}
  Person& person;
  int64_t revision = 0;
  string told;
  Stream<WatchContractsResponse> stream;
};

template <class Request>
Request About(const Contract& contract) {
  Request request;
  request.set_contract_id(contract.contract_id());
  return request;
}

WorksTerms SampleWorks(const google::type::Date& today) {
  WorksTerms works;
  works.set_number("道整第１２号");
  works.set_name("市道０１－２３号線道路改良工事（髙﨑𠮷田工区）");
  works.set_place("千葉県柏市あけぼの一丁目地先");
  works.set_kind("CONSTRUCTION");
  works.set_orderer_id("kashiwa");
  works.set_section("道路整備課");
  works.set_price_yen(55'000'000);
  for (auto* day : {works.mutable_notice_date(), works.mutable_contract_date(), works.mutable_initial_contract_date(),
                    works.mutable_period_start(), works.mutable_period_end()}) {
    *day = today;
  }
  works.mutable_period_end()->set_year(today.year() + 1);
  works.mutable_period_end()->set_day(1);
  return works;
}

Application SampleApplication(const Organization& guarantor, const Works& works) {
  Application application;
  application.set_guarantor_id(guarantor.organization_id());
  application.set_branch(guarantor.branches(0).name());
  application.set_works_id(works.works_id());
  application.set_product(PRODUCT_PREPAYMENT);
  application.set_form(FORM_ELECTRONIC);
  application.set_amount_yen(works.terms().price_yen());
  *application.mutable_period_start() = works.terms().period_start();
  application.set_notice_mail("keiri@example.jp");
  application.mutable_depositary()->set_bank("みずべ銀行");
  application.mutable_depositary()->set_branch("柏支店");
  application.mutable_depositary()->set_account_kind("普通");
  application.mutable_depositary()->set_account_number("1234567");
  application.mutable_depositary()->set_holder("㈱髙﨑建設");
  application.mutable_contact()->set_name("葛󠄀城 花子");
  application.mutable_contact()->set_telephone("04-7000-0000");
  application.mutable_contact()->set_mail("hanako@example.jp");
  return application;
}

Contract Apply(Person& contractor, const google::type::Date& today) {
  CreateWorksRequest entering;
  *entering.mutable_works() = SampleWorks(today);
  CreateWorksRequest wrong = entering;
  for (int count = 0; count < 200; ++count) wrong.mutable_works()->mutable_name()->append("あ");
  wrong.mutable_works()->set_orderer_id("柏");
  const Refusal refusal = contractor.Refused("FIELD_TOO_LONG", &WorksService::Stub::CreateWorks, wrong);
  string fields, sentences;
  for (const auto& violation : refusal.bad.field_violations()) {
    fields += violation.field() + " " + violation.reason() + ";";
    sentences += violation.localized_message().message();
  }
  Hold(fields == "works.name FIELD_TOO_LONG;works.orderer_id FIELD_FORMAT;", fields);
  Step("two wrong fields are named: " + sentences);

  const Works works = contractor.Ask(&WorksService::Stub::CreateWorks, entering).works();
  ListOrganizationsRequest guarantors;
  guarantors.set_kind(ORGANIZATION_KIND_GUARANTOR);
  const auto guarantor = contractor.Ask(&DirectoryService::Stub::ListOrganizations, guarantors).organizations(0);
  QuoteContractRequest quoting;
  *quoting.mutable_application() = SampleApplication(guarantor, works);
  const auto quote = contractor.Ask(&ContractService::Stub::QuoteContract, quoting);
  Hold(quote.violations(0).reason() == ERROR_REASON_PREPAYMENT_ABOVE_MAXIMUM, "the whole price is too much");
  CreateContractRequest creating;
  *creating.mutable_application() = quoting.application();
  creating.mutable_application()->set_amount_yen(quote.maximum_yen());
  const Contract draft = contractor.Ask(&ContractService::Stub::CreateContract, creating).contract();
  const auto submitting = About<SubmitContractRequest>(draft);
  const Contract contract = contractor.Ask(&ContractService::Stub::SubmitContract, submitting).contract();
  Step(contract.contract_number() + " is applied for, over the " + std::to_string(quote.maximum_yen()) +
       " yen that were quoted");
  return contract;
}

void Play() {
  Person anyone, contractor = Person::SignedIn("TASHIKA_CONTRACTOR");
  Person underwriter = Person::SignedIn("TASHIKA_UNDERWRITER"), approver = Person::SignedIn("TASHIKA_APPROVER");
  const auto server = anyone.Ask(&SessionService::Stub::GetServerInfo, GetServerInfoRequest());
  Watch watch(contractor);
  watch.Start();
  const Contract contract = Apply(contractor, server.today());

  std::cout << "restart: stop the server, start it again, then press Enter" << std::endl;
  std::cin.get();
  try {
    watch.Until("the server stops");
  } catch (const Refusal& broken) {
    Hold(broken.info.reason() == "SHUTTING_DOWN", "the watch says why it ends");
  }
  auto accepting = About<AcceptContractRequest>(contract);
  accepting.set_fee_yen(123'400);
  underwriter.Ask(&ContractService::Stub::AcceptContract, accepting);
  const auto approving = About<ApproveContractRequest>(contract);
  underwriter.Refused("APPROVAL_BY_SAME_PERSON", &ContractService::Stub::ApproveContract, approving);
  const Contract due = approver.Ask(&ContractService::Stub::ApproveContract, approving).contract();
  watch.Start();
  watch.Until("contract.approve");
  Step("accepted, and approved by another person; the watch went on where it broke");
  auto paying = About<RecordFeeRequest>(contract);
  paying.set_kind(FEE_ENTRY_KIND_PAYMENT);
  paying.set_amount_yen(due.balance_yen());
  *paying.mutable_day() = server.today();
  underwriter.Ask(&ContractService::Stub::RecordFee, paying);
  underwriter.Ask(&CertificateService::Stub::IssueCertificate, About<IssueCertificateRequest>(contract));
  watch.Until("certificate.issue");
  Hold(watch.told == "contract.create contract.submit contract.accept contract.approve contract.record_fee "
                     "certificate.issue ", "each change is told once: " + watch.told);
  watch.stream.context->TryCancel();
  Step("the fee is paid, the certificate is issued");

  OpenCertificateRequest typed;
  typed.set_contract_number(contract.contract_number().substr(0, 7) + " " + contract.contract_number().substr(7));
  typed.set_key("0000-0000-0000-0000-0000");
  anyone.Refused("WRONG_NUMBER_OR_KEY", &CertificateService::Stub::OpenCertificate, typed);
  typed.set_key(contractor.Ask(&KeyService::Stub::GetKey, About<GetKeyRequest>(contract)).key());
  const auto noticing = About<DownloadKeyNoticeRequest>(contract);
  const string notice = contractor.Download(&KeyService::Stub::DownloadKeyNotice, noticing);
  Step("the contractor has the key and its notice (" + std::to_string(notice.size()) + " bytes)");
  const auto opened = anyone.Ask(&CertificateService::Stub::OpenCertificate, typed);
  DownloadCertificateRequest downloading;
  downloading.set_viewing_token(opened.viewing_token());
  const string pdf = anyone.Download(&CertificateService::Stub::DownloadCertificate, downloading);
  VerifyCertificateRequest verifying;
  verifying.set_pdf_sha256(Sha256(pdf));
  const auto verified = anyone.Ask(&CertificateService::Stub::VerifyCertificate, verifying);
  Hold(verified.standing() == CERTIFICATE_STANDING_CURRENT, CertificateStanding_Name(verified.standing()));
  Step("the city opens it with number and key, and the register knows the file (" + std::to_string(pdf.size()) +
       " bytes)");

  const Certificate& certificate = opened.certificate();
  const string number = "\"contract_number\":\"" + contract.contract_number() + "\"";  // canonical JSON: as it is
  Hold(certificate.envelope().find(number) != string::npos, "the statement is of this contract");
  Hold(IsSigned(certificate, certificate.envelope(), server.root_certificates()), "the signature");
  Hold(!IsSigned(certificate, "{}", server.root_certificates()), "another statement is not signed");
  Hold(!IsSigned(certificate, certificate.envelope(), std::vector<string>()), "a chain to nowhere is not trusted");
  Step("the guarantor's signature over the statement holds");
}

int main() try {
  Play();
} catch (const std::exception& error) {
  std::cerr << error.what() << std::endl;
  return 1;
}
