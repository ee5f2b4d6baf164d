import { createReadStream, existsSync } from 'node:fs';
import type { Command } from 'commander';
import { usageIdFrom } from '../../domain/usage-id.ts';
import type { Operation } from '../../domain/vocabulary.ts';
import type { Context } from '../context.ts';
import { CliFailure, exitStatus, usageFailure } from '../failure.ts';
import { parseId, parseList, parseOperations, parseSubjectOption, parseUsage } from '../options.ts';
import type { Run } from '../run.ts';
import { showFen, showTime } from '../table.ts';

type QueryOptions = {
  readonly subject?: { readonly type: string; readonly code: string };
  readonly dataset?: string;
  readonly fields?: readonly string[];
  readonly purpose?: string;
  readonly operation: readonly Operation[];
  readonly grant?: string;
  readonly consent?: string;
  readonly review?: string;
  readonly usage?: string;
};
type Answer = {
  readonly usage: string;
  readonly provider: string;
  readonly dataset: string;
  readonly version: number;
  readonly priceFen: string;
  readonly block: { readonly number: number; readonly time: number };
  readonly records: readonly Readonly<Record<string, string | number | boolean | null>>[];
  readonly withheld: readonly { readonly record?: number; readonly field?: string; readonly reason: string }[];
  readonly proof: { readonly root: string };
};

/** What is withheld for one reason in the same place stands in one line. */
const withheldLines = (context: Context, { withheld }: Answer): string[] => {
  const places = new Map<string, { readonly head: string; readonly names: string[] }>();
  const noted = (key: string, head: string): string[] => {
    const place = places.get(key) ?? { head, names: [] };
    places.set(key, place);
    return place.names;
  };
  const label = context.t('record', '记录');
  for (const { record, field, reason } of withheld) {
    if (record === undefined) noted(reason, `${reason}: `).push(field ?? '');
    else if (field === undefined) noted(`${reason}/`, `${reason}, ${label} `).push(String(record + 1));
    else noted(`${reason}/${record}`, `${reason}, ${label} ${record + 1}: `).push(field);
  }
  return [...places.values()].map(({ head, names }) => `  ${head}${names.join(', ')}`);
};

/** One record of many fields reads better downwards. */
const recordsText = (context: Context, columns: readonly string[], records: Answer['records']): string => {
  const cell = (record: Answer['records'][number], column: string): string => String(record[column] ?? '-');
  const [first, ...others] = records;
  return first !== undefined && others.length === 0 && columns.length > 6
    ? context.pairs(columns.map((column): [string, string] => [column, cell(first, column)]))
    : context.table(
        columns,
        records.map((record) => columns.map((column) => cell(record, column))),
      );
};

const showAnswer = (context: Context, answer: Answer): string => {
  const columns = [...new Set(answer.records.flatMap((record) => Object.keys(record)))];
  return [
    context.pairs([
      [context.t('usage', '使用编号'), answer.usage],
      [context.t('from', '来源'), `${answer.provider} ${answer.dataset} ${context.t('version', '版本')} ${answer.version}`],
      [context.t('decided at block', '决策区块'), `${answer.block.number} (${showTime(answer.block.time)})`],
      [context.t('price', '价格'), showFen(answer.priceFen)],
      [context.t('checked against', '已核对承诺'), answer.proof.root],
    ]),
    '',
    answer.records.length === 0
      ? context.t('no record of this subject', '没有该主体的记录')
      : recordsText(context, columns, answer.records),
    ...(answer.withheld.length === 0
      ? []
      : ['', context.t('withheld (sent as hashes only):', '未提供（仅传哈希）：'), ...withheldLines(context, answer)]),
  ].join('\n');
};

