import type { Clock } from '../clock.ts';
import { dataFolder } from '../data-folder.ts';
import type { ValidatorSettings } from '../engines/kaia/arguments.ts';
import { buildKaiaBinaries } from '../engines/kaia/binary/build-binaries.ts';
import { kaiaFinality } from '../engines/kaia/finality.ts';
import { validatorFolder } from '../engines/kaia/folders.ts';
import { kaiaGenesis } from '../engines/kaia/genesis.ts';
import { kaiaHealth, kaiaPeers } from '../engines/kaia/health.ts';
import { KaiaEngine, type KaiaEngineOptions } from '../engines/kaia/kaia-engine.ts';
import { createNodeKey, readNodeIdentity } from '../engines/node-key.ts';
import { NodeError } from '../errors.ts';
import { folderBytes } from '../folder-bytes.ts';
import { readJsonFile, writeJsonFile } from '../json-file.ts';
import type { Manifest, ManifestValidator } from '../manifest/manifest.ts';
import type { NetworkEngine } from './network-engine.ts';

/** A validator for each member that the manifest names, all on this machine. */
export function kaiaNetwork(manifest: Manifest, validators: readonly ManifestValidator[], dataDir: string): NetworkEngine {
  const folder = dataFolder(dataDir);
  const settings = validators.map((validator) => settingsOf(manifest, validator));
  return {
    finality: kaiaFinality,
    nodes: settings.map(({ member, rpcPort }) => ({ member, endpoint: `http://127.0.0.1:${rpcPort}` })),
    build: async (hooks) => {
      await buildKaiaBinaries(hooks);
    },
    prepare: async (clock, onStep) => {
      onStep('validators');
      const keys = settings.map(({ member }) => validatorFolder(folder.validators, member).key);
      for (const key of keys) createNodeKey(key);
      onStep('genesis');
      makeGenesisOnce(
        folder.genesis,
        manifest.chainId,
        keys.map(readNodeIdentity).map(({ address }) => address),
        clock,
      );
    },
    run: async ({ log, onProgress, signal }) => {
      const binaries = await buildKaiaBinaries({ onProgress, signal });
      const engine = kaiaEngine(manifest, validators, dataDir, {
        binaries,
        keepUp: true,
        onCrash: (member, status, signal) => log.error({ member, status, signal }, 'a validator ended; it is started again'),
      });
      await engine.start();
      const nodes = engine.validators.map((validator) => ({ member: validator.member, endpoint: validator.endpoint() }));
      // One validator's end is no end of the network, and it is started again.
      return { nodes, failed: new Promise<NodeError>(() => {}), stop: () => engine.stop() };
    },
    state: async ({ endpoint }, clock) => {
      const [health, peers] = await Promise.all([kaiaHealth(endpoint, clock.now()), kaiaPeers(endpoint)]);
      return { ...health, peers };
    },
    diskBytes: () => folderBytes(folder.validators),
  };
}

/** All validators of a folder that was prepared, none running. Errors: NODE_KEY_UNREADABLE. */
export function kaiaEngine(
  manifest: Manifest,
  validators: readonly ManifestValidator[],
  dataDir: string,
  options: Pick<KaiaEngineOptions, 'binaries' | 'keepUp' | 'onCrash'>,
): KaiaEngine {
  const folder = dataFolder(dataDir);
  return new KaiaEngine({
    ...options,
    chainId: manifest.chainId,
    genesisFile: folder.genesis,
    validatorsFolder: folder.validators,
    validators: validators.map((validator) => settingsOf(manifest, validator)),
  });
}

function settingsOf({ members }: Manifest, { member, ports }: ManifestValidator): ValidatorSettings {
  const host = members.find(({ id }) => id === member)?.host ?? '127.0.0.1';
  return { member, host, rpcPort: ports.rpc, peerPort: ports.peer };
}

function readGenesis(file: string): GenesisFile | undefined {
  try {
    return readJsonFile(file) as GenesisFile | undefined;
  } catch (error) {
    throw new NodeError('NODE_DATA_HALF_MADE', { file }, { cause: error });
  }
}

interface GenesisFile {
  readonly config: { readonly chainId: number };
  readonly timestamp: string;
}

/** The genesis of an interrupted run must be the one that this run would make at its time. */
function makeGenesisOnce(file: string, chainId: number, validators: readonly string[], clock: Clock): void {
  const found = readGenesis(file);
  const timestamp = found === undefined ? Math.floor(clock.now() / 1000) : Number(found.timestamp);
  const genesis = kaiaGenesis({ chainId, timestamp, validators });
  if (found === undefined) {
    writeJsonFile(file, genesis);
    return;
  }
  if (found.config.chainId !== chainId)
    throw new NodeError('NODE_DATA_OTHER_CHAIN', { file, found: found.config.chainId, expected: chainId });
  if (JSON.stringify(found) !== JSON.stringify(genesis)) throw new NodeError('NODE_DATA_OTHER_GENESIS', { file });
}
