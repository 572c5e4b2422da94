// Plays the main job of Tashika over TLS: the contractor applies, the guarantor underwrites and issues, the city
// opens the certificate with number and key, and anybody verifies it. Prints a line for each step; exits 1 where
// the server does not do what it should. All messages come from one descriptor set, build/tashika.binpb.
// tests/interop/README.md says how to run it.
'use strict';

const assert = require('node:assert');
const crypto = require('node:crypto');
const { once } = require('node:events');
const fs = require('node:fs');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const root = `${__dirname}/../../..`;
// Numbers of 64 bits as text: yen and revisions may be larger than what a JavaScript number holds exactly.
const loading = { longs: String, enums: String, defaults: true, oneofs: true };
const types = loader.loadFileDescriptorSetFromBuffer(fs.readFileSync(`${root}/build/tashika.binpb`), loading);
const services = grpc.loadPackageDefinition(types).tashika.v1;
// Each method's timeout, and whether it may be retried.
const options = { 'grpc.service_config': fs.readFileSync(`${root}/proto/tashika/v1/service_config.json`, 'utf8') };
const credentials = grpc.credentials.createSsl(fs.readFileSync(process.env.TASHIKA_CA));
const sha256 = (data) => crypto.createHash('sha256').update(data).digest('hex');
const step = (text) => console.log(`ok  ${text}`);
const hold = (condition, what) => assert(condition, `this does not hold: ${what}`);

// One person's way to the server; without a token, nobody's in particular.
class Person {
  constructor(token) {
    this.metadata = new grpc.Metadata({ waitForReady: true });
    this.metadata.set('accept-language', 'ja');
    if (token) this.metadata.set('authorization', `Bearer ${token}`);
    for (const name of ['Session', 'Directory', 'Works', 'Contract', 'Certificate', 'Key']) {
      this[name] = new services[`${name}Service`](process.env.TASHIKA_SERVER, credentials, options);
    }
  }

  static async signedIn(variable) {
    const [, login_name, password] = /^([^:]+):(.*)$/s.exec(process.env[variable]);
    return new Person((await new Person().ask('Session', 'CreateSession', { login_name, password })).token);
  }

