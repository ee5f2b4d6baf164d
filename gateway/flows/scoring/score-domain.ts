import type { Address, Hex } from '../../domain/ids.ts';
import { type ScoreDomain, scoreDomain } from '../../domain/score-session.ts';
import type { Modules } from '../modules.ts';

/** What sessions and commitments of this chain are signed under. */
export const scoreDomainOf = ({ ledger }: Pick<Modules, 'ledger'>): ScoreDomain =>
  scoreDomain(ledger.chainId, ledger.address('score-registry'));

/** The contract that can judge a proof of a session on chain. */
export const verifierOf = ({ ledger }: Pick<Modules, 'ledger'>): Address => ledger.address('score-verifier');

/** What the terms of an unproven session name. */
export const noVerifier = { verifier: `0x${'00'.repeat(20)}` as Address, verificationKey: `0x${'00'.repeat(32)}` as Hex } as const;
