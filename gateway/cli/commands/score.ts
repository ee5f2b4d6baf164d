import type { Command } from 'commander';
import { usageIdFrom } from '../../domain/usage-id.ts';
import type { SignedBand } from '../../sealing/band-document.ts';
import type { SignedCertificate } from '../../sealing/score-certificate.ts';
import type { Context } from '../context.ts';
import { CliFailure, exitStatus } from '../failure.ts';
import { writeWhole } from '../files.ts';
import { parseCount, parseId, parseScore, parseSubjectOption, parseUsage } from '../options.ts';
import type { Run } from '../run.ts';
import { explainScore } from './score/explain.ts';
import { verifyBandFile, verifyScore } from './score/verify.ts';

type Score = {
  readonly score: string;
  readonly session: string;
  readonly state: string;
  readonly model: string;
  readonly version: number;
  readonly proofs: string;
  readonly result: { readonly score: number; readonly band?: string; readonly decision?: string; readonly grade: number } | null;
  readonly failure: { readonly code: string; readonly facts: Readonly<Record<string, unknown>> } | null;
  readonly providers: readonly { readonly member: string; readonly answered: number }[];
  readonly reviewAsked: string | null;
};
type RequestOptions = {
  readonly subject: { readonly type: string; readonly code: string };
  readonly model: string;
  readonly modelVersion: number;
  readonly purpose: string;
  readonly consent: string;
  readonly review?: string;
  readonly unproven?: true;
  readonly score?: string;
  readonly out?: string;
};

type BandOptions = {
  readonly from?: number;
  readonly below?: number;
  readonly to: string;
  readonly challenge: string;
  readonly out: string;
};

const show = (context: Context, score: Score): void =>
  context.show(score, () =>
    context.pairs([
      [context.t('score', '评分编号'), score.score],
      [context.t('model', '模型'), `${score.model} ${context.t('version', '版本')} ${score.version}`],
      [context.t('state', '状态'), score.state],
      ...(score.result === null
        ? []
        : ([
            [context.t('result', '评分'), String(score.result.score)],
            ...(score.result.band === undefined ? [] : [[context.t('band', '档次'), score.result.band]]),
            ...(score.result.decision === undefined ? [] : [[context.t('decision', '决定'), score.result.decision]]),
            [context.t('grade', '级别'), String(score.result.grade)],
          ] as [string, string][])),
      [context.t('proofs', '证明'), score.proofs],
      ...(score.failure === null
        ? []
        : ([[context.t('failed with', '失败原因'), `${score.failure.code} ${JSON.stringify(score.failure.facts)}`]] as [string, string][])),
      [context.t('providers', '提供方'), score.providers.map(({ member, answered }) => `${member} ${answered}/3`).join(', ')],
      ...(score.reviewAsked === null ? [] : ([[context.t('human review', '人工复核'), score.reviewAsked]] as [string, string][])),
    ]),
  );

const path = (score: string, what = ''): string => `/v1/scores/${encodeURIComponent(score)}${what}`;

const keepCertificate = async (context: Context, score: string, file: string): Promise<void> => {
  const certificate = await context.gateway().get<SignedCertificate>(path(score, '/certificate'));
  writeWhole(file, `${JSON.stringify(certificate, null, 2)}\n`);
};

const patienceMs = 180_000;

/** A call may end before a slow proof: the session goes on, and the same score is asked for again. */
const ask = async (context: Context, body: object): Promise<Score> => {
  const until = context.clock.now() + patienceMs;
  for (;;) {
    try {
      return await context.gateway().post<Score>('/v1/scores', body);
    } catch (failure) {
      const again =
        failure instanceof CliFailure && ['CALL_TIMEOUT', 'SCORE_PROOF_PENDING', 'PEER_TIMEOUT', 'OVERLOADED'].includes(failure.code);
      if (!again || context.clock.now() > until) throw failure;
    }
  }
};

const request = async (context: Context, { out, modelVersion, ...options }: RequestOptions): Promise<void> => {
  const score = options.score ?? usageIdFrom(context.randomness.bytes(16));
  context.terminal.note(`score ${score}`);
  try {
    const answer = await ask(context, { ...options, version: modelVersion, score });
    if (out !== undefined) await keepCertificate(context, score, out);
    show(context, answer);
  } catch (failure) {
    if (
      failure instanceof CliFailure &&
      (failure.status === exitStatus.unreachable || /^PEER_|^LEDGER_|^CALL_TIMEOUT|^SCORE_PROOF_PENDING/.test(failure.code))
    )
      context.terminal.note(context.t(`try again with the same score: --score ${score}`, `可用同一编号重试：--score ${score}`));
    throw failure;
  }
};

