import { readFileSync } from 'node:fs';
import { openProver } from '../../../adapters/prover/open-prover.ts';
import { factsOnChain } from '../../../flows/scoring/facts-on-chain.ts';
import { verifyCertificate } from '../../../flows/scoring/verify-certificate.ts';
import type { ScoreCertificate } from '../../../sealing/score-certificate.ts';
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

const onChain = (context: Context, certificate: ScoreCertificate): Promise<readonly Check[]> => {
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

/** `xinshu score verify`: everything that the file shows by itself, and with --network what it takes from the chain. Ends with 1 where something fails. */
export const verifyScore = async (context: Context, file: string, options: { readonly network?: true }): Promise<void> => {
  const prover = openProver({ accept: 'trial keys too', maxWaiting: 256, idleMs: 1_000 });
  try {
    const verified = await verifyCertificate(prover, read(file));
    const certificate = verified.ok ? verified.value : undefined;
    const own: Check = {
      check: verified.ok ? 'certificate' : `certificate: ${Object.values(verified.refusal.detail).join(' of ')}`,
      result: verified.ok ? 'holds' : 'fails',
    };
    const chain: readonly Check[] =
      certificate === undefined
        ? []
        : options.network === true
          ? await onChain(context, certificate)
          : [{ check: 'accounts, roots, parts, model and consent on chain', result: 'needs chain' }];
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
