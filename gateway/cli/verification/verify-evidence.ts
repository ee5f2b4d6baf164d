import { sha256Hex } from '../../domain/hash.ts';
import type { Hex, MemberId } from '../../domain/ids.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import type { Result } from '../../domain/result.ts';
import { verifyJws } from '../../sealing/jws.ts';
import { messageTypes, parseUsageRequest, parseUsageResponse, type UsageRequest } from '../../sealing/messages.ts';
import { parseScoreOpening, parseScoreProposal, parseScoreRefusal, scoreTypes } from '../../sealing/score-messages.ts';
import type { HistoryEntry } from './verify-history.ts';

/** What a member signed about its own log: its entry of this usage stands at this place. */
export type Claim = {
  readonly by: MemberId;
  /** Whose entry the message was kept beside. */
  readonly shownBy: MemberId;
  readonly usage: string;
  readonly outcome: string;
  readonly index: number;
  readonly leafHash: Hex;
  readonly message: string;
};

type Told = Pick<UsageRequest, 'usage' | 'iss' | 'leaf'>;
type Message = { readonly typ: string; readonly parse: (claims: unknown) => Result<Told> };

/** What an entry may answer: a consumer's message to a provider, or a provider's answer. A score has messages of its own. */
const messagesOf = (score: boolean, received: boolean): readonly Message[] => {
  if (!score)
    return [
      received
        ? { typ: messageTypes.usageResponse, parse: parseUsageResponse }
        : { typ: messageTypes.usageRequest, parse: parseUsageRequest },
    ];
  if (!received) return [{ typ: scoreTypes.proposal, parse: parseScoreProposal }];
  return [
    { typ: scoreTypes.opening, parse: parseScoreOpening },
    { typ: scoreTypes.refusal, parse: parseScoreRefusal },
  ];
};

/**
 * The other side's claim out of the message that an entry answers. undefined where none was shown; 'false' when the message is not the one the entry commits to, or
 * was not signed by a Sign key that the member ever had.
 */
export const verifyEvidence = (entry: HistoryEntry, view: RegistryView): Claim | 'false' | undefined => {
  const { evidence, leaf, usage, values, member } = entry;
  if (evidence === undefined || leaf === undefined || usage === undefined) return undefined;
  const by = values.counterparty as MemberId | undefined;
  if (by === undefined || values.message !== sha256Hex(evidence)) return 'false';
  const keys = view.member(by)?.keys.filter(({ purpose }) => purpose === 'sign') ?? [];
  const received = leaf.step === 'received';
  const claims = messagesOf(values.operation === 'score', received)
    .map(({ typ, parse }) => {
      const signed = verifyJws(evidence, keys, typ);
      return signed.ok ? parse(signed.value.claims) : signed;
    })
    .find(({ ok }) => ok);
  if (claims === undefined || !claims.ok || claims.value.usage !== usage || claims.value.iss !== by) return 'false';
  const { index, leafHash } = claims.value.leaf;
  return { by, shownBy: member, usage, outcome: received ? leaf.outcome : 'ok', index, leafHash: leafHash as Hex, message: evidence };
};
