# frozen_string_literal: true

# Plays the main job of Tashika over TLS: the contractor applies, the guarantor underwrites and issues, the city
# opens the certificate with number and key, and anybody verifies it. Prints a line for each step; exits 1 where
# the server does not do what it should. tests/interop/README.md says how to generate the messages and run it.

require 'digest'
require 'json'
require 'openssl'
require 'securerandom'
# The generated files come first: a library's own error_details may be too old to know `FieldViolation.reason`.
require 'google/rpc/error_details_pb'
require 'google/rpc/status_pb'
%w[session directory works contract certificate key].each { |name| require "tashika/v1/#{name}_service_services_pb" }

# Each method's timeout, and whether it may be retried.
SERVICE_CONFIG = File.read('proto/tashika/v1/service_config.json')
$stdout.sync = true

def hold(condition, what) = condition || raise("this does not hold: #{what}")

def step(text) = puts("ok  #{text}")

# The details of a refusal, which are a google.rpc.Status, by the names of their types.
def read_refusal(error)
  packed = error.metadata['grpc-status-details-bin'] or raise error
  Google::Rpc::Status.decode(packed).details.to_h do |detail|
    type = Google::Protobuf::DescriptorPool.generated_pool.lookup(detail.type_url.split('/').last)
    [type.name.split('.').last.to_sym, type.msgclass.decode(detail.value)]
  end
end

# One person's way to the server; without a token, nobody's in particular.
class Person
  def initialize(token = nil)
    @metadata = { 'accept-language' => 'ja' }
    @metadata['authorization'] = "Bearer #{token}" if token
    credentials = GRPC::Core::ChannelCredentials.new(File.read(ENV.fetch('TASHIKA_CA')))
    options = { channel_args: { 'grpc.service_config' => SERVICE_CONFIG } }
    @stubs = %i[Session Directory Works Contract Certificate Key].to_h do |name|
      service = Tashika::V1.const_get("#{name}Service")
      [name, service::Stub.new(ENV.fetch('TASHIKA_SERVER'), credentials, **options)]
    end
  end

  def self.signed_in(variable)
    login_name, password = ENV.fetch(variable).split(':', 2)
    new(new.ask(:Session, :CreateSession, login_name: login_name, password: password).token)
  end

  # Gives the answer, or an enumerator of answers.
  def ask(service, method, **fields)
    request = Tashika::V1.const_get("#{method}Request").new(**fields)
    @stubs[service].public_send(GRPC::GenericService.underscore(method.to_s), request, metadata: @metadata)
  end

  # With a request_id, so that a repetition gives the first answer and changes nothing twice.
  def change(service, method, **fields)
    ask(service, method, request_id: SecureRandom.uuid, **fields)
  end

  # A file comes as a header and chunks; what does not fit its header is to be thrown away.
  def download(service, method, **fields)
    header, *chunks = ask(service, method, **fields).to_a
    data = chunks.map(&:chunk).join
    hold(data.bytesize == header.header.size_bytes, "#{method} has the size of its header")
    hold(Digest::SHA256.hexdigest(data) == header.header.sha256, "#{method} has the digest of its header")
    data
  end
end

# The refusal of the call in the block, which must have the reason, and a sentence in Japanese that says what to do.
def refused(reason)
  yield
rescue GRPC::BadStatus => e
  refusal = read_refusal(e)
  hold([refusal[:ErrorInfo].reason, refusal[:ErrorInfo].domain] == [reason, 'tashika'], "#{reason}: #{e}")
  said = refusal[:LocalizedMessage]
  hold(said.locale == 'ja-JP' && said.message.match?(/\p{Hiragana}/), said.message)
  hold(!refusal[:Help].links.first.description.empty?, 'what to do next')
  refusal
else
  raise "#{reason} does not refuse"
end

# Tells what changes among somebody's contracts. After a break, start goes on behind the last revision told.
class Watch
  attr_reader :told

  def initialize(person)
    @person, @revision, @told = person, 0, []
  end

  def start
    @messages = @person.ask(:Contract, :WatchContracts, after_revision: @revision)
    read
  end

  def read
    message = @messages.next
    @revision = message.revision
    @told.concat(message.changes.map(&:action))
  end

  def until(action)
    read until @told.include?(action)
  end
end

# Whether the guarantor signed the statement, with a key whose certificate comes from one of the roots.
def signed?(certificate, envelope, roots)
  store = OpenSSL::X509::Store.new
  store.time = Time.at(certificate.issue_time.seconds)
  roots.each { |pem| store.add_cert(OpenSSL::X509::Certificate.new(pem)) }
  signer, *others = certificate.chain.map { |pem| OpenSSL::X509::Certificate.new(pem) }
  message = "tashika-statement/1\0".b + envelope
  given, key = ['SHA256', certificate.statement_signature, message], signer.public_key
  pss = { salt_length: :auto, mgf1_hash: 'SHA256' }
  right = key.is_a?(OpenSSL::PKey::RSA) ? key.verify_pss(*given, **pss) : key.verify(*given)
  right && store.verify(signer, others)
end

