// The vectors of tests/vectors hold for formats.js: `node --test vectors.test.js`.
'use strict';

const assert = require('node:assert');
const crypto = require('node:crypto');
const fs = require('node:fs');
const { test } = require('node:test');
const formats = require('./formats.js');

const vectors = (name) => JSON.parse(fs.readFileSync(`${__dirname}/../../vectors/${name}.json`, 'ascii'));
const hex = (text) => Buffer.from(text, 'hex');

// The result of what was typed, or the code of the error, with the position of a wrong character.
function outcome(normalise, { input }) {
  try {
    return { input, result: normalise(input) };
  } catch ({ code, position }) {
    return { input, error: code, ...(position ? { position } : {}) };
  }
}

test('numbers', () => {
  const { make, normalise } = vectors('numbers');
  for (const { guarantor_code, fiscal_year, sequence, number } of make) {
    assert.strictEqual(formats.makeNumber(guarantor_code, fiscal_year, sequence), number);
  }
  assert.deepStrictEqual(normalise.map((one) => outcome(formats.normaliseNumber, one)), normalise);
});

test('keys', () => {
  const { make, normalise } = vectors('keys');
  for (const { random_hex, key, printed } of make) {
    assert.strictEqual(formats.makeKey(hex(random_hex)), key);
    assert.strictEqual(formats.formatKey(key), printed);
  }
  assert.deepStrictEqual(normalise.map((one) => outcome(formats.normaliseKey, one)), normalise);
});

test('canonical JSON', () => {
  const { canonical, refused } = vectors('canonical');
  for (const { value, utf8_hex } of canonical) {
    assert.strictEqual(formats.canonicalBytes(value).toString('hex'), utf8_hex);
    assert.deepStrictEqual(formats.parseCanonical(hex(utf8_hex)), value);
  }
  for (const { utf8_hex, error } of refused) assert.throws(() => formats.parseCanonical(hex(utf8_hex)), Error, error);
});

test('statements', () => {
  for (const { envelope, sha256, signing_input_sha256 } of vectors('statements').valid) {
    const bytes = Buffer.from(envelope);
    assert.strictEqual(formats.parseCanonical(bytes).format, 'tashika-certificate/1');
    assert.strictEqual(formats.sha256(bytes).toString('hex'), sha256);
    assert.strictEqual(formats.sha256(formats.signingInput(bytes)).toString('hex'), signing_input_sha256);
  }
});

test('signatures over statements', () => {
  const { root, signers, valid, refused } = vectors('signatures');
  const statements = vectors('statements').valid.map(({ envelope }) => Buffer.from(envelope));
  const authority = new crypto.X509Certificate(root);
  const certificates = Object.fromEntries(Object.entries(signers).map(([name, { certificate }]) => {
    const loaded = new crypto.X509Certificate(certificate);
    assert(loaded.checkIssued(authority) && loaded.verify(authority.publicKey));
    return [name, loaded];
  }));
  const holds = ({ statement, signer, signature_hex }) =>
    formats.isSigned(certificates[signer], hex(signature_hex), statements[statement]);
  for (const one of valid) assert(holds(one), `${one.signer} over ${one.statement}`);
  for (const one of refused) assert(!holds(one), `${one.signer}: ${one.why}`);
});

test('leaves', () => {
  for (const { record, salt_hex, commitment, leaf, leaf_hash } of vectors('leaves').certificates) {
    const made = formats.buildLeaf(formats.parseCanonical(Buffer.from(record)), hex(salt_hex));
    assert.strictEqual(made.toString(), leaf);
    assert.strictEqual(JSON.parse(leaf).commitment, commitment);
    assert.strictEqual(formats.leafHash(made).toString('hex'), leaf_hash);
  }
});

test('proofs', () => {
  const { roots, inclusion } = vectors('proofs');
  const rootAt = Object.fromEntries(roots.map(({ size, root }) => [size, root]));
  for (const { index, size, proof } of inclusion) {
    const leaf = formats.leafHash(Buffer.from(`leaf ${index}`));
    const hashes = proof.map(hex);
    assert.strictEqual(formats.rootOf(leaf, index, size, hashes).toString('hex'), rootAt[size]);
    const other = formats.leafHash(Buffer.from('another leaf'));
    assert.notStrictEqual(formats.rootOf(other, index, size, hashes).toString('hex'), rootAt[size]);
    assert.throws(() => formats.rootOf(leaf, index, size, [...hashes, leaf]));
    if (proof.length > 0) assert.throws(() => formats.rootOf(leaf, index, size, hashes.slice(1)));
  }
});

test('checkpoints and statuses', () => {
  const { vkey, notes, statuses } = vectors('checkpoints');
  const log = formats.parseVerifierKey(vkey);
  const rootAt = Object.fromEntries(vectors('proofs').roots.map(({ size, root }) => [size, root]));
  for (const { size, note } of notes) {
    const opened = formats.openCheckpoint(note, log);
    assert.deepStrictEqual([opened.size, opened.root.toString('hex')], [size, rootAt[size]]);
    assert.throws(() => formats.openCheckpoint(note.replace(`\n${size}\n`, `\n${size + 1}\n`), log));
  }
  for (const { signed: { status, signature, key }, signing_input_base64 } of statuses) {
    const input = formats.statusSigningInput(status);
    assert.strictEqual(input.toString('base64'), signing_input_base64);
    assert.strictEqual(key, log.name);
    assert(crypto.verify(null, input, log.key, Buffer.from(signature, 'base64')));
  }
});
