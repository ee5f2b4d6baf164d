import { join } from 'node:path';
import type { Finding } from '../../../audit/finding.ts';
import { forkId, formatForkEvidence } from '../../../audit/fork-evidence.ts';
import { forkOfNotes } from '../../../audit/fork-of-notes.ts';
import { sha256Hex } from '../../../domain/hash.ts';
import type { MemberId } from '../../../domain/ids.ts';
import { type Chain, withChain } from '../../chain.ts';
import type { Context } from '../../context.ts';
import { CliFailure } from '../../failure.ts';
import { writeWhole } from '../../files.ts';
import { forkFinding } from '../compare-states.ts';
import type { Desk } from '../desk.ts';
import type { LogSource } from '../log-source.ts';
import type { AuditorState, FoundFork } from '../state.ts';
import { type Evident, exportEvidence } from './export-evidence.ts';

export type KeptEvidence = { readonly file: string; readonly kind: Finding['kind']; readonly member: string };

const keep = async (evident: Evident, folder: string, finding: Finding, fork?: FoundFork): Promise<KeptEvidence | undefined> => {
  const text = await exportEvidence(evident, finding, fork);
  if (text === undefined) return undefined;
  const { kind, member } = finding;
  const file = join(folder, `${kind}-${member}-${sha256Hex(text).slice(2, 14)}.json`);
  // Opened entries: for its owner's eyes until it is handed on.
  writeWhole(file, text);
  return { file, kind, member };
};

/** A file for each of these findings that anything signed speaks for. A gateway that no longer shows the entries leaves its finding without one. */
export const keepEvidence = async (
  context: Context,
  desk: Desk,
  sources: readonly LogSource[],
  folder: string | undefined,
  findings: readonly Finding[],
): Promise<readonly KeptEvidence[]> => {
  if (folder === undefined || findings.length === 0) return [];
  const byMember = new Map<MemberId, LogSource>();
  for (const source of sources) {
    try {
      byMember.set((await source.checkpoint()).member, source);
    } catch (failure) {
      if (!(failure instanceof CliFailure)) throw failure;
    }
  }
  const evident: Evident = { desk, network: context.network(), sourceOf: (member) => byMember.get(member) };
  const kept: KeptEvidence[] = [];
  for (const finding of findings) {
    try {
      const one = await keep(evident, folder, finding);
      if (one === undefined)
        context.terminal.note(`no evidence file for ${finding.kind} of ${finding.member}: nothing signed shows it by itself`);
      else kept.push(one);
    } catch (failure) {
      if (!(failure instanceof CliFailure)) throw failure;
      context.terminal.note(`${failure.code}: no evidence file for ${finding.kind} of ${finding.member}: ${failure.message}`);
    }
  }
  return kept;
};

/** The file that `xinshu audit report-fork` takes; undefined where the notes were not signed for the chain. */
const keepForChain = (chain: Chain, folder: string, { member: id, log, notes, other, proof }: FoundFork): KeptEvidence | undefined => {
  const member = chain.head().member(id);
  if (member === undefined) return undefined;
  const accounts = [member.account, ...member.formerAccounts];
  const signed = { chainId: chain.chainId, anchor: chain.address('audit-anchor'), member: id, log, accounts };
  const evidence = forkOfNotes(signed, notes, { fromRoot: other, proof });
  if (evidence === undefined) return undefined;
  const file = join(folder, `report-fork-${id}-${forkId(evidence).slice(2, 14)}.json`);
  writeWhole(file, formatForkEvidence(evidence), 0o644);
  return { file, kind: 'fork', member: id };
};

/** The same for forks that two states show between them. */
export const keepForks = (
  context: Context,
  state: AuditorState,
  folder: string,
  forks: readonly FoundFork[],
): Promise<readonly KeptEvidence[]> =>
  withChain(context.network(), async (chain) => {
    const desk: Desk = { state, chain, tolerance: 0, found: () => undefined };
    const evident: Evident = { desk, network: context.network(), sourceOf: () => undefined };
    const kept: KeptEvidence[] = [];
    for (const fork of forks) {
      const made = [await keep(evident, folder, forkFinding(fork), fork), keepForChain(chain, folder, fork)];
      kept.push(...made.filter((one) => one !== undefined));
    }
    return kept;
  });