export const scoreCommands = (program: Command, run: Run): void => {
  const score = program.command('score').description('joint scores: asked for, checked, shown to others');
  score
    .command('request')
    .description('ask the providers of a model for a joint score of one subject (requester)')
    .requiredOption('--subject <TYPE:CODE>', 'whom to score', parseSubjectOption)
    .requiredOption('--model <id>', 'model')
    .requiredOption('--model-version <n>', 'version of the model', parseCount)
    .requiredOption('--purpose <code>', 'purpose, for example loan-approval')
    .requiredOption('--consent <id>', 'consent of the subject', parseId)
    .option('--review <id>', 'approved review, for data of grade 3 and above')
    .option('--unproven', 'without proofs, where the network allows it')
    .option('--score <uuid>', 'id of the score, to go on with one that was interrupted', parseUsage)
    .option('--out <file>', 'write the certificate to this file')
    .addHelpText(
      'after',
      '\nExample:\n  xinshu score request --as bank.requester --subject enterprise:91… --model sme-supplier --model-version 1 --purpose loan-approval --consent 0x… --out score.json',
    )
    .action(run(request));
  score
    .command('show')
    .description('a score, or how far it is')
    .argument('<score>')
    .option('--out <file>', 'write the certificate to this file')
    .action(
      run(async (context: Context, id: string, { out }: { readonly out?: string }) => {
        const found = await context.gateway().get<Score>(path(id));
        if (out !== undefined) await keepCertificate(context, id, out);
        show(context, found);
      }),
    );
  score
    .command('verify')
    .description('check a certificate: without network or chain, unless one is named')
    .argument('<file>', 'certificate, or - for standard input')
    .option('--network', 'also hold it against the chain of network.json')
    .addHelpText(
      'after',
      '\nEverything in the file is checked by itself: signatures, proofs, the sum and what it means. Whose the accounts are, and that roots, parts, model and consent\nstand on chain, only the chain can say: --network asks it.\n\nExample:\n  xinshu score verify score.json',
    )
    .action(run(verifyScore));
  score
    .command('band')
    .description('prove to a third party that a score lies in a band, and nothing else of it')
    .argument('<score>')
    .option('--from <n>', 'least score of the band; left out: open below', parseScore)
    .option('--below <n>', 'first score above the band; left out: open above', parseScore)
    .requiredOption('--to <name>', 'to whom it is shown')
    .requiredOption('--challenge <hex>', '32 bytes that the third party chose freshly', parseId)
    .requiredOption('--out <file>', 'write the proof to this file')
    .addHelpText(
      'after',
      '\nThe third party checks the file with xinshu score check-band.\n\nExample:\n  xinshu score band 5f0c8f0e-… --as bank.requester --from 600 --to "Insurer" --challenge 0x… --out band.json',
    )
    .action(
      run(async (context: Context, id: string, { from, below, to, challenge, out }: BandOptions) => {
        const shown = await context.gateway().post<SignedBand>(path(id, '/band'), { from, below, audience: to, challenge });
        writeWhole(out, `${JSON.stringify(shown, null, 2)}\n`);
        const { band, asker } = shown.document;
        context.show({ file: out, band, asker }, () => out);
      }),
    );
  score
    .command('check-band')
    .description('check what `score band` made, as the third party it was made for')
    .argument('<file>', 'proof, or - for standard input')
    .requiredOption('--to <name>', 'the name that was given')
    .requiredOption('--challenge <hex>', 'the challenge that was given', parseId)
    .option('--network', 'also hold it against the chain of network.json')
    .action(run(verifyBandFile));
  score
    .command('record')
    .description('bring a score before the chain: the session, then every proof, verified there')
    .argument('<score>')
    .action(
      run(async (context: Context, id: string) => {
        const recorded = await context.gateway().post<{ session: string; block: number; proofs: number }>(path(id, '/record'));
        context.show(recorded, () =>
          context.pairs([
            [context.t('session', '会话'), recorded.session],
            [context.t('in block', '区块'), String(recorded.block)],
            [context.t('proofs verified', '已验证证明'), String(recorded.proofs)],
          ]),
        );
      }),
    );
  score
    .command('explain')
    .description('as the subject: what each provider says led to its points, under one consent')
    .requiredOption('--subject <name>', 'subject on this machine')
    .requiredOption('--consent <id>', 'id or its first digits')
    .option('--passphrase-file <file>', 'passphrase, mode 0600 (default: $XINSHU_PASSPHRASE_FILE, else asked for)')
    .addHelpText('after', '\nExample:\n  xinshu score explain --subject supplier --consent 0x4f69')
    .action(run(explainScore));
  score
    .command('review-request')
    .description('note that the person concerned asks for a review by a human being')
    .argument('<score>')
    .action(run(async (context: Context, id: string) => show(context, await context.gateway().post<Score>(path(id, '/review')))));
};
