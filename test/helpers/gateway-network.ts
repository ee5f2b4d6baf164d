import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { generateKeyMaterial, publicKeys } from '../../gateway/adapters/keys/key-material.ts';
import { writeKeystore } from '../../gateway/adapters/keys/keystore-file.ts';
import type { ErrorCode } from '../../gateway/domain/errors.ts';
import type { Hex } from '../../gateway/domain/ids.ts';
import type { Result } from '../../gateway/domain/result.ts';
import { addKey, setEndpoint } from '../../gateway/ports/ledger-calls.ts';
import { type Gateway, startGateway } from '../../gateway/start-gateway.ts';
import { type AdministeredChain, administrator, startAdministeredChain } from './administered-chain.ts';
import { testAccount } from './member-documents.ts';

export type GatewayNetwork = {
  readonly chain: AdministeredChain;
  /** Data folder of a member's gateway. */
  folder(member: string): string;
  gateway(member: string): Gateway;
  /** Stops a gateway; `start` brings it up again on the same folder, at a new port. */
  stop(member: string): Promise<void>;
  start(member: string): Promise<Gateway>;
  /** As the administrator: suspend, resume, remove. */
  administer(method: string, args: readonly unknown[]): Promise<void>;
  /** Until every gateway's mirror has the chain's newest block. */
  settled(): Promise<void>;
  remove(): Promise<void>;
};

/** The value of a result that must be good. */
export const good = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`refused with ${result.refusal.code} ${JSON.stringify(result.refusal.detail)}`);
  return result.value;
};
/** The code of a result that must be refused. */
export const codeOf = (result: Result<unknown>): ErrorCode | 'ok' => (result.ok ? 'ok' : result.refusal.code);

const silent = pino({ level: 'silent' });

/**
 * Real gateways, with all their parts, of members of the demo consortium on a real embedded ledger; only the process they run in is the test's own. Their keys are
 * made here and registered by the members' accounts. `overrides` go into config.json.
 */
export const startGatewayNetwork = async (
  members: readonly string[],
  overrides: (member: string) => Readonly<Record<string, unknown>> = () => ({}),
): Promise<GatewayNetwork> => {
  const chain = await startAdministeredChain();
  const root = await mkdtemp(join(tmpdir(), 'xinshu-gateways-'));
  const running = new Map<string, Gateway>();
  const folder = (member: string): string => join(root, member);

  const prepare = async (member: string): Promise<void> => {
    await mkdir(folder(member), { recursive: true });
    const account = testAccount(member);
    const material = { ...(await generateKeyMaterial(member, Date.now())), account: account.privateKey as Hex };
    await writeKeystore(join(folder(member), 'keystore.jwe'), material, 'passphrase of a test');
    await writeFile(join(folder(member), 'passphrase'), 'passphrase of a test\n', { mode: 0o600 });
    const config = {
      version: 1,
      member,
      ledger: { url: chain.endpoint, chainId: chain.chainId, directory: chain.contracts.directory },
      client: { host: '127.0.0.1', port: 0 },
      peer: { host: '127.0.0.1', port: 0 },
      checkpoint: { everySeconds: 3600 },
      anchor: { everySeconds: 3600 },
      log: { level: 'silent' },
      ...overrides(member),
    };
    await writeFile(join(folder(member), 'config.json'), JSON.stringify(config));
    for (const { purpose, suite, data } of publicKeys(material)) {
      const { method, args } = addKey(purpose, suite, data);
      await chain.send(account, 'member-registry', method, args);
    }
  };

  const start = async (member: string): Promise<Gateway> => {
    const gateway = await startGateway({
      folder: folder(member),
      log: silent,
      onFatal: (error) => {
        throw error;
      },
    });
    running.set(member, gateway);
    if (gateway.modules.ledger.head().member(gateway.modules.member)?.endpoint !== gateway.peerUrl)
      good(await gateway.modules.writer.submit(setEndpoint(gateway.peerUrl)));
    return gateway;
  };

  const settled = async (): Promise<void> => {
    const head = await chain.provider.getBlockNumber();
    for (const [member, { modules }] of running)
      if (!(await modules.ledger.reached(head, 10_000))) throw new Error(`the mirror of ${member} did not reach block ${head}`);
  };

  for (const member of members) await prepare(member);
  for (const member of members) await start(member);
  await settled();
  return {
    chain,
    folder,
    gateway: (member) => {
      const gateway = running.get(member);
      if (gateway === undefined) throw new Error(`no gateway of ${member} is running`);
      return gateway;
    },
    stop: async (member) => {
      await running.get(member)?.close();
      running.delete(member);
    },
    start: async (member) => {
      const gateway = await start(member);
      await settled();
      return gateway;
    },
    administer: async (method, args) => {
      await chain.send(administrator, 'member-registry', method, args);
      await settled();
    },
    settled,
    remove: async () => {
      for (const gateway of [...running.values()].reverse()) await gateway.close();
      await chain.remove();
      await rm(root, { recursive: true, force: true });
    },
  };
};
