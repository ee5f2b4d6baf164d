import { randomBytes } from 'node:crypto';
import { Wallet as EthersWallet } from 'ethers';
import { type HistoryRequestMessage, historyRequestDomain, historyRequestTypes } from '../../../domain/consent-typed-data.ts';
import type { DatasetId, Hex, MemberId } from '../../../domain/ids.ts';
import { withChain } from '../../chain.ts';
import type { Context } from '../../context.ts';
import { CliFailure, exitStatus } from '../../failure.ts';
import { type SubjectOptions, withWallet } from '../../subjects/open-wallet.ts';
import { chosenConsent } from '../../subjects/with-subject.ts';

export type ExplainOptions = SubjectOptions & { readonly consent: string };
type Explained = {
  readonly session: string;
  readonly model: string;
  readonly version: number;
  readonly dataset: string;
  readonly reasons: readonly { readonly code: string; readonly zh: string; readonly en: string }[];
};
type Told = Explained & { readonly member: string };

const pageSize = 100;
const validSeconds = 300;

/** `xinshu score explain`: asks every provider named in a consent for the reason codes of its contributions to scores. Ends with 3 when one could not be asked. */
export const explainScore = (context: Context, options: ExplainOptions): Promise<void> =>
  withChain(context.network(), (chain) =>
    withWallet(context, options, async (open) => {
      const consent = chosenConsent(open, options.consent);
      const given = chain.head().consent(consent.id);
      const owners = (given?.scopes ?? []).flatMap(({ dataset }) => chain.head().dataset(dataset as DatasetId)?.owner ?? []);
      const report = `0x${randomBytes(32).toString('hex')}` as Hex;
      const ask = async (member: MemberId): Promise<readonly Told[]> => {
        const deadline = Math.floor(context.clock.now() / 1000) + validSeconds;
        const request: HistoryRequestMessage = {
          consent: consent.id,
          member,
          log: 0,
          from: 0,
          count: pageSize,
          report,
          since: 0,
          deadline,
        };
        const signature = await new EthersWallet(consent.privateKey).signTypedData(
          historyRequestDomain(chain.chainId),
          historyRequestTypes,
          request,
        );
        const { scores } = await context
          .publicGateway(member)
          .post<{ scores: readonly Explained[] }>('/v1/subject/score-reasons', { request, signature });
        return scores.map((score) => ({ ...score, member }));
      };
      const told: Told[] = [];
      const unread: { readonly member: string; readonly code: string }[] = [];
      for (const member of [...new Set(owners)]) {
        try {
          told.push(...(await ask(member)));
        } catch (failure) {
          if (!(failure instanceof CliFailure)) throw failure;
          unread.push({ member, code: failure.code });
        }
      }
      const texts = ({ reasons }: Told): string => reasons.map(({ en, zh }) => context.t(en, zh)).join('; ') || '-';
      context.show({ consent: consent.id, scores: told, unread }, () =>
        [
          context.table(
            [context.t('session', '会话'), context.t('model', '模型'), context.t('provider', '提供方'), context.t('reasons', '原因')],
            told.map((score) => [score.session.slice(0, 10), `${score.model} ${score.version}`, score.member, texts(score)]),
          ),
          ...unread.map(({ member, code }) => `${member}: ${code}`),
          '',
          context.t('Reasons are the word of each provider; nobody proves them.', '原因由各提供方自述，未经证明。'),
        ].join('\n'),
      );
      if (unread.length > 0) process.exitCode = exitStatus.unreachable;
    }),
  );
