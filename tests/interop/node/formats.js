// Tashika's formats beyond the wire, in another language than the one that they were written in: numbers and keys as
// people type them, canonical JSON, signatures over statements, leaves, proofs and signed notes of the log.
// The vectors in tests/vectors hold for it; README.md there says what each format is.
'use strict';

const crypto = require('node:crypto');

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const MAX_TYPED = 100;
const MAX_DEPTH = 32;

// White space of any width (JavaScript's \s lacks the separators of ASCII and U+0085), hyphens, invisible characters.
const SEPARATOR = new RegExp(
  '[\\s\\x1c-\\x1f\\x85' +
    '\\-\\xad\\u02d7\\u058a\\u1806\\u2010-\\u2015\\u2043\\u207b\\u208b\\u2212\\u2500\\u2501\\u2e3a\\u2e3b\\u30fc\\ufe31\\ufe32' +
    '\\ufe58\\ufe63\\uff0d\\uff70' +
    '\\u200b-\\u200f\\u2060\\ufeff]', 'u');

const sha256 = (...parts) => crypto.createHash('sha256').update(Buffer.concat(parts)).digest();

class FormatError extends Error {
  constructor(code, position) {
    super(code);
    Object.assign(this, { code, position });
  }
}

// Code points without separators; one that stands for one other in another width is that other.
function significant(typed) {
  return [...typed].filter((char) => !SEPARATOR.test(char)).map((char) => {
    const folded = char.normalize('NFKC');
    return [...folded].length === 1 ? folded : char;
  });
}

// Luhn's check character over the first `base` characters of the alphabet: the last character counts twice.
function luhn(characters, base) {
  const total = [...characters].reverse().reduce((sum, char, place) => {
    const value = ALPHABET.indexOf(char) * (place % 2 ? 1 : 2);
    return sum + (value >= base ? value - base + 1 : value);
  }, 0);
  return ALPHABET[(base - (total % base)) % base];
}

function normalise(typed, { name, length, base, fold }) {
  if ([...typed].length > MAX_TYPED) throw new FormatError(`${name}_LENGTH`);
  const characters = significant(typed).map(fold);
  if (characters.length === 0) throw new FormatError(`${name}_EMPTY`);
  const wrong = characters.findIndex((char) => !ALPHABET.slice(0, base).includes(char));
  if (wrong >= 0) throw new FormatError(`${name}_CHARACTER`, wrong + 1);
  if (characters.length !== length) throw new FormatError(`${name}_LENGTH`);
  const text = characters.join('');
  if (luhn(text.slice(0, -1), base) !== text.at(-1)) throw new FormatError(`${name}_CHECK`);
  return text;
}

// The 14 digits of a guarantee contract number.
const normaliseNumber = (typed) => normalise(typed, { name: 'NUMBER', length: 14, base: 10, fold: (char) => char });

// The 20 characters of an authentication key. Only ASCII is made upper case: other letters' capitals may be ASCII.
const normaliseKey = (typed) => normalise(typed, {
  name: 'KEY', length: 20, base: 32,
  fold: (char) => (/^[a-z]$/i.test(char) ? char.toUpperCase().replace('O', '0').replace(/[IL]/, '1') : char),
});

function makeNumber(guarantorCode, fiscalYear, sequence) {
  const digits = (value, length) => String(value).padStart(length, '0');
  const payload = digits(guarantorCode, 2) + digits(fiscalYear % 100, 2) + digits(sequence, 9);
  return payload + luhn(payload, 10);
}

// A key from 12 random bytes, of which the first 95 bits count.
function makeKey(random) {
  const bits = BigInt(`0x${random.subarray(0, 12).toString('hex')}`) >> 1n;
  const payload = Array.from({ length: 19 }, (_, place) => ALPHABET[Number((bits >> BigInt(90 - 5 * place)) & 31n)]);
  return payload.join('') + luhn(payload, 32);
}

const formatKey = (key) => normaliseKey(key).match(/.{4}/g).join('-');

