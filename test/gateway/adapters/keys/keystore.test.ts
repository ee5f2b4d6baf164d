import { createPublicKey, randomBytes, X509Certificate } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { verifyTypedData } from 'ethers';
import { CompactEncrypt, calculateJwkThumbprint, compactVerify, decodeProtectedHeader } from 'jose';
import { addKeys } from '../../../../gateway/adapters/keys/add-keys.ts';
import { createKeystore, type MemberProfile } from '../../../../gateway/adapters/keys/create-keystore.ts';
import { FileKeyRing } from '../../../../gateway/adapters/keys/file-key-ring.ts';
import { generateKeyMaterial, publicKeys } from '../../../../gateway/adapters/keys/key-material.ts';
import { openKeystore } from '../../../../gateway/adapters/keys/open-keystore.ts';
import { readPassphrase } from '../../../../gateway/adapters/keys/passphrase-file.ts';
import type { ErrorCode } from '../../../../gateway/domain/errors.ts';
import { XinshuError } from '../../../../gateway/domain/errors.ts';
import { fromHex } from '../../../../gateway/domain/hash.ts';
import type { Hex } from '../../../../gateway/domain/ids.ts';
import { tlsPin } from '../../../../gateway/domain/tls-pin.ts';
import { openSealed, seal, sealEntropyLength } from '../../../../gateway/sealing/jwe.ts';

const profile: MemberProfile = {
  id: 'bank-changan',
  name: 'Changan Bank',
  nameZh: '长安银行',
  sector: 'finance',
  roles: ['provider', 'consumer'],
  endpoint: 'https://127.0.0.1:18830',
};
const now = Date.UTC(2026, 0, 15);

const codeOf = async (work: Promise<unknown>): Promise<ErrorCode | undefined> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof XinshuError) return error.code;
    throw error;
  }
  return undefined;
};

