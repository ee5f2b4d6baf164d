import { type ForkEvidence, readForkEvidence } from '../audit/fork-evidence.ts';
import { judgeFork } from '../audit/judge-fork.ts';
import { sameAddress } from '../domain/ids.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { reportFork as reportCall } from '../ports/ledger-calls.ts';
import type { Modules } from './modules.ts';

export type ReportForkOutput = {
  readonly id: ForkEvidence['extendedRoot'];
  readonly member: ForkEvidence['member'];
  /** False when somebody had shown this contradiction before. */
  readonly recorded: boolean;
  /** The block it was recorded in, or, if it was before, the newest one here. */
  readonly block: number;
};

/**
 * Brings evidence of a fork before the chain, which judges it and remembers. Checked here first, so that nothing is sent that must fail. Never waits for a fresh
 * block; making the same call again does nothing twice. Refuses with the FORK_ codes, MEMBER_UNKNOWN, and what the contract says.
 */
export const reportFork = async (
  { ledger, writer }: Pick<Modules, 'ledger' | 'writer'>,
  { evidence: given }: { readonly evidence: unknown },
): Promise<Result<ReportForkOutput>> => {
  const read = readForkEvidence(given);
  if (!read.ok) return read;
  const evidence = read.value;
  const judged = judgeFork(evidence);
  if (!judged.ok) return judged;
  if (evidence.chainId !== ledger.chainId || !sameAddress(evidence.anchor, ledger.address('audit-anchor')))
    return refuse('FORK_EVIDENCE_FOREIGN', { chain: evidence.chainId, contract: evidence.anchor });
  const view = ledger.head();
  const member = view.member(evidence.member);
  if (member === undefined) return refuse('MEMBER_UNKNOWN', { member: evidence.member });
  for (const { account } of [evidence.first, evidence.second]) {
    if (account === null || [member.account, ...member.formerAccounts].some((held) => sameAddress(held, account))) continue;
    return refuse('FORK_ACCOUNT_FOREIGN', { member: member.id, account });
  }
  const included = await writer.submit(reportCall(evidence));
  const told = { id: judged.value.id, member: member.id };
  if (included.ok) return ok({ ...told, recorded: true, block: included.value.block });
  return included.refusal.detail.error === 'ForkJudgeKnown' ? ok({ ...told, recorded: false, block: view.block.number }) : included;
};
