import { join } from 'node:path';
import { writeWhole } from '../../gateway/cli/files.ts';
import { supplierModel } from '../generate/supplier-model.ts';
import type { Report } from './report.ts';
import { xinshu } from './xinshu.ts';

type Model = { readonly id: string; readonly version: number; readonly state: string };

const id = supplierModel(0, 1).document.id;
/** Stewards of the four providers. */
const providers = ['gov.steward', 'fin.steward', 'grid.steward', 'chain.steward'];
const yearSeconds = 365 * 86_400;

export const modelFile = (root: string): string => join(root, 'sample', `${id}.json`);

/** The demo's scoring model, from its owner's file to the approvals of all four providers. What is there already stays; one that was interrupted goes on where it was. */
export const agreeOnModel = async (root: string, report: Report): Promise<void> => {
  const run = <T>(...args: string[]): Promise<T> => {
    report.command(`npx xinshu ${args.join(' ')}`);
    return xinshu<T>(root, args);
  };
  const newest = async (as: string): Promise<Model | undefined> =>
    (await run<Model[]>('model', 'list', '--as', as)).findLast((model) => model.id === id && !['ended', 'retired'].includes(model.state));

  report.title('A scoring model that all four providers agree on');
  const version = await report.step(
    'model.register',
    'The credit information centre registers a scorecard and hands each provider its own part',
    async () => {
      const known = await newest('gov.steward');
      if (known?.state === 'approved') return known.version;
      const file = modelFile(root);
      const now = Math.floor(Date.now() / 1000);
      writeWhole(file, `${JSON.stringify(supplierModel(now - 86_400, now + yearSeconds))}\n`);
      const made = known ?? (await run<{ version: number }>('model', 'register', '--as', 'gov.steward', file));
      await run('model', 'deliver', '--as', 'gov.steward', id, String(made.version), '--auditors', 'audit-office');
      return made.version;
    },
    (made) => ({ model: id, version: made }),
  );
  await report.step(
    'model.leakage',
    'The audit office measures what a total gives away, and states it on chain',
    async () => {
      if ((await newest('audit.auditor'))?.state !== 'registered') return undefined;
      const measured = await run<{ report: { attainable: number; pinned: number } }>(
        'model',
        'leakage',
        '--as',
        'audit.auditor',
        id,
        String(version),
      );
      return measured.report;
    },
    (measured) =>
      measured === undefined
        ? {}
        : {
            attainable: measured.attainable,
            pinned: measured.pinned,
            detail: `${measured.pinned} of ${measured.attainable} totals pin someone's points down`,
          },
  );
  await report.step('model.approve', 'Each provider checks its part and approves it', async () => {
    if ((await newest('gov.steward'))?.state === 'approved') return;
    await Promise.all(providers.map((steward) => run('model', 'approve', '--as', steward, id, String(version))));
  });
};