describe('keystore', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'xinshu-keys-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('makes keys for every purpose, whose public halves are in member.json', async () => {
    const member = await createKeystore(folder, profile, 'correct horse', now);
    expect(member.keys.map(({ purpose, suite }) => `${purpose} ${suite}`)).to.deep.equal([
      'sign ed25519',
      'seal x25519',
      'note ed25519',
      'tls sha256-spki',
    ]);
    expect(JSON.parse(await readFile(join(folder, 'member.json'), 'utf8'))).to.deep.equal(member);
    const keys = await openKeystore(join(folder, 'keystore.jwe'), 'correct horse', openSealed);
    expect(keys.account).to.equal(member.account);
    expect(keys.member).to.equal(profile.id);
    expect(tlsPin(keys.tls().certificate)).to.equal(member.keys[3]?.data);
    expect((await stat(join(folder, 'keystore.jwe'))).mode & 0o777).to.equal(0o600);
  });

  it('signs JWS that jose verifies with the registered key, the same bytes each time', async () => {
    const member = await createKeystore(folder, profile, 'p', now);
    const keys = await openKeystore(join(folder, 'keystore.jwe'), 'p', openSealed);
    const jws = await keys.sign('test+jws', { v: 1, text: '信枢' });
    expect(await keys.sign('test+jws', { v: 1, text: '信枢' })).to.equal(jws);
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(fromHex(member.keys[0]?.data ?? '0x')).toString('base64url') };
    const { payload } = await compactVerify(jws, createPublicKey({ key: jwk, format: 'jwk' }));
    expect(JSON.parse(new TextDecoder().decode(payload))).to.deep.equal({ v: 1, text: '信枢' });
    expect(decodeProtectedHeader(jws)).to.deep.equal({ alg: 'EdDSA', typ: 'test+jws', kid: await calculateJwkThumbprint(jwk) });
  });

  it('opens what is sealed to its key, and nothing altered', async () => {
    const member = await createKeystore(folder, profile, 'p', now);
    const keys = await openKeystore(join(folder, 'keystore.jwe'), 'p', openSealed);
    const jwk = { kty: 'OKP', crv: 'X25519', x: Buffer.from(fromHex(member.keys[1]?.data ?? '0x')).toString('base64url') };
    const jwe = await new CompactEncrypt(Buffer.from('secret'))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', typ: 'test', ctx: 'usage' })
      .encrypt(createPublicKey({ key: jwk, format: 'jwk' }));
    expect(Buffer.from(await keys.open(jwe)).toString()).to.equal('secret');
    const parts = jwe.split('.');
    parts[3] = parts[3]?.startsWith('A') ? `B${parts[3].slice(1)}` : `A${parts[3]?.slice(1)}`;
    expect(await codeOf(keys.open(parts.join('.')))).to.equal('SEAL_UNOPENABLE');
  });

  it('seals for its own disk, bound to the context', async () => {
    await createKeystore(folder, profile, 'p', now);
    const keys = await openKeystore(join(folder, 'keystore.jwe'), 'p', openSealed);
    const again = await openKeystore(join(folder, 'keystore.jwe'), 'p', openSealed);
    const sealed = keys.sealLocal(Buffer.from('secret'), 'usage 1');
    expect(Buffer.from(sealed).includes('secret')).to.equal(false);
    expect(Buffer.from(again.openLocal(sealed, 'usage 1') ?? []).toString()).to.equal('secret');
    expect(keys.openLocal(sealed, 'usage 2')).to.equal(undefined);
    expect(
      keys.openLocal(
        sealed.map((byte, place) => (place === 14 ? byte ^ 1 : byte)),
        'usage 1',
      ),
    ).to.equal(undefined);
    expect(keys.openLocal(new Uint8Array(27), 'usage 1')).to.equal(undefined);
  });

  it('signs typed data with the account', async () => {
    await createKeystore(folder, profile, 'p', now);
    const keys = await openKeystore(join(folder, 'keystore.jwe'), 'p', openSealed);
    const domain = { name: 'Test', version: '1', chainId: 7 };
    const types = { Note: [{ name: 'text', type: 'string' }] };
    const signature = await keys.signTypedData(domain, types, { text: 'a' });
    expect(verifyTypedData(domain, types, { text: 'a' }, signature)).to.equal(keys.account);
  });

  it('makes a certificate that node reads, within its validity', async () => {
    await createKeystore(folder, profile, 'p', now);
    const certificate = new X509Certificate((await openKeystore(join(folder, 'keystore.jwe'), 'p', openSealed)).tls().certificate);
    expect(Date.parse(certificate.validFrom)).to.be.lessThan(now);
    expect(Date.parse(certificate.validTo)).to.be.greaterThan(now + 365 * 86_400_000);
    expect(certificate.subject).to.equal('CN=bank-changan');
  });

  it('KEYSTORE_EXISTS: never overwrites, and leaves no draft behind', async () => {
    await createKeystore(folder, profile, 'p', now);
    const before = await readFile(join(folder, 'keystore.jwe'), 'utf8');
    expect(await codeOf(createKeystore(folder, profile, 'q', now))).to.equal('KEYSTORE_EXISTS');
    expect(await readFile(join(folder, 'keystore.jwe'), 'utf8')).to.equal(before);
    expect((await readdir(folder)).sort()).to.deep.equal(['keystore.jwe', 'member.json']);
  });

  it('KEYSTORE_PASSPHRASE and KEYSTORE_UNREADABLE', async () => {
    await createKeystore(folder, profile, 'p', now);
    const path = join(folder, 'keystore.jwe');
    expect(await codeOf(openKeystore(path, 'wrong', openSealed))).to.equal('KEYSTORE_PASSPHRASE');
    expect(await codeOf(openKeystore(path, 'wrong', openSealed))).to.equal('KEYSTORE_PASSPHRASE');
    await writeFile(path, 'not a keystore');
    expect(await codeOf(openKeystore(path, 'p', openSealed))).to.equal('KEYSTORE_UNREADABLE');
  });

  it('holds keys that are made later beside the first', async () => {
    const member = await createKeystore(folder, profile, 'p', now);
    const path = join(folder, 'keystore.jwe');
    const ring = await FileKeyRing.open(path, 'p', openSealed);
    const old = { signer: ring.keys.signer, signed: await ring.keys.sign('a+jws', { n: 1 }) };
    const sealed = await sealTo(member.keys[1]!.data as Hex);
    const made = await addKeys(path, 'p', ['sign', 'seal', 'account'], [], now);
    expect(made.map(({ purpose }) => purpose)).to.deep.equal(['sign', 'seal']);
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect(ring.held().keys).to.have.length(4);
    await ring.refresh();
    const { keys, accounts } = ring.held();
    expect([keys.filter(({ rolled }) => rolled).map(({ data }) => data), accounts.length]).to.deep.equal([made.map(({ data }) => data), 2]);

    const [sign, note, tls] = [made[0]!.data, member.keys[2]!.data as Hex, member.keys[3]!.data as Hex];
    ring.use({ sign, note, tls, account: accounts[1]! });
    expect([ring.keys.account, ring.keys.signer === old.signer]).to.deep.equal([accounts[1], false]);
    // What an old key signed can be signed again to the byte, and what was sealed to one is opened.
    expect(await ring.keys.sign('a+jws', { n: 1 }, old.signer)).to.equal(old.signed);
    expect(await ring.keys.sign('a+jws', { n: 1 })).to.not.equal(old.signed);
    for (const text of [sealed, await sealTo(made[1]!.data)])
      expect(Buffer.from(await ring.keys.open(text)).toString()).to.equal('for the member');
    const stranger = await generateKeyMaterial('other', now);
    expect(await codeOf(ring.keys.open(await sealTo(publicKeys(stranger)[1]!.data)))).to.equal('SEAL_UNOPENABLE');
  });

  it('KEYSTORE_BUSY while another process changes it, KEY_NOT_HELD for a key of nobody here', async () => {
    await createKeystore(folder, profile, 'p', now);
    const path = join(folder, 'keystore.jwe');
    const before = await readFile(path);
    await writeFile(`${path}.lock`, String(process.pid));
    expect(await codeOf(addKeys(path, 'p', ['sign'], [], now))).to.equal('KEYSTORE_BUSY');
    // Of a process that is gone.
    await writeFile(`${path}.lock`, '999999999');
    expect(await codeOf(addKeys(path, 'p', [], [`0x${'00'.repeat(32)}`], now))).to.equal('KEY_NOT_HELD');
    expect((await readFile(path)).equals(before)).to.equal(true);
    expect(await readdir(folder)).to.have.members(['keystore.jwe', 'member.json']);
  });
});

