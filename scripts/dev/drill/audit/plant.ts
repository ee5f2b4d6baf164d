import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../../../../gateway/audit/finding.ts';
import { xinshuLines } from '../../xinshu.ts';
import { type Change, type Operator, showLog } from './dishonest-log.ts';
import { type Fraud, type Ground, otherHistory, type Side } from './frauds.ts';

/** Where the frauds are planted: a network with two dishonest operators, and what an auditor has seen of it so far. */
export type Scene = {
  readonly operators: Readonly<Record<Side, Operator>>;
  /** `network.json` of the network. */
  readonly network: string;
  /** State folder of the auditor; each fraud is shown to a copy of it. */
  readonly state: string;
  readonly ground: Ground;
};

export type Outcome = {
  readonly fraud: string;
  readonly expected: string;
  readonly findings: readonly Finding[];
  readonly named: boolean;
  /** Texts of the evidence files that the auditor wrote. */
  readonly evidence: readonly string[];
};

const textsIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .map((file) => readFileSync(join(folder, file), 'utf8'))
    : [];

type Line = { readonly kind: string; readonly finding?: Finding; readonly unread?: { readonly code: string } };

/** An auditor who is shown these logs, by a copy of the state; calls `then` with its home folder before it is removed. */
const withAuditor = async <T>(
  { operators, network, state }: Scene,
  changes: Partial<Record<Side, Change>>,
  then: (home: string, findings: readonly Finding[]) => Promise<T>,
  withholds = false,
): Promise<T> => {
  const home = mkdtempSync(join(tmpdir(), 'xinshu-auditor-'));
  const shown: { readonly url: string; close(): Promise<void> }[] = [];
  try {
    const folder = join(home, 'state');
    cpSync(state, folder, { recursive: true });
    cpSync(network, join(home, 'network.json'));
    mkdirSync(join(home, 'tokens'));
    const profiles: Record<string, { gateway: string; tokenFile: string }> = {};
    for (const [side, operator] of Object.entries(operators)) {
      const change = changes[side as Side];
      const log = change === undefined ? undefined : await showLog(operator, change, withholds);
      if (log !== undefined) shown.push(log);
      const tokenFile = join('tokens', side);
      writeFileSync(join(home, tokenFile), operator.auditorToken, { mode: 0o600 });
      profiles[`${side}.auditor`] = { gateway: log?.url ?? operator.client, tokenFile };
    }
    writeFileSync(join(home, 'profiles.json'), JSON.stringify(profiles), { mode: 0o600 });
    const findings: Finding[] = [];
    // The second round sees what the first could only wait for.
    for (let round = 0; round < 2; round += 1) {
      const { lines, notes } = await xinshuLines(home, [
        'audit',
        'follow',
        '--once',
        '--state',
        folder,
        '--evidence',
        join(home, 'evidence'),
      ]);
      if (lines.length === 0) throw new Error(`the audit failed: ${notes}`);
      for (const { finding, unread } of lines as Line[]) {
        if (unread !== undefined) throw new Error(`a log could not be read: ${unread.code}`);
        if (finding !== undefined) findings.push(finding);
      }
    }
    return await then(home, findings);
  } finally {
    for (const log of shown) await log.close();
    rmSync(home, { recursive: true, force: true });
  }
};

/** What an auditor finds who is shown the real logs: must be nothing. */
export const control = (scene: Scene): Promise<readonly Finding[]> =>
  withAuditor(scene, { consumer: (entries) => entries, provider: (entries) => entries }, async (_, findings) => findings);

/** The provider's log as it is, but nothing of what stands behind the consents. */
export const withheld = (scene: Scene): Promise<readonly Finding[]> =>
  withAuditor(scene, { provider: (entries) => entries }, async (_, findings) => findings, true);

export const plant = (scene: Scene, fraud: Fraud): Promise<Outcome> =>
  withAuditor(scene, fraud.changes(scene.ground), async (home, findings) => {
    const { member } = scene.operators[fraud.of];
    const named = findings.some((finding) => finding.kind === fraud.kind && finding.member === member);
    return { fraud: fraud.name, expected: `${fraud.kind} ${member}`, findings, named, evidence: textsIn(join(home, 'evidence')) };
  });

/** One log shown to one auditor, another to the other; neither sees anything wrong, until they compare. */
export const plantFork = (scene: Scene): Promise<Outcome> =>
  withAuditor(scene, {}, (mine, first) =>
    withAuditor(scene, { provider: otherHistory(scene.ground) }, async (theirs, second) => {
      const { member } = scene.operators.provider;
      const { lines } = await xinshuLines(mine, [
        ...['audit', 'compare', join(mine, 'state'), join(theirs, 'state')],
        ...['--evidence', join(mine, 'forks')],
      ]);
      const { findings } = lines[0] as { findings: readonly Finding[] };
      const named = first.length + second.length === 0 && findings.some(({ kind, member: of }) => kind === 'fork' && of === member);
      return {
        fraud: 'a fork shown to two auditors',
        expected: `fork ${member}`,
        findings: [...first, ...second, ...findings],
        named,
        evidence: textsIn(join(mine, 'forks')),
      };
    }),
  );