// Canonical JSON (RFC 8785) of strings, integers, booleans, lists and objects with ASCII names.
function canonical(value, depth = 0) {
  if (typeof value === 'string') {
    if (/\p{Surrogate}/u.test(value)) throw new FormatError('JSON_SURROGATE');
    return JSON.stringify(value);
  }
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new FormatError('JSON_NUMBER');
    return String(value);
  }
  if (typeof value !== 'object' || value === null) throw new FormatError('JSON_TYPE');
  if (depth >= MAX_DEPTH) throw new FormatError('JSON_TOO_DEEP');
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(',')}]`;
  const members = Object.keys(value).sort().map((name) => {
    if (!/^[\x00-\x7f]*$/.test(name)) throw new FormatError('JSON_NAME');
    return `${JSON.stringify(name)}:${canonical(value[name], depth + 1)}`;
  });
  return `{${members.join(',')}}`;
}

const canonicalBytes = (value) => Buffer.from(canonical(value), 'utf8');

// The value of bytes that are just its canonical form: no other order, spacing, escape or spelling of a number.
function parseCanonical(bytes) {
  const value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  if (!canonicalBytes(value).equals(bytes)) throw new FormatError('JSON_NOT_CANONICAL');
  return value;
}

// What a guarantor signs: the envelope with what it is for, so that no other signature can be taken for this one.
const signingInput = (envelope) => Buffer.concat([Buffer.from('tashika-statement/1\0'), envelope]);

// Whether the certificate's key signed the statement. The key's type fixes the algorithm: nobody chooses it.
function isSigned(certificate, signature, envelope) {
  const { publicKey: key } = certificate;
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails;
  const message = signingInput(envelope);
  if (namedCurve === 'prime256v1') return crypto.verify('sha256', message, { key, dsaEncoding: 'der' }, signature);
  if (key.asymmetricKeyType !== 'rsa' || modulusLength < 2048) return false;
  return crypto.verify('sha256', message, { key, padding: crypto.constants.RSA_PKCS1_PSS_PADDING }, signature);
}

// The leaf of a record in the log: it shows the issuer, and commits to the rest.
function buildLeaf(record, salt) {
  const commitment = sha256(Buffer.from('tashika-leaf/1\0'), salt, sha256(canonicalBytes(record))).toString('hex');
  return canonicalBytes({ format: 'tashika-leaf/1', kind: 'CERTIFICATE', issuer: record.issuer, commitment });
}

// RFC 6962: leaves and nodes are hashed apart.
const leafHash = (leaf) => sha256(Buffer.of(0), leaf);
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);

// The root that an inclusion proof leads to (RFC 9162 section 2.1.3.2).
function rootOf(leaf, index, size, proof) {
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) throw new FormatError('PROOF_TOO_LONG');
    if (node % 2 || node === last) {
      hash = nodeHash(sibling, hash);
      while (node % 2 === 0 && node > 0) [node, last] = [node >> 1, last >> 1];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [node >> 1, last >> 1];
  }
  if (last !== 0) throw new FormatError('PROOF_TOO_SHORT');
  return hash;
}

// The key of the log from its line `name+id+base64(0x01, key)`.
function parseVerifierKey(line) {
  const name = line.slice(0, line.indexOf('+'));
  const material = Buffer.from(line.slice(line.indexOf('+', name.length + 1) + 1), 'base64');
  const id = sha256(Buffer.from(`${name}\n`), material).subarray(0, 4);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: material.subarray(1).toString('base64url') };
  return { name, id, key: crypto.createPublicKey({ key: jwk, format: 'jwk' }) };
}

// Origin, size and root of a checkpoint that the log signed (C2SP signed-note and tlog-checkpoint).
function openCheckpoint(note, { name, id, key }) {
  const end = note.lastIndexOf('\n\n') + 1;
  const signatures = note.slice(end + 1).trimEnd().split('\n').map((line) => line.split(' '));
  const [, , encoded] = signatures.find(([dash, signer]) => dash === '\u2014' && signer === name);
  const material = Buffer.from(encoded, 'base64');
  const text = Buffer.from(note.slice(0, end));
  if (!material.subarray(0, 4).equals(id) || !crypto.verify(null, text, key, material.subarray(4))) {
    throw new FormatError('NOTE_SIGNATURE');
  }
  const [origin, size, root] = text.toString().split('\n');
  return { origin, size: Number(size), root: Buffer.from(root, 'base64') };
}

const statusSigningInput = (status) => Buffer.concat([Buffer.from('tashika-status/1\0'), canonicalBytes(status)]);

module.exports = {
  buildLeaf, canonicalBytes, formatKey, isSigned, leafHash, makeKey, makeNumber, normaliseKey, normaliseNumber,
  openCheckpoint, parseCanonical, parseVerifierKey, rootOf, sha256, signingInput, statusSigningInput,
};
