import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { examineGateway } from '../doctor/examine-gateway.ts';
import { mistakes } from '../doctor/mistakes.ts';
import type { Run } from '../run.ts';

const doctor = async (context: Context, { dir }: { readonly dir: string }): Promise<void> => {
  const found = (await examineGateway({ folder: resolve(dir), clock: context.clock })).map(({ name, facts }) => ({
    name,
    level: mistakes[name].level,
    facts,
    what: mistakes[name].what,
    do: mistakes[name].act,
  }));
  const wrong = found.filter(({ level }) => level === 'wrong').length;
  context.show({ ok: wrong === 0, found }, () =>
    found.length === 0
      ? context.t('Nothing is wrong as far as can be seen from here.', '从本机未发现问题。')
      : found
          .map(({ name, level, facts, what, do: act }) => {
            const shown = Object.entries(facts).map(([fact, value]) => `${fact}=${value}`);
            return [
              `${level === 'wrong' ? '✗' : '!'} ${name}: ${context.t(what.en, what.zh)}`,
              `    ${shown.join('  ')}`,
              `    → ${context.t(act.en, act.zh)}`,
            ].join('\n');
          })
          .join('\n'),
  );
  if (wrong > 0) process.exitCode = 1;
};

export const doctorCommand = (gateway: Command, run: Run): void => {
  gateway
    .command('doctor')
    .description('look for the usual mistakes of a gateway, and say what to do; changes nothing')
    .requiredOption('--dir <folder>', "the gateway's data folder")
    .addHelpText(
      'after',
      `\nLooks for: ${Object.keys(mistakes).join(', ')}.\nExit status 1 when something is wrong (✗); what is marked ! may be another's affair.\n\nExample:\n  xinshu gateway doctor --dir gateways/bank-changan`,
    )
    .action(run(doctor));
};
