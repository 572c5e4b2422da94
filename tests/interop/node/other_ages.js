// A client whose contract is another version's: `node other_ages.js IMAGE` knows services and messages from that
// descriptor set alone. It enters works and reads them again; where the set has fields and choices that no server
// knows yet (`new_text`, `NEW`), it fills the fields, and shows how a choice is refused.
'use strict';

const assert = require('node:assert');
const crypto = require('node:crypto');
const fs = require('node:fs');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const types = loader.loadFileDescriptorSetFromBuffer(fs.readFileSync(process.argv[2]), { enums: String, defaults: true });
const services = grpc.loadPackageDefinition(types).tashika.v1;
const credentials = grpc.credentials.createSsl(fs.readFileSync(process.env.TASHIKA_CA));
const newer = types['tashika.v1.WorksTerms'].type.field.some(({ name }) => name === 'new_text');

function ask(service, method, request, token) {
  const metadata = new grpc.Metadata({ waitForReady: true });
  if (token) metadata.set('authorization', `Bearer ${token}`);
  const client = new services[service](process.env.TASHIKA_SERVER, credentials);
  return new Promise((resolve, reject) => {
    const deadline = Date.now() + 30_000;
    client[method](request, metadata, { deadline }, (error, answer) => (error ? reject(error) : resolve(answer)));
  });
}

async function main() {
  const [login_name, password] = process.env.TASHIKA_CONTRACTOR.split(':');
  const { token } = await ask('SessionService', 'CreateSession', { login_name, password });
  const more = newer ? { new_text: '新しい項目', new_thing: { new_text: '新しい項目の中の項目' } } : {};
  const works = { name: '市道１号線改良工事', kind: 'CONSTRUCTION', orderer_id: 'kashiwa', price_yen: 55_000_000, ...more };
  const request_id = crypto.randomUUID();
  const entered = await ask('WorksService', 'CreateWorks', { request_id, works, ...more }, token);
  const again = await ask('WorksService', 'CreateWorks', { request_id, works, ...more }, token);
  const { works_id } = entered.works;
  assert.strictEqual(again.works.works_id, works_id);
  const read = await ask('WorksService', 'GetWorks', { works_id, ...more }, token);
  assert.strictEqual(read.works.terms.name, works.name);
  console.log('ok  works are entered and read again');
  if (!newer) return;

  const request = { filter: { state: 'CONTRACT_STATE_NEW' } };
  const error = await ask('ContractService', 'ListContracts', request, token).then(assert.fail, (refused) => refused);
  assert.strictEqual(error.code, grpc.status.INVALID_ARGUMENT);
  const [packed] = error.metadata.get('grpc-status-details-bin');
  const details = types['google.rpc.Status'].deserialize(packed).details.map(({ type_url, value }) =>
    types[type_url.split('/')[1]].deserialize(value));
  const [{ reason }] = details.filter((detail) => detail.reason);
  const [{ field_violations: [{ field }] }] = details.filter((detail) => detail.field_violations);
  const [{ links: [{ description }] }] = details.filter((detail) => detail.links);
  console.log(`ok  ${reason} ${field} ${description}`);
}

main().then(() => process.exit(), (error) => { console.error(error); process.exit(1); });
