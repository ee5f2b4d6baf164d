import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { computeAddress } from 'ethers';
import { dataFolder } from '../data-folder.ts';
import { openDeployerKeystore } from '../deployment/deployer-keystore.ts';
import { besuAllowlist } from '../engines/besu/allowlist.ts';
import { besuFinality } from '../engines/besu/finality.ts';
import { besuState } from '../engines/besu/health.ts';
import { besuNetworkFiles } from '../engines/besu/network-files.ts';
import { createNodeKey, readNodeIdentity } from '../engines/node-key.ts';
import { NodeError } from '../errors.ts';
import { folderBytes } from '../folder-bytes.ts';
import { writeFileDurably } from '../json-file.ts';
import type { Manifest, ManifestValidator } from '../manifest/manifest.ts';
import type { NetworkEngine } from './network-engine.ts';

/** A Besu node for each member that the manifest names, each on its member's machine and run by its own service: made here, not run here. */
export function besuNetwork(manifest: Manifest, validators: readonly ManifestValidator[], dataDir: string): NetworkEngine {
  const folder = dataFolder(dataDir);
  const nodes = validators.map(({ member, ports }) => ({ member, endpoint: `http://127.0.0.1:${ports.rpc}` }));
  return {
    finality: besuFinality,
    nodes,
    build: undefined,
    next: `take hosts/MEMBER of ${dataDir} to each member's machine, and its key from validators/MEMBER/node.key`,
    prepare: async (_, onStep) => {
      onStep('validators');
      const founders = validators.map((validator) => founderOf(manifest, validator, join(folder.validators, validator.member, 'node.key')));
      onStep('genesis');
      const deployer = computeAddress(await openDeployerKeystore(folder.deployerKeystore, folder.deployerPassphrase));
      const { network, chainId } = manifest;
      const files = besuNetworkFiles({ network, chainId, validators: founders, deployer });
      requireSameGenesis(folder.genesis, files.genesis);
      write(folder.genesis, files.genesis);
      write(folder.nodes, files.nodes);
      for (const [member, { settings, node }] of Object.entries(files.hosts)) {
        for (const [name, text] of Object.entries(settings)) write(join(folder.hosts, member, 'settings', name), text);
        for (const [name, text] of Object.entries(node)) write(join(folder.hosts, member, 'node', name), text);
      }
    },
    run: async () => {
      throw new NodeError('NODE_ENGINE_ELSEWHERE', { engine: 'besu', services: folder.hosts });
    },
    state: ({ endpoint }, clock) => besuState(endpoint, clock.now()),
    diskBytes: () => folderBytes(folder.validators),
    allowlist: ({ endpoint }, nodeFolder) => besuAllowlist({ folder: nodeFolder, endpoint }),
  };
}

function founderOf({ members }: Manifest, { member, ports }: ManifestValidator, key: string) {
  createNodeKey(key);
  const host = members.find(({ id }) => id === member)?.host ?? '127.0.0.1';
  return { member, host, rpcPort: ports.rpc, peerPort: ports.peer, ...readNodeIdentity(key) };
}

/** The genesis of an interrupted run must be the one that this run makes: the keys are the same, so another one means another manifest. */
function requireSameGenesis(file: string, genesis: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') !== genesis) throw new NodeError('NODE_DATA_OTHER_GENESIS', { file });
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileDurably(file, text);
}
