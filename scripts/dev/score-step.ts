import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { supplierModel } from '../generate/supplier-model.ts';
import type { Report } from './report.ts';
import type { CommandResult } from './xinshu.ts';

type Runs = {
  readonly run: <T>(...args: string[]) => Promise<T>;
  readonly attempt: (...args: string[]) => Promise<CommandResult>;
};
type Asked = { readonly code: string; readonly purpose: string; readonly consent: string; readonly reviewed: readonly string[] };
type Model = { readonly id: string; readonly version: number; readonly state: string };
type Score = { readonly score: string; readonly proofs: string; readonly result: { readonly score: number; readonly band?: string } };
type Verified = { readonly ok: boolean; readonly certificate: { readonly providers: readonly string[]; readonly proofs: string } | null };
export type JointScore = {
  readonly providers: number;
  readonly proofs: string;
  readonly verified: boolean;
  readonly again: boolean;
  readonly bandProved: boolean;
  readonly band: string;
};

/** To an insurer, who only learns that the score is at least so high; the challenge is the insurer's. */
const showBand = async (root: string, run: Runs['run'], score: string, value: number): Promise<void> => {
  const file = join(root, 'supplier.band.json');
  const asker = ['--to', 'Insurer', '--challenge', `0x${randomBytes(32).toString('hex')}`];
  await run('score', 'band', '--as', 'bank.requester', score, '--from', String(Math.floor(value / 50) * 50), ...asker, '--out', file);
  const checked = await run<{ readonly ok: boolean }>('score', 'check-band', file, ...asker, '--network');
  if (!checked.ok) throw new Error(`the band: ${JSON.stringify(checked)}`);
};

/** One joint score of the supplier by four providers, its certificate checked without and with the chain. A subject has one a month: a later journey checks the one there is. */
export const scoreStep = (
  root: string,
  report: Report,
  { run, attempt }: Runs,
  { code, purpose, consent, reviewed }: Asked,
): Promise<JointScore> =>
  report.step(
    'score',
    'Four providers score the supplier jointly; none shows its data, each proves its part',
    async () => {
      const id = supplierModel(0, 1).document.id;
      const file = join(root, 'supplier.score.json');
      const models = await run<Model[]>('model', 'list', '--as', 'bank.steward');
      const model = models.findLast((one) => one.id === id && one.state === 'approved');
      if (model === undefined) throw new Error(`the bank sees no approved model ${id}`);
      const about = ['--subject', code, '--purpose', purpose, '--consent', consent];
      const opened = await run<{ review: string }>('review', 'open', '--as', 'bank.requester', '--datasets', reviewed.join(','), ...about);
      await run('review', 'approve', '--as', 'bank.reviewer', opened.review);
      const known = existsSync(file);
      const asked = ['score', 'request', '--as', 'bank.requester', '--model', id, '--model-version', String(model.version), ...about];
      const answer = await attempt(...asked, '--review', opened.review, '--out', file);
      const said = `${JSON.stringify(answer.value)} ${answer.notes}`;
      if (answer.status !== 0 && !(known && said.includes('SCORE_BUDGET_SPENT')))
        throw new Error(`the score: status ${answer.status}, ${said}`);
      const [offline, online] = [await run<Verified>('score', 'verify', file), await run<Verified>('score', 'verify', file, '--network')];
      if (!offline.ok || !online.ok) throw new Error(`the certificate: ${JSON.stringify([offline, online])}`);
      const score = (answer.value as Partial<Score> | undefined)?.score;
      if (score !== undefined && answer.status === 0) await showBand(root, run, score, (answer.value as Score).result.score);
      const band = (answer.value as Partial<Score> | undefined)?.result?.band ?? '';
      const { providers, proofs } = offline.certificate!;
      return {
        providers: providers.length,
        proofs,
        verified: offline.ok && online.ok,
        again: answer.status !== 0,
        bandProved: answer.status === 0,
        band,
      };
    },
    ({ providers, proofs, verified, again, bandProved, band }) => ({
      providers,
      proofs,
      verified,
      bandProved,
      detail: again ? 'scored this month already; the certificate holds' : `${providers} providers, proofs ${proofs}, band ${band}`,
    }),
  );
