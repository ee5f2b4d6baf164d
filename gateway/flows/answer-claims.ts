import type { BlockRef } from '../domain/registry-state.ts';
import type { Asked } from './asked-usage.ts';
import type { Modules } from './modules.ts';

/** What every signed answer to this request says, whatever its outcome. `block` is the one it was decided on. */
export const answerClaims = ({ member, ledger, clock, policy }: Modules, { from, hash, request }: Asked, block: BlockRef) => {
  const iat = Math.floor(clock.now() / 1000);
  return {
    v: 1 as const,
    chain: ledger.chainId,
    iss: member,
    aud: from,
    iat,
    exp: iat + policy.limits.requestSeconds,
    usage: request.usage,
    request: hash,
    block: { number: block.number, hash: block.hash },
    dataset: request.dataset,
  };
};
