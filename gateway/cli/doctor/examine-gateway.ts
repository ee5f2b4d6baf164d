import { X509Certificate } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Wallet } from 'ethers';
import { allAccounts, allPublicKeys, type KeyMaterial } from '../../adapters/keys/key-material.ts';
import { readKeystore } from '../../adapters/keys/keystore-file.ts';
import { readPassphrase } from '../../adapters/keys/passphrase-file.ts';
import { type GatewayConfig, readConfig } from '../../config.ts';
import { XinshuError } from '../../domain/errors.ts';
import { keysInForce } from '../../domain/member-keys.ts';
import type { KeyPurpose, Member } from '../../domain/registry-state.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import type { Clock } from '../../ports/clock.ts';
import { examineChain } from './examine-chain.ts';
import type { Found, MistakeName, Say } from './mistakes.ts';
import { shownPin } from './shown-pin.ts';

const leastFreeBytes = 1024 ** 3;
const endingMs = 30 * 86_400_000;

export type Examination = {
  readonly folder: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly freeBytes?: (folder: string) => Promise<number>;
};

/** Everything that is wrong as far as can be seen from here; what rests on something wrong is left out. Changes nothing. */
export const examineGateway = async ({ folder, clock, freeBytes = freeOf }: Examination): Promise<readonly Found[]> => {
  const found: Found[] = [];
  const say: Say = (name, facts = {}) => void found.push({ name, facts });
  const free = await freeBytes(folder);
  if (free < leastFreeBytes) say('disk-full', { freeMiB: Math.floor(free / 1024 ** 2) });
  const config = await orSay(readConfig(join(folder, 'config.json')), 'config-faulty', say);
  const material = await readMaterial(folder, config, say);
  if (material !== undefined) {
    const ends = Date.parse(new X509Certificate((material.others?.tls.at(-1) ?? material.tls).certificate).validTo);
    if (ends - clock.now() < endingMs) say('certificate-ending', { ends: new Date(ends).toISOString() });
  }
  if (config === undefined) return found;
  await examineRunning(config, say);
  const view = await examineChain(config.ledger, clock, say);
  if (view === undefined) return found;
  const member = view.members().find(({ id }) => id === config.member);
  if (member === undefined) say('not-admitted', { member: config.member });
  else await examineMember(config, material, member, view, say);
  await examinePeers(config.member, view, say);
  return found;
};

const freeOf = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

const orSay = async <T>(work: Promise<T>, name: MistakeName, say: Say): Promise<T | undefined> => {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof XinshuError)) throw error;
    say(name, { code: error.code, ...error.detail });
    return undefined;
  }
};

const readMaterial = async (folder: string, config: GatewayConfig | undefined, say: Say): Promise<KeyMaterial | undefined> => {
  const passphrase = await orSay(readPassphrase(join(folder, 'passphrase')), 'passphrase-faulty', say);
  if (passphrase === undefined) return undefined;
  const material = await orSay(readKeystore(join(folder, 'keystore.jwe'), passphrase), 'keystore-closed', say);
  if (material === undefined || config === undefined || material.member === config.member) return material;
  say('keystore-of-another', { keystore: material.member, config: config.member });
  return undefined;
};

/** 503 is what `/health` says of a gateway that may not decide now. */
const examineRunning = async ({ client }: GatewayConfig, say: Say): Promise<void> => {
  const address = `http://${client.host}:${client.port}`;
  try {
    const answer = await fetch(`${address}/health`, { signal: AbortSignal.timeout(3_000) });
    if (answer.status === 503) say('mirror-stale', { address });
  } catch {
    say('gateway-down', { address });
  }
};

const purposes: readonly KeyPurpose[] = ['sign', 'seal', 'note', 'tls'];

const examineMember = async (
  { peer }: GatewayConfig,
  material: KeyMaterial | undefined,
  member: Member,
  view: RegistryView,
  say: Say,
): Promise<void> => {
  if (member.status !== 'active') say('not-active', { status: member.status });
  const port = URL.canParse(member.endpoint) ? Number(new URL(member.endpoint).port || 443) : 0;
  if (port !== peer.port) say('endpoint-other', { chain: member.endpoint, port: peer.port });
  const pin = await shownPin(member.endpoint);
  if (pin === undefined) say('port-closed', { endpoint: member.endpoint });
  if (material === undefined) return;
  const held = allPublicKeys(material);
  for (const purpose of purposes) {
    const inForce = keysInForce(member.keys, purpose, view.block.number);
    if (!held.some((key) => key.purpose === purpose && inForce.some(({ data }) => data === key.data)))
      say('key-not-registered', { purpose });
  }
  if (!allAccounts(material).some((account) => new Wallet(account).address === member.account))
    say('account-other', { chain: member.account });
  if (pin !== undefined && !held.some(({ data }) => data === pin)) say('port-of-another', { endpoint: member.endpoint });
};

const examinePeers = async (own: string, view: RegistryView, say: Say): Promise<void> => {
  const others = view.members().filter(({ id, status, endpoint }) => id !== own && status === 'active' && endpoint !== '');
  const pins = await Promise.all(others.map(({ endpoint }) => shownPin(endpoint)));
  others.forEach(({ id, endpoint, keys }, at) => {
    const pin = pins[at];
    if (pin === undefined) say('peer-silent', { member: id, endpoint });
    else if (!keysInForce(keys, 'tls', view.block.number).some(({ data }) => data === pin))
      say('peer-not-pinned', { member: id, endpoint });
  });
};
