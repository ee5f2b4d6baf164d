import { chainSignatureIn } from '../audit/chain-signature.ts';
import { checkpointDomain, checkpointMessage, logSuite, parseCheckpoint, parseLogOrigin } from '../audit/checkpoint.ts';
import { type ForkEvidence, type ForkStatement, forkEvidence } from '../audit/fork-evidence.ts';
import { readNote } from '../audit/note.ts';
import { toHex } from '../domain/hash.ts';
import type { Modules } from './modules.ts';
import { reportFork } from './report-fork.ts';
import type { Contradiction } from './witness-memory.ts';

type ReportModules = Pick<Modules, 'ledger' | 'writer' | 'documents' | 'log'>;

/** Brings before the chain what this witness holds of members that signed two histories. Resolves with how many are still to be brought. */
export const reportContradictions = async (modules: ReportModules): Promise<number> => {
  let left = 0;
  for await (const [origin, contradiction] of modules.documents.list<Contradiction>('contradiction')) {
    if (contradiction.reported) continue;
    const evidence = evidenceOf(modules, origin, contradiction);
    const reported = evidence === undefined ? undefined : await reportFork(modules, { evidence });
    if (reported?.ok === true) {
      await modules.documents.put<Contradiction>('contradiction', origin, { ...contradiction, reported: true });
      modules.log.warn({ member: reported.value.member, block: reported.value.block }, 'fork brought before the chain');
    } else {
      left += 1;
      modules.log.warn({ origin, outcome: reported?.refusal.code ?? 'FORK_EVIDENCE_MALFORMED' }, 'fork not brought before the chain');
    }
  }
  return left;
};

const evidenceOf = ({ ledger }: ReportModules, origin: string, { notes }: Contradiction): object | undefined => {
  const named = parseLogOrigin(origin, ledger.chainId);
  const member = named === undefined ? undefined : ledger.head().member(named.member);
  if (named === undefined || member === undefined) return undefined;
  const anchor = ledger.address('audit-anchor');
  const [one, other] = notes.map((text): ForkStatement | undefined => {
    const note = readNote(text);
    const checkpoint = note.ok ? parseCheckpoint(note.value.text, origin) : note;
    if (!note.ok || !checkpoint.ok) return undefined;
    const { size, root } = checkpoint.value;
    const message = checkpointMessage(member.id, named.log, size, root);
    for (const account of [member.account, ...member.formerAccounts]) {
      const signature = chainSignatureIn(note.value, origin, account, checkpointDomain(ledger.chainId, anchor), message);
      if (signature !== undefined) return { size, root: toHex(root), account, signature };
    }
    return undefined;
  });
  if (one === undefined || other === undefined) return undefined;
  const log: Pick<ForkEvidence, 'chainId' | 'anchor' | 'member' | 'log' | 'suite'> = {
    chainId: ledger.chainId,
    anchor,
    member: member.id,
    log: named.log,
    suite: logSuite,
  };
  // Two of one size: no way from the one to the other is needed.
  return { kind: 'xinshu-fork-evidence', version: 1, ...forkEvidence(log, one, other, { fromRoot: other.root, proof: [] }) };
};