  ask(service, method, request) {
    return new Promise((resolve, reject) => {
      this[service][method](request, this.metadata, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  }

  // With a request_id, so that a repetition gives the first answer and changes nothing twice.
  change(service, method, request) {
    return this.ask(service, method, { request_id: crypto.randomUUID(), ...request });
  }

  // A file comes as a header and chunks; what does not fit its header is to be thrown away.
  async download(service, method, request) {
    let header;
    const chunks = [];
    for await (const part of this[service][method](request, this.metadata)) {
      if (part.part === 'header') ({ header } = part); else chunks.push(part.chunk);
    }
    const data = Buffer.concat(chunks);
    hold(data.length === Number(header.size_bytes) && sha256(data) === header.sha256, `${method} is complete`);
    return data;
  }
}

// The details of a refusal, which are a google.rpc.Status, by the names of their types.
function readRefusal(error) {
  const [packed] = error.metadata?.get('grpc-status-details-bin') ?? [];
  if (!packed) throw error;
  return Object.fromEntries(types['google.rpc.Status'].deserialize(packed).details.map(({ type_url, value }) => {
    const name = type_url.slice(type_url.indexOf('/') + 1);
    return [name.split('.').pop(), types[name].deserialize(value)];
  }));
}

// The refusal of a call that must be refused for the reason, with a sentence in Japanese and what to do next.
async function refused(call, reason) {
  const refusal = readRefusal(await call.then(() => hold(false, `${reason} refuses`), (error) => error));
  hold(refusal.ErrorInfo.reason === reason && refusal.ErrorInfo.domain === 'tashika', reason);
  const { locale, message } = refusal.LocalizedMessage;
  hold(locale === 'ja-JP' && /\p{Script=Hiragana}/u.test(message) && refusal.Help.links[0].description, message);
  return refusal;
}

// Tells what changes among somebody's contracts. After a break, start() goes on behind the last revision told.
class Watch {
  constructor(person) {
    Object.assign(this, { person, revision: '0', told: [] });
  }

  async start() {
    const stream = this.person.Contract.WatchContracts({ after_revision: this.revision }, this.person.metadata);
    this.messages = stream[Symbol.asyncIterator]();
    await this.next();
  }

  async next() {
    const { value: { revision, changes } } = await this.messages.next();
    this.revision = revision;
    this.told.push(...changes.map(({ action }) => action));
  }

  async until(action) {
    while (!this.told.includes(action)) await this.next();
  }
}

// Whether the guarantor signed the statement, with a key whose certificate comes from one of the roots.
function isSigned({ envelope, statement_signature, chain, issue_time }, roots) {
  const links = chain.map((pem) => new crypto.X509Certificate(pem));
  const issued = new Date(Number(issue_time.seconds) * 1000);
  const trusted = links.every((link, place) => {
    const issuers = links[place + 1] ? [links[place + 1]] : roots.map((pem) => new crypto.X509Certificate(pem));
    const inTime = new Date(link.validFrom) <= issued && issued <= new Date(link.validTo);
    return inTime && issuers.some((by) => by.ca && link.checkIssued(by) && link.verify(by.publicKey));
  });
  const message = Buffer.concat([Buffer.from('tashika-statement/1\0'), envelope]);
  // The padding is for RSA; an elliptic curve's key has none.
  const key = { key: links[0].publicKey, padding: crypto.constants.RSA_PKCS1_PSS_PADDING };
  return trusted && crypto.verify('sha256', message, key, statement_signature);
}

async function apply(contractor, today) {
  const works = {
    number: '道整第１２号', name: '市道０１－２３号線改良工事（髙﨑𠮷田工区）', place: '千葉県柏市あけぼの一丁目地先',
    kind: 'CONSTRUCTION', orderer_id: 'kashiwa', section: '道路整備課', price_yen: 55_000_000, notice_date: today,
    contract_date: today, initial_contract_date: today, period_start: today, period_end: { ...today, year: 2099 },
  };
  const wrong = { ...works, name: 'あ'.repeat(201), orderer_id: '柏' };
  const { BadRequest } = await refused(contractor.change('Works', 'CreateWorks', { works: wrong }), 'FIELD_TOO_LONG');
  const fields = BadRequest.field_violations;
  const named = fields.map(({ field, reason }) => `${field} ${reason}`).join(', ');
  hold(named === 'works.name FIELD_TOO_LONG, works.orderer_id FIELD_FORMAT', named);
  step(`two wrong fields are named: ${fields.map((field) => field.localized_message.message).join('')}`);

  const { works: { works_id } } = await contractor.change('Works', 'CreateWorks', { works });
  const kind = 'ORGANIZATION_KIND_GUARANTOR';
  const { organizations: [guarantor] } = await contractor.ask('Directory', 'ListOrganizations', { kind });
  const application = {
    guarantor_id: guarantor.organization_id, branch: guarantor.branches[0].name, works_id,
    product: 'PRODUCT_PREPAYMENT', form: 'FORM_ELECTRONIC', amount_yen: works.price_yen, period_start: today,
    depositary: { bank: 'みずべ銀行', branch: '柏', account_kind: '普通', account_number: '1', holder: '㈱髙﨑建設' },
    contact: { name: '葛󠄀城 花子', telephone: '04-7000-0000', mail: 'hanako@example.jp' }, notice_mail: 'k@example.jp',
  };
  const { violations: [tooMuch], maximum_yen } = await contractor.ask('Contract', 'QuoteContract', { application });
  hold(tooMuch.reason === 'ERROR_REASON_PREPAYMENT_ABOVE_MAXIMUM', 'the whole price is too much');
  application.amount_yen = maximum_yen;
  const { contract: { contract_id } } = await contractor.change('Contract', 'CreateContract', { application });
  const { contract } = await contractor.change('Contract', 'SubmitContract', { contract_id });
  step(`${contract.contract_number} is applied for, over the ${maximum_yen} yen that were quoted`);
  return contract;
}

async function main() {
  const anyone = new Person();
  const { today, root_certificates } = await anyone.ask('Session', 'GetServerInfo', {});
  const contractor = await Person.signedIn('TASHIKA_CONTRACTOR');
  const underwriter = await Person.signedIn('TASHIKA_UNDERWRITER');
  const approver = await Person.signedIn('TASHIKA_APPROVER');
  const watch = new Watch(contractor);
  await watch.start();
  const { contract_id, contract_number } = await apply(contractor, today);

  console.log('restart: stop the server, start it again, then press Enter');
  await once(process.stdin, 'data');
  const broken = readRefusal(await watch.until('the server stops').catch((error) => error));
  hold(broken.ErrorInfo.reason === 'SHUTTING_DOWN', 'the watch says why it ends');
  await underwriter.change('Contract', 'AcceptContract', { contract_id, fee_yen: 123_400 });
  await refused(underwriter.change('Contract', 'ApproveContract', { contract_id }), 'APPROVAL_BY_SAME_PERSON');
  const { contract } = await approver.change('Contract', 'ApproveContract', { contract_id });
  await watch.start();
  await watch.until('contract.approve');
  step('accepted, and approved by another person; the watch went on where it broke');
  const fee = { contract_id, kind: 'FEE_ENTRY_KIND_PAYMENT', amount_yen: contract.balance_yen, day: today };
  await underwriter.change('Contract', 'RecordFee', fee);
  await underwriter.change('Certificate', 'IssueCertificate', { contract_id });
  await watch.until('certificate.issue');
  const told = 'contract.create,contract.submit,contract.accept,contract.approve,contract.record_fee,certificate.issue';
  hold(watch.told.join() === told, `each change is told once: ${watch.told}`);
  step('the fee is paid, the certificate is issued');

  const { key } = await contractor.ask('Key', 'GetKey', { contract_id });
  const notice = await contractor.download('Key', 'DownloadKeyNotice', { contract_id });
  step(`the contractor has the key and its notice (${notice.length} bytes)`);
  const typed = contract_number.replace(/./g, '$& ');
  const open = (key) => anyone.ask('Certificate', 'OpenCertificate', { contract_number: typed, key });
  await refused(open('0'.repeat(20)), 'WRONG_NUMBER_OR_KEY');
  const { certificate, viewing_token } = await open(key.toLowerCase());
  const pdf = await anyone.download('Certificate', 'DownloadCertificate', { viewing_token });
  const { standing } = await anyone.ask('Certificate', 'VerifyCertificate', { pdf_sha256: sha256(pdf) });
  hold(standing === 'CERTIFICATE_STANDING_CURRENT', standing);
  step(`the city opens it with number and key, and the register knows the file (${pdf.length} bytes)`);
  hold(JSON.parse(certificate.envelope).statement.contract_number === contract_number, 'what was signed');
  hold(isSigned(certificate, root_certificates), 'the signature');
  hold(!isSigned({ ...certificate, envelope: Buffer.from('{}') }, root_certificates), 'another statement');
  hold(!isSigned(certificate, []), 'a chain to nowhere is not trusted');
  step("the guarantor's signature over the statement holds");
}

main().then(() => process.exit(), (error) => { console.error(error); process.exit(1); });
