import { join } from 'node:path';

/** Where things lie in a network's data folder. `ledger` is the engine's alone; the rest is read by people too. */
export function dataFolder(root: string) {
  return {
    root,
    manifest: join(root, 'manifest.json'),
    genesis: join(root, 'genesis.json'),
    /** Whose node is which, where nodes have allowlists. */
    nodes: join(root, 'nodes.json'),
    ledger: join(root, 'ledger'),
    /** What each member's machine gets: settings, units, compose file. */
    hosts: join(root, 'hosts'),
    /** One folder for each validator that runs here. */
    validators: join(root, 'validators'),
    deployerKeystore: join(root, 'deployer.jwe'),
    deployerPassphrase: join(root, 'deployer.passphrase'),
    deploymentJournal: join(root, 'deployment-journal.json'),
    deployment: join(root, 'deployment.json'),
  } as const;
}
