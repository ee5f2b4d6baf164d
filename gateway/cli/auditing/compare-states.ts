import { logOrigin } from '../../audit/checkpoint.ts';
import type { Finding } from '../../audit/finding.ts';
import { forkWords, isFork } from '../../audit/fork.ts';
import { equalBytes, toHex } from '../../domain/hash.ts';
import type { MemberId } from '../../domain/ids.ts';
import { consistencyProof, rootAt } from '../../domain/merkle.ts';
import type { AuditorState, FoundFork, LogState } from './state.ts';

type Seen = { readonly state: AuditorState; readonly at: LogState };

const forkBetween = async (chainId: number, smaller: Seen, larger: Seen): Promise<FoundFork | undefined> => {
  const { member, log, noteSize } = smaller.at;
  if (noteSize === 0) return undefined;
  const [mine, theirs] = [smaller.state.nodes(member), larger.state.nodes(member)];
  const [root, other] = [await rootAt(noteSize, mine), await rootAt(noteSize, theirs)];
  if (equalBytes(root, other)) return undefined;
  const proof = await consistencyProof(noteSize, larger.at.noteSize, theirs);
  const origin = logOrigin(chainId, member, log);
  const fork = {
    smaller: { origin, size: noteSize, root },
    larger: { origin, size: larger.at.noteSize, root: await rootAt(larger.at.noteSize, theirs) },
    other,
    proof,
  };
  if (!isFork(fork)) throw new Error(`the states do not hold what they say of ${member}`);
  return {
    member,
    log,
    sizes: [noteSize, larger.at.noteSize],
    notes: [smaller.at.note, larger.at.note],
    other: toHex(other),
    proof: proof.map(toHex),
  };
};

/** What two auditors were shown of the logs that both have read: a log that shows each another history can't satisfy both. */
export const compareStates = async (
  chainId: number,
  a: AuditorState,
  b: AuditorState,
): Promise<{
  readonly compared: readonly { readonly member: MemberId; readonly sizes: readonly number[] }[];
  readonly forks: readonly FoundFork[];
}> => {
  const compared: { member: MemberId; sizes: number[] }[] = [];
  const forks: FoundFork[] = [];
  for (const at of await a.logs()) {
    const other = b.log(at.member);
    if (other === undefined || other.log !== at.log) continue;
    compared.push({ member: at.member, sizes: [at.noteSize, other.noteSize] });
    const pair = [
      { state: a, at },
      { state: b, at: other },
    ].sort((one, two) => one.at.noteSize - two.at.noteSize) as [Seen, Seen];
    const fork = await forkBetween(chainId, ...pair);
    if (fork !== undefined) forks.push(fork);
  }
  return { compared, forks };
};

export const forkFinding = ({ member, sizes }: FoundFork): Finding => ({
  kind: 'fork',
  member,
  what: forkWords(sizes),
  entries: [],
});
