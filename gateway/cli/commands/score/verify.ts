import { readFileSync } from 'node:fs';
import { openProver } from '../../../adapters/prover/open-prover.ts';
import type { Hex } from '../../../domain/ids.ts';
import { checkBand } from '../../../flows/scoring/check-band.ts';
import { factsOnChain } from '../../../flows/scoring/facts-on-chain.ts';
import { verifyCertificate } from '../../../flows/scoring/verify-certificate.ts';
import type { SessionFacts } from '../../../sealing/score-certificate.ts';
import { withChain } from '../../chain.ts';
import type { Context } from '../../context.ts';
import { exitStatus, usageFailure } from '../../failure.ts';

const read = (file: string): unknown => {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch {
    throw usageFailure(`cannot read ${file}`);
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

type Check = { readonly check: string; readonly result: 'holds' | 'fails' | 'needs chain' };

const bounds = { accept: 'trial keys too', maxWaiting: 256, idleMs: 1_000 } as const;

const onChain = (context: Context, certificate: SessionFacts): Promise<readonly Check[]> => {
  const network = context.network();
  if (network.chainId !== certificate.chain) throw usageFailure('the certificate is of another chain than network.json');
  return withChain(network, async (chain) => {
    const view = await chain.viewAt(certificate.terms.blockNumber);
    const registry = chain.address('score-registry').toLowerCase() === certificate.registry.toLowerCase();
    const facts = view === undefined ? [] : factsOnChain(view, certificate);
    return [{ what: `registry ${certificate.registry}`, holds: registry && view !== undefined }, ...facts].map(({ what, holds }) => ({
      check: what,
      result: holds ? ('holds' as const) : ('fails' as const),
    }));
  });
};

const chainChecks = async (context: Context, facts: SessionFacts | undefined, ask: boolean): Promise<readonly Check[]> => {
  if (facts === undefined) return [];
  return ask ? await onChain(context, facts) : [{ check: 'accounts, roots, parts, model and consent on chain', result: 'needs chain' }];
};

/** `xinshu score verify`: everything that the file shows by itself, and with --network what it takes from the chain. Ends with 1 where something fails. */
export const verifyScore = async (context: Context, file: string, options: { readonly network?: true }): Promise<void> => {
  const prover = openProver(bounds);
  try {
    const verified = await verifyCertificate(prover, read(file));
    const certificate = verified.ok ? verified.value : undefined;
    const own: Check = {
      check: verified.ok ? 'certificate' : `certificate: ${Object.values(verified.refusal.detail).join(' of ')}`,
      result: verified.ok ? 'holds' : 'fails',
    };
    const chain = await chainChecks(context, certificate, options.network === true);
    const checks = [own, ...chain];
    const ok = checks.every(({ result }) => result !== 'fails');
    const facts = certificate && {
      score: certificate.score,
      session: certificate.session,
      model: certificate.model.id,
      version: certificate.terms.modelVersion,
      result: certificate.result,
      proofs: certificate.proofs,
      providers: certificate.contributions.map(({ member }) => member),
    };
    context.show(
      { ok, ...(verified.ok ? {} : { code: verified.refusal.code, facts: verified.refusal.detail }), certificate: facts ?? null, checks },
      () =>
        [
          ...(facts === undefined
            ? []
            : [
                context.pairs([
                  [context.t('score', '评分编号'), facts.score],
                  [context.t('model', '模型'), `${facts.model} ${facts.version}`],
                  [
                    context.t('result', '评分'),
                    [facts.result.score, facts.result.band, facts.result.decision].filter((one) => one !== undefined).join(' '),
                  ],
                  [context.t('proofs', '证明'), facts.proofs],
                  [context.t('providers', '提供方'), facts.providers.join(', ')],
                ]),
                '',
              ]),
          context.table(
            [context.t('check', '检查'), context.t('result', '结果')],
            checks.map(({ check, result }) => [check, result]),
          ),
        ].join('\n'),
    );
    if (!ok) process.exitCode = exitStatus.refused;
  } finally {
    await prover.close();
  }
};

type BandOptions = { readonly to: string; readonly challenge: string; readonly network?: true };

/** `xinshu score check-band`: what a third party was shown, held against its own question. Ends with 1 where something fails. */
export const verifyBandFile = async (context: Context, file: string, options: BandOptions): Promise<void> => {
  const provers = { points: openProver(bounds), band: openProver({ ...bounds, circuit: 'score-band' }) };
  try {
    const checked = await checkBand(provers, read(file), { audience: options.to, challenge: options.challenge as Hex });
    const document = checked.ok ? checked.value : undefined;
    const what = checked.ok ? 'band' : `band: ${checked.refusal.code} ${Object.values(checked.refusal.detail).join(' of ')}`;
    const own: Check = { check: what, result: checked.ok ? 'holds' : 'fails' };
    const checks = [own, ...(await chainChecks(context, document, options.network === true))];
    const ok = checks.every(({ result }) => result !== 'fails');
    const facts = document && { session: document.session, model: document.model.id, band: document.band, proofs: document.proofs };
    context.show(
      { ok, ...(checked.ok ? {} : { code: checked.refusal.code, facts: checked.refusal.detail }), band: facts ?? null, checks },
      () =>
        [
          ...(facts === undefined
            ? []
            : [`${facts.model}: ${facts.band.from ?? '…'} <= ${context.t('score', '评分')} < ${facts.band.below ?? '…'}`, '']),
          context.table(
            [context.t('check', '检查'), context.t('result', '结果')],
            checks.map(({ check, result }) => [check, result]),
          ),
        ].join('\n'),
    );
    if (!ok) process.exitCode = exitStatus.refused;
  } finally {
    await Promise.all([provers.points.close(), provers.band.close()]);
  }
};
