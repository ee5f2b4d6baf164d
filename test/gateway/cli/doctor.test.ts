import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { encodeBytes32String } from 'ethers';
import { generateKeyMaterial } from '../../../gateway/adapters/keys/key-material.ts';
import { readKeystore, replaceKeystore } from '../../../gateway/adapters/keys/keystore-file.ts';
import { type Examination, examineGateway } from '../../../gateway/cli/doctor/examine-gateway.ts';
import { type MistakeName, mistakes } from '../../../gateway/cli/doctor/mistakes.ts';
import { setEndpoint } from '../../../gateway/ports/ledger-calls.ts';
import { type GatewayNetwork, good, startGatewayNetwork } from '../../helpers/gateway-network.ts';

const own = 'grid-qinchuan';
const other = 'bank-changan';
const passphrase = 'passphrase of a test';

type Config = {
  readonly client: { readonly port: number };
  readonly peer: { readonly port: number };
  readonly ledger: { readonly url: string; readonly chainId: number; readonly directory: string };
};

describe('xinshu gateway doctor', function () {
  this.timeout(120_000);
  let network: GatewayNetwork;
  const met = new Set<MistakeName>();
  const at = (name: string): string => join(network.folder(own), name);
  const findings = async (more: Partial<Examination> = {}): Promise<MistakeName[]> => {
    const usual = { folder: network.folder(own), clock: { now: Date.now }, freeBytes: async () => 10 * 1024 ** 3 };
    const found = await examineGateway({ ...usual, ...more });
    for (const { name } of found) met.add(name);
    return found.map(({ name }) => name);
  };
  const config = async (): Promise<Config> => JSON.parse(await readFile(at('config.json'), 'utf8')) as Config;
  /** What is found with another file in the place of this one. */
  const withFile = async (name: string, change: (path: string) => Promise<void>): Promise<MistakeName[]> => {
    const kept = `${at(name)}.kept`;
    await writeFile(kept, await readFile(at(name)), { mode: 0o600 });
    try {
      await change(at(name));
      return await findings();
    } finally {
      await rename(kept, at(name));
    }
  };
  const withConfig = (changes: (config: Config) => object): Promise<MistakeName[]> =>
    withFile('config.json', async (path) => writeFile(path, JSON.stringify(changes(await config()))));

  before(async () => {
    network = await startGatewayNetwork([own, other]);
    for (const away of ['gov-credit', 'fin-weihe', 'chain-hub', 'audit-office'])
      await network.administer('suspend', [encodeBytes32String(away), encodeBytes32String('away')]);
    // As in production: the ports stand in the configuration.
    const { clientUrl, peerUrl } = network.gateway(own);
    const written = await config();
    const ports = {
      client: { ...written.client, port: Number(new URL(clientUrl).port) },
      peer: { ...written.peer, port: Number(new URL(peerUrl).port) },
    };
    await writeFile(at('config.json'), JSON.stringify({ ...written, ...ports }));
  });
  after(() => network.remove());

  it('finds nothing where nothing is wrong', async () => {
    expect(await findings()).to.deep.equal([]);
  });

  it('finds what is wrong in the folder', async () => {
    expect(await withConfig((written) => ({ ...written, colour: 'red' }))).to.deep.equal(['config-faulty']);
    await chmod(at('passphrase'), 0o644);
    expect(await findings()).to.deep.equal(['passphrase-faulty']);
    await chmod(at('passphrase'), 0o600);
    expect(await withFile('passphrase', (path) => writeFile(path, 'another\n'))).to.deep.equal(['keystore-closed']);
    const stranger = await generateKeyMaterial(other, Date.now());
    expect(await withFile('keystore.jwe', (path) => replaceKeystore(path, stranger, passphrase))).to.deep.equal(['keystore-of-another']);
    expect(await findings({ freeBytes: async () => 1024 ** 2 })).to.deep.equal(['disk-full']);
  });

  it('finds keys and account that are not those on chain', async () => {
    const held = await readKeystore(at('keystore.jwe'), passphrase);
    const withKeys = (changes: Partial<typeof held>) =>
      withFile('keystore.jwe', (path) => replaceKeystore(path, { ...held, ...changes }, passphrase));
    const { account, note } = await generateKeyMaterial(own, Date.now());
    expect(await withKeys({ account, note })).to.deep.equal(['key-not-registered', 'account-other']);
    const { tls } = await generateKeyMaterial(own, Date.now());
    expect(await withKeys({ tls })).to.deep.equal(['key-not-registered', 'port-of-another']);
    const old = await generateKeyMaterial(own, Date.now() - 800 * 86_400_000);
    expect(await withKeys({ tls: old.tls })).to.include('certificate-ending');
  });

  it('finds another node, chain, genesis or hour', async () => {
    const ledger = (changes: object) => withConfig((written) => ({ ...written, ledger: { ...written.ledger, ...changes } }));
    expect(await ledger({ url: 'http://127.0.0.1:1' })).to.deep.equal(['node-silent']);
    expect(await ledger({ chainId: 7 })).to.deep.equal(['chain-other']);
    expect(await ledger({ directory: `0x${'12'.repeat(20)}` })).to.deep.equal(['genesis-other']);
    expect(await findings({ clock: { now: () => Date.now() - 3_600_000 } })).to.deep.equal(['clock-off']);
    expect(await withConfig((written) => ({ ...written, member: 'heat-works' }))).to.include('not-admitted');
  });

  it('finds ports and endpoints that do not lead here', async () => {
    expect(await withConfig((written) => ({ ...written, peer: { ...written.peer, port: 4 } }))).to.deep.equal(['endpoint-other']);
    const { peerUrl, modules } = network.gateway(own);
    good(await modules.writer.submit(setEndpoint('https://127.0.0.1:1')));
    expect(await findings()).to.deep.equal(['endpoint-other', 'port-closed']);
    // Another member's gateway at the own endpoint.
    good(await modules.writer.submit(setEndpoint(network.gateway(other).peerUrl)));
    expect(await findings()).to.deep.equal(['endpoint-other', 'port-of-another']);
    good(await modules.writer.submit(setEndpoint(peerUrl)));
    const theirs = network.gateway(other).modules.writer;
    good(await theirs.submit(setEndpoint(peerUrl)));
    expect(await findings()).to.deep.equal(['peer-not-pinned']);
    good(await theirs.submit(setEndpoint('https://127.0.0.1:1')));
    expect(await findings()).to.deep.equal(['peer-silent']);
    good(await theirs.submit(setEndpoint(network.gateway(other).peerUrl)));
  });

  it('finds a member that is suspended, and a gateway that can not decide', async () => {
    await network.administer('suspend', [encodeBytes32String(own), encodeBytes32String('test')]);
    expect(await findings()).to.include('not-active');
    await network.administer('resume', [encodeBytes32String(own)]);
    const client = (port: number) => withConfig((written) => ({ ...written, client: { ...written.client, port } }));
    const answer = 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';
    const stale = createServer((socket) => socket.end(answer));
    await new Promise<void>((resolve) => stale.listen(0, '127.0.0.1', resolve));
    expect(await client((stale.address() as { port: number }).port)).to.deep.equal(['mirror-stale']);
    stale.close();
    expect(await client(1)).to.deep.equal(['gateway-down']);
  });

  it('has met every mistake it knows', async () => {
    expect([...met].sort()).to.deep.equal(Object.keys(mistakes).sort());
    await rm(at('config.json'));
    expect(await findings()).to.deep.equal(['config-faulty']);
  });
});