const ask = async (context: Context, options: QueryOptions): Promise<void> => {
  if (options.subject === undefined || options.dataset === undefined || options.purpose === undefined)
    throw usageFailure('a query needs --subject, --dataset and --purpose');
  const usage = options.usage ?? usageIdFrom(context.randomness.bytes(16));
  const [operation, ...others] = options.operation;
  if (operation === undefined || others.length > 0) throw usageFailure('one operation at a time');
  // Said before it is sent: whatever happens, the same usage can be asked again and is counted once.
  context.terminal.note(`usage ${usage}`);
  try {
    const { fields, grant, consent, review } = options;
    const answer = await context.gateway().post<Answer>('/v1/queries', {
      usage,
      subject: options.subject,
      dataset: options.dataset,
      fields,
      purpose: options.purpose,
      operation,
      grant,
      consent,
      review,
    });
    context.show(answer, () => showAnswer(context, answer));
  } catch (failure) {
    if (failure instanceof CliFailure && (failure.status === exitStatus.unreachable || /^PEER_|^LEDGER_|^CALL_TIMEOUT/.test(failure.code)))
      context.terminal.note(context.t(`try again with the same usage: --usage ${usage}`, `可用同一编号重试：--usage ${usage}`));
    if (failure instanceof CliFailure && failure.code === 'REVIEW_REQUIRED')
      context.terminal.note(
        context.t(
          'Next: xinshu review open, then another person runs xinshu review approve; then --review ID here',
          '下一步：执行 xinshu review open，由另一人执行 xinshu review approve，再加 --review 编号',
        ),
      );
    throw failure;
  }
};

const batch = async (context: Context, file: string): Promise<void> => {
  if (file !== '-' && !existsSync(file)) throw usageFailure(`no file ${file}`);
  const body = file === '-' ? process.stdin : createReadStream(file);
  let refused = 0;
  let ended = false;
  for await (const line of context.gateway().lines('/v1/queries/batch', {
    method: 'POST',
    body: body as never,
    duplex: 'half',
    headers: { 'content-type': 'application/x-ndjson' },
  } as RequestInit)) {
    if ((line as { end?: boolean }).end === true) ended = true;
    else if ((line as { problem?: unknown }).problem !== undefined) refused += 1;
    context.terminal.out(JSON.stringify(line));
  }
  if (!ended)
    throw new CliFailure(
      exitStatus.unreachable,
      'BATCH_TORN',
      context.t('the answer ended early; ask again with the same usage ids', '应答提前中断，请用相同编号重试'),
    );
  if (refused > 0) process.exitCode = exitStatus.refused;
};

export const queryCommands = (program: Command, run: Run): void => {
  const query = program
    .command('query')
    .description('ask a provider for the records of one subject (requester); `query batch` for many')
    // Not `requiredOption`: commander would demand them of `query batch` too.
    .option('--subject <TYPE:CODE>', 'whom to ask about', parseSubjectOption)
    .option('--dataset <id>', 'dataset')
    .option('--purpose <code>', 'purpose, for example loan-approval')
    .option('--operation <word>', 'raw, score, verify or sandbox', parseOperations, ['raw'])
    .option('--fields <list>', 'fields; left out: all that are authorized', parseList)
    .option('--consent <id>', 'consent of the subject', parseId)
    .option('--grant <id>', 'grant; left out: the one that covers it', parseId)
    .option('--review <id>', 'approved review, for data of grade 3 and above')
    .option('--usage <uuid>', 'usage id to repeat a query that got no answer', parseUsage)
    .addHelpText(
      'after',
      '\nExample:\n  xinshu query --as bank.requester --subject enterprise:91… --dataset grid-qinchuan.electricity --purpose loan-approval --consent 0x…',
    )
    .action(run(ask));
  query
    .command('batch')
    .description('many queries as a stream: one JSON query a line in, one answer a line out')
    .argument('<file>', 'NDJSON file, or - for standard input')
    .addHelpText('after', '\nExample:\n  xinshu query batch queries.ndjson --as bank.requester > answers.ndjson')
    .action(run(batch));
};
