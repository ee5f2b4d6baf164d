import { join } from 'node:path';

/** Where the things of one validator lie. `node` is kcn's alone and may be lost: the other validators have it all. The key may not. */
export function validatorFolder(validators: string, member: string) {
  const root = join(validators, member);
  return {
    root,
    key: join(root, 'node.key'),
    node: join(root, 'node'),
    /** What `kcn init` makes. */
    chain: join(root, 'node', 'klay', 'chaindata'),
    staticNodes: join(root, 'node', 'static-nodes.json'),
    log: join(root, 'kcn.log'),
  } as const;
}