def apply(contractor, today)
  works = { number: '道整第１２号', name: '市道０１－２３号線改良工事（髙﨑𠮷田）', place: '柏市あけぼの一丁目地先',
            kind: 'CONSTRUCTION', orderer_id: 'kashiwa', section: '道路整備課', price_yen: 55_000_000,
            notice_date: today, contract_date: today, initial_contract_date: today, period_start: today,
            period_end: { year: today.year + 1, month: today.month, day: 1 } }
  wrong = { **works, name: 'あ' * 201, orderer_id: '柏' }
  refusal = refused('FIELD_TOO_LONG') { contractor.change(:Works, :CreateWorks, works: wrong) }
  fields = refusal[:BadRequest].field_violations
  named = fields.map { |field| "#{field.field} #{field.reason}" }
  hold(named == ['works.name FIELD_TOO_LONG', 'works.orderer_id FIELD_FORMAT'], named)
  step("two wrong fields are named: #{fields.map { |field| field.localized_message.message }.join}")

  works_id = contractor.change(:Works, :CreateWorks, works: works).works.works_id
  guarantor = contractor.ask(:Directory, :ListOrganizations, kind: :ORGANIZATION_KIND_GUARANTOR).organizations.first
  application = { guarantor_id: guarantor.organization_id, branch: guarantor.branches.first.name, works_id: works_id,
                  product: :PRODUCT_PREPAYMENT, form: :FORM_ELECTRONIC, amount_yen: works[:price_yen],
                  period_start: today, notice_mail: 'keiri@example.jp',
                  depositary: { bank: 'みずべ銀行', branch: '柏支店', account_kind: '普通', account_number: '1',
                                holder: '㈱髙﨑建設' },
                  contact: { name: '葛󠄀城 花子', telephone: '04-7000-0000', mail: 'hanako@example.jp' } }
  quote = contractor.ask(:Contract, :QuoteContract, application: application)
  hold(quote.violations.any? { |one| one.reason == :ERROR_REASON_PREPAYMENT_ABOVE_MAXIMUM }, 'the price is too much')
  application[:amount_yen] = quote.maximum_yen
  draft = contractor.change(:Contract, :CreateContract, application: application).contract
  contract = contractor.change(:Contract, :SubmitContract, contract_id: draft.contract_id).contract
  step("#{contract.contract_number} is applied for, over the #{quote.maximum_yen} yen that were quoted")
  contract
end

def underwrite(id, watch, today)
  underwriter, approver = Person.signed_in('TASHIKA_UNDERWRITER'), Person.signed_in('TASHIKA_APPROVER')
  underwriter.change(:Contract, :AcceptContract, **id, fee_yen: 123_400)
  refused('APPROVAL_BY_SAME_PERSON') { underwriter.change(:Contract, :ApproveContract, **id) }
  due = approver.change(:Contract, :ApproveContract, **id).contract.balance_yen
  watch.start
  watch.until('contract.approve')
  step('accepted, and approved by another person; the watch went on where it broke')
  underwriter.change(:Contract, :RecordFee, **id, kind: :FEE_ENTRY_KIND_PAYMENT, amount_yen: due, day: today)
  underwriter.change(:Certificate, :IssueCertificate, **id)
  watch.until('certificate.issue')
  told = %w[contract.create contract.submit contract.accept contract.approve contract.record_fee certificate.issue]
  hold(watch.told == told, "each change is told once: #{watch.told}")
  step('the fee is paid, the certificate is issued')
end

anyone = Person.new
server = anyone.ask(:Session, :GetServerInfo)
contractor = Person.signed_in('TASHIKA_CONTRACTOR')
watch = Watch.new(contractor)
watch.start
contract = apply(contractor, server.today)
id = { contract_id: contract.contract_id }

puts 'restart: stop the server, start it again, then press Enter'
$stdin.gets
begin
  watch.until('the server stops')
rescue GRPC::Unavailable => e
  hold(read_refusal(e)[:ErrorInfo].reason == 'SHUTTING_DOWN', 'the watch says why it ends')
end
underwrite(id, watch, server.today)

key = contractor.ask(:Key, :GetKey, **id).key
notice = contractor.download(:Key, :DownloadKeyNotice, **id)
step("the contractor has the key and its notice (#{notice.bytesize} bytes)")
typed = { contract_number: contract.contract_number.chars.join(' '), key: key.downcase }
refused('WRONG_NUMBER_OR_KEY') { anyone.ask(:Certificate, :OpenCertificate, **typed, key: '0' * 20) }
opened = anyone.ask(:Certificate, :OpenCertificate, **typed)
pdf = anyone.download(:Certificate, :DownloadCertificate, viewing_token: opened.viewing_token)
verified = anyone.ask(:Certificate, :VerifyCertificate, pdf_sha256: Digest::SHA256.hexdigest(pdf))
hold(verified.standing == :CERTIFICATE_STANDING_CURRENT, verified.standing)
step("the city opens it with number and key, and the register knows the file (#{pdf.bytesize} bytes)")
certificate, roots = opened.certificate, server.root_certificates
hold(JSON.parse(certificate.envelope)['statement']['contract_number'] == contract.contract_number, 'what was signed')
hold(signed?(certificate, certificate.envelope, roots), 'the signature')
hold(!signed?(certificate, '{}', roots), 'another statement is not signed')
hold(!signed?(certificate, certificate.envelope, []), 'a chain to nowhere is not trusted')
step("the guarantor's signature over the statement holds")