const sealTo = async (recipient: Hex): Promise<string> => {
  const sealed = seal(recipient, Buffer.from('for the member'), { typ: 'test', context: 'test' }, randomBytes(sealEntropyLength));
  if (!sealed.ok) throw new Error(sealed.refusal.code);
  return sealed.value;
};

describe('passphrase file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'xinshu-passphrase-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('reads one that only its owner may read, without the line end', async () => {
    const path = join(folder, 'passphrase');
    await writeFile(path, 'correct horse\n', { mode: 0o600 });
    expect(await readPassphrase(path)).to.equal('correct horse');
  });

  it('PASSPHRASE_MODE for every mode but 0600', async () => {
    const path = join(folder, 'passphrase');
    await writeFile(path, 'p');
    for (const mode of [0o644, 0o640, 0o604, 0o660, 0o400]) {
      await chmod(path, mode);
      expect(await codeOf(readPassphrase(path)), mode.toString(8)).to.equal('PASSPHRASE_MODE');
    }
  });

  it('PASSPHRASE_UNREADABLE when absent or empty', async () => {
    expect(await codeOf(readPassphrase(join(folder, 'none')))).to.equal('PASSPHRASE_UNREADABLE');
    await writeFile(join(folder, 'empty'), '\n', { mode: 0o600 });
    expect(await codeOf(readPassphrase(join(folder, 'empty')))).to.equal('PASSPHRASE_UNREADABLE');
  });
});
