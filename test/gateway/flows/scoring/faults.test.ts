import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { encodeBytes32String } from 'ethers';
import { fromHex } from '../../../../gateway/domain/hash.ts';
import type { Hex, ModelId, UsageId } from '../../../../gateway/domain/ids.ts';
import { keysInForce } from '../../../../gateway/domain/member-keys.ts';
import { epochOf } from '../../../../gateway/domain/score-epoch.ts';
import {
  isSessionSigned,
  partCommitmentTypes,
  sessionIdOf,
  sessionMessage,
  sessionTypes,
} from '../../../../gateway/domain/score-session.ts';
import { saltToHex } from '../../../../gateway/domain/subject-commitment.ts';
import { usageIdFrom } from '../../../../gateway/domain/usage-id.ts';
import { heldPart } from '../../../../gateway/flows/held-models.ts';
import type { Modules } from '../../../../gateway/flows/modules.ts';
import { requestScore } from '../../../../gateway/flows/scoring/request-score.ts';
import { scoreDomainOf } from '../../../../gateway/flows/scoring/score-domain.ts';
import { findPart, keepPart } from '../../../../gateway/flows/scoring/stored-part.ts';
import { findScore } from '../../../../gateway/flows/scoring/stored-score.ts';
import { retireModel } from '../../../../gateway/ports/ledger-calls.ts';
import { G, multiply, pointFromHex, pointToHex, subgroupOrder } from '../../../../gateway/scoring/babyjubjub.ts';
import { seal, sealEntropyLength, toOneTimePublicKey } from '../../../../gateway/sealing/jwe.ts';
import { type ScoreDeal, type ScoreProposal, scoreSealTypes, scoreTypes } from '../../../../gateway/sealing/score-messages.ts';
import { administrator } from '../../../helpers/administered-chain.ts';
import { subjects, type TestConsent } from '../../../helpers/electricity.ts';
import { codeOf, type GatewayNetwork, good } from '../../../helpers/gateway-network.ts';
import { amongLiars, claimsOf, type Lie } from '../../../helpers/lying-peer.ts';
import {
  asMember,
  plainScore,
  scoreConsent,
  scoreConsumer,
  scoredDataset,
  scoreProviders,
  scoreQuery,
  setUpModel,
  startScoredNetwork,
} from '../../../helpers/scored-network.ts';

const liar = 'fin-weihe';
const newScore = (): UsageId => usageIdFrom(randomBytes(16));

describe('a joint score with a party that lies, forges or fails', () => {
  let network: GatewayNetwork;
  let family = 0;
  const bank = (): Modules => network.gateway(scoreConsumer).modules;
  const provider = (member: string): Modules => network.gateway(member).modules;

  before(async () => {
    network = await startScoredNetwork();
  });
  after(() => network.remove());

  const freshModel = async (choices: Parameters<typeof setUpModel>[1] = {}): Promise<{ model: ModelId }> => {
    family += 1;
    const id = `faulty-${family}` as ModelId;
    await setUpModel(network, { ...choices, id });
    return { model: id };
  };

  /** A model under which nothing was opened for the subject yet. */
  let last: { model: ModelId } | undefined;
  const unspentModel = async (): Promise<{ model: ModelId }> => {
    const subject = { type: 'enterprise', code: subjects[0]!.code } as const;
    const spent = scoreProviders.some((member) => {
      const { audit, keys, ledger } = provider(member);
      const version = ledger.head().datasetVersion(scoredDataset(member), 1)!;
      return (
        last !== undefined && audit.count(`score/${keys.subjectKey(subject)}/${scoreConsumer}/${last.model}/${epochOf(version.asOf)}`) > 0
      );
    });
    if (last === undefined || spent) last = await freshModel();
    return last;
  };

  /** Asks with these lies. What came of it, and how many providers opened anything. */
  const among = async (...lies: readonly Lie[]) => {
    const consent = await scoreConsent(network, 0);
    const query = scoreQuery(consent, { ...(await unspentModel()), score: newScore() });
    const result = await requestScore(amongLiars(network, bank(), ...lies), query);
    const stored = await findScore(bank(), query.score!);
    const uses = scoreProviders.map((member) => provider(member).audit.count(`consent/${consent.id}/${scoredDataset(member)}`));
    return { code: codeOf(result), detail: result.ok ? {} : result.refusal.detail, evidence: stored?.failure?.evidence ?? [], uses, query };
  };
  const named = (member: string) => (outcome: { detail: Readonly<Record<string, unknown>> }) =>
    expect(outcome.detail).to.include({ member });

  /** The liar forges its deal for good: it stores the forged one, too, so that it plays on. */
  const forgedDeal = (alter: (claims: ScoreDeal) => ScoreDeal | Promise<ScoreDeal>): Lie => ({
    member: liar,
    protocol: 'score-commitments',
    alter: async (claims) => {
      const altered = await alter(claims as unknown as ScoreDeal);
      const modules = provider(liar);
      const session = altered.session;
      const part = (await findPart(modules, session))!;
      const deal = await modules.keys.sign(scoreTypes.deal, altered);
      await keepPart(modules, session, { ...part, dealt: { ...part.dealt!, deal } });
      return altered as unknown as Record<string, unknown>;
    },
  });
  const shiftPoint = (hex: Hex): Hex => pointToHex(pointFromHex(hex)!.add(G));
  const sealedShare = async (claims: ScoreDeal, place: number, changes: object, text?: string): Promise<string> => {
    const { ledger, keys } = provider(liar);
    const receiver = asMember(scoreProviders[place]!);
    const view = ledger.head();
    const key = keysInForce(view.member(receiver)!.keys, 'seal', view.block.number).at(-1)!.data;
    const share = {
      v: 1,
      chain: ledger.chainId,
      iss: liar,
      aud: receiver,
      session: claims.session,
      value: saltToHex(5n),
      blinding: saltToHex(6n),
      ...changes,
    };
    const plain = Buffer.from(text ?? (await keys.sign(scoreTypes.share, share)), 'ascii');
    return good(seal(key, plain, { typ: scoreSealTypes.share, context: claims.session }, randomBytes(sealEntropyLength)));
  };
  const withShare = (claims: ScoreDeal, place: number, sealed: string): ScoreDeal => ({
    ...claims,
    shares: claims.shares.map((share, at) => (at === place ? sealed : share)),
  });

  describe('at the providers', () => {
    it('SCORE_SHARE_INVALID: a share that is not the one committed to names its dealer, with the signed share as evidence', async () => {
      const outcome = await among(forgedDeal(async (claims) => withShare(claims, 2, await sealedShare(claims, 2, {}))));
      expect(outcome.code).to.equal('SCORE_SHARE_INVALID');
      named(liar)(outcome);
      expect(outcome.detail).to.include({ provider: 'grid-qinchuan' });
      expect(claimsOf(outcome.evidence[0]!).evidence).to.be.a('string');
      expect(outcome.uses[2], 'the provider that saw it opened nothing').to.equal(0);
    });

    it('a share out of the range of scalars is none', async () => {
      const outcome = await among(
        forgedDeal(async (claims) => withShare(claims, 0, await sealedShare(claims, 0, { value: saltToHex(subgroupOrder) }))),
      );
      expect(outcome.code).to.equal('SCORE_SHARE_INVALID');
      named(liar)(outcome);
    });

    it('SCORE_SHARE_UNREADABLE: a share that does not open, or is not signed by its dealer for its receiver in this session', async () => {
      const other = await among(forgedDeal((claims) => withShare(claims, 0, claims.shares[2]!)));
      expect(other.code).to.equal('SCORE_SHARE_UNREADABLE');
      named(liar)(other);
      for (const change of [{ aud: 'chain-hub' }, { session: `0x${'00'.repeat(32)}` }, { v: 2 }]) {
        const outcome = await among(forgedDeal(async (claims) => withShare(claims, 0, await sealedShare(claims, 0, change))));
        expect(outcome.code).to.equal('SCORE_SHARE_UNREADABLE');
        named(liar)(outcome);
      }
    });

    it('SCORE_ACCUSATION_FALSE names a provider that accuses without showing a false share', async () => {
      const outcome = await among({
        member: liar,
        protocol: 'score-openings',
        typ: scoreTypes.refusal,
        alter: ({ v, chain, iss, aud, iat, exp, session, usage, request, block, leaf }) => ({
          ...{ v, chain, iss, aud, iat, exp, session, usage, request, block, leaf },
          outcome: 'SCORE_SHARE_INVALID',
          detail: { member: 'gov-credit' },
          evidence: null,
        }),
      });
      expect(outcome.code).to.equal('SCORE_ACCUSATION_FALSE');
      named(liar)(outcome);
    });

    it('refuses agreements and deals that are not those of this session, naming whose they are', async () => {
      const consent = await scoreConsent(network, 0);
      const sent: string[] = [];
      const watching: Modules = {
        ...bank(),
        peer: {
          send: async (to, protocol, message) => {
            if (protocol === 'score-commitments') sent.push(message);
            return bank().peer.send(to, protocol, message);
          },
        },
      };
      good(await requestScore(watching, scoreQuery(consent, await freshModel())));
      const earlier = claimsOf<{ agreements: string[] }>(sent[0]!).agreements;
      const swap: Modules = {
        ...bank(),
        keys: {
          ...bank().keys,
          sign: (typ, claims) =>
            bank().keys.sign(
              typ,
              typ === scoreTypes.agreements
                ? { ...claims, agreements: [(claims.agreements as string[])[0], earlier[1], (claims.agreements as string[])[2]] }
                : claims,
            ),
        },
      };
      const ended = await requestScore(swap, scoreQuery(consent, await freshModel()));
      expect(codeOf(ended)).to.equal('SCORE_MESSAGE_INVALID');
      if (!ended.ok) expect(ended.refusal.detail).to.include({ member: liar });
    });

    it('SCORE_SESSION_UNKNOWN and SCORE_ROUND_EARLY for rounds out of turn', async () => {
      const consent = await scoreConsent(network, 0);
      const query = scoreQuery(consent, { ...(await freshModel()), score: newScore() });
      let messages: Record<string, string> = {};
      const early: Modules = {
        ...bank(),
        peer: {
          send: async (to, protocol, message) => {
            if (to === liar) messages = { ...messages, [protocol]: message };
            return protocol === 'score-commitments'
              ? { ok: false, refusal: { code: 'PEER_TIMEOUT', detail: {} } }
              : bank().peer.send(to, protocol, message);
          },
        },
      };
      await requestScore(early, query);
      const { session } = (await findScore(bank(), query.score!))!;
      const envelope = {
        v: 1,
        chain: bank().ledger.chainId,
        iss: scoreConsumer,
        aud: liar,
        iat: Math.floor(Date.now() / 1000),
        exp: Math.floor(Date.now() / 1000) + 60,
      };
      const ask = async (claims: object) =>
        codeOf(
          await bank().peer.send(
            asMember(liar),
            'score-openings',
            await bank().keys.sign(scoreTypes.deals, { ...envelope, deals: ['a.b.c', 'a.b.c', 'a.b.c'], ...claims }),
          ),
        );
      expect(await ask({ session })).to.equal('SCORE_ROUND_EARLY');
      expect(await ask({ session: `0x${'0f'.repeat(32)}` })).to.equal('SCORE_SESSION_UNKNOWN');
      expect(messages['score-commitments']).to.be.a('string');
    });
  });

  describe('at the consumer', () => {
    it('a commitment that the shares do not add up to, a point that is none, and a signature of nobody name their dealer; nothing is opened', async () => {
      const signedAnew = async (claims: ScoreDeal, commitment: Hex): Promise<ScoreDeal> => {
        const { x, y } = pointFromHex(commitment)!.toAffine();
        const signature = await provider(liar).keys.signTypedData(scoreDomainOf(bank()), partCommitmentTypes, {
          session: claims.session,
          x,
          y,
        });
        return { ...claims, commitment, signature };
      };
      const cases: readonly [string, (claims: ScoreDeal) => ScoreDeal | Promise<ScoreDeal>][] = [
        ['SCORE_DEAL_INVALID', (claims) => signedAnew(claims, shiftPoint(claims.commitment as Hex))],
        ['SCORE_SIGNATURE_INVALID', (claims) => ({ ...claims, commitment: shiftPoint(claims.commitment as Hex) })],
        ['SCORE_POINT_INVALID', (claims) => ({ ...claims, commitment: `0x${'ff'.repeat(32)}` as Hex })],
        [
          'SCORE_POINT_INVALID',
          (claims) => ({ ...claims, shareCommitments: [pointToHex(multiply(G, 0n)), ...claims.shareCommitments.slice(1)] }),
        ],
        ['SCORE_DEAL_INVALID', (claims) => ({ ...claims, shareCommitments: claims.shareCommitments.slice(1) })],
        ['SCORE_DEAL_INVALID', (claims) => ({ ...claims, shares: claims.shares.slice(1) })],
      ];
      for (const [code, alter] of cases) {
        const outcome = await among(forgedDeal(alter));
        expect(outcome.code).to.equal(code);
        named(liar)(outcome);
        expect(outcome.uses).to.deep.equal([0, 0, 0]);
        expect(outcome.evidence.length).to.equal(3);
      }
    });

    it('SCORE_SUM_INVALID: a provider that commits to one value and opens another', async () => {
      const outcome = await among({
        member: liar,
        protocol: 'score-openings',
        alter: async (claims) => {
          const { terms } = (await findPart(provider(liar), claims.session as Hex))!.proposal;
          const sums = Buffer.from(JSON.stringify({ value: saltToHex(1n), blinding: saltToHex(2n), reasons: null }));
          const key = toOneTimePublicKey(fromHex(terms.oneTimeKey));
          return {
            ...claims,
            sums: good(seal(key, sums, { typ: scoreSealTypes.sums, context: claims.session as string }, randomBytes(sealEntropyLength))),
          };
        },
      });
      expect(outcome.code).to.equal('SCORE_SUM_INVALID');
      named(liar)(outcome);
      expect(outcome.evidence.length).to.equal(3);
    });

    it('SCORE_MESSAGE_INVALID: sums that do not open', async () => {
      const outcome = await among({ member: liar, protocol: 'score-openings', alter: (claims) => ({ ...claims, sums: 'a.b.c' }) });
      expect(outcome.code).to.equal('SCORE_MESSAGE_INVALID');
      named(liar)(outcome);
    });

    it('PEER_GARBLED names who sends garbage; the session can be gone on with', async () => {
      for (const [protocol, alter] of [
        ['score-proposals', (claims: object) => ({ ...claims, session: `0x${'00'.repeat(32)}` })],
        ['score-commitments', () => ({ nothing: true })],
        ['score-openings', (claims: object) => ({ ...claims, request: `0x${'00'.repeat(32)}` })],
      ] as const) {
        const outcome = await among({ member: liar, protocol, alter });
        expect(outcome.code).to.equal('PEER_GARBLED');
        named(liar)(outcome);
        expect(good(await requestScore(bank(), outcome.query)).result.score).to.equal(plainScore(0));
      }
    });
  });

  describe('with terms that are not lawful', () => {
    let consent: TestConsent;
    before(async () => {
      consent = await scoreConsent(network, 0);
    });

    /** A consumer that signs other terms than it may. */
    const forging = (alter: (proposal: ScoreProposal) => Partial<ScoreProposal>, resign = true): Modules => ({
      ...bank(),
      keys: {
        ...bank().keys,
        sign: async (typ, claims) => {
          if (typ !== scoreTypes.proposal) return bank().keys.sign(typ, claims);
          const proposal = { ...(claims as ScoreProposal), ...alter(claims as ScoreProposal) };
          const domain = scoreDomainOf(bank());
          const signature = resign
            ? await bank().keys.signTypedData(domain, sessionTypes, sessionMessage(proposal.terms))
            : proposal.signature;
          expect(isSessionSigned(domain, proposal.terms, signature, bank().keys.account) || !resign).to.equal(true);
          expect(sessionIdOf(domain, proposal.terms)).to.match(/^0x/);
          return bank().keys.sign(typ, { ...proposal, signature });
        },
      },
    });
    const answered = async (modules: Modules): Promise<string> => {
      const refusals: string[] = [];
      const listening: Modules = {
        ...modules,
        peer: {
          send: async (to, protocol, message) => {
            const answer = await bank().peer.send(to, protocol, message);
            if (answer.ok && to === liar) refusals.push(String(claimsOf(answer.value).outcome));
            return answer;
          },
        },
      };
      const score = newScore();
      await requestScore(listening, scoreQuery(consent, { score }));
      return refusals[0] ?? '';
    };

    it('each provider refuses by itself: another root, version, subject, epoch, a signature of nobody, a block that is none', async () => {
      const terms = (change: (terms: ScoreProposal['terms']) => object) => (proposal: ScoreProposal) => ({
        terms: { ...proposal.terms, ...change(proposal.terms) },
      });
      const contribution = (change: object) =>
        terms(({ contributions }) => ({ contributions: contributions.map((one) => ({ ...one, ...change })) }));
      expect(await answered(forging(contribution({ root: `0x${'01'.repeat(32)}` })))).to.equal('SCORE_TERMS_MISMATCH');
      expect(await answered(forging(contribution({ version: 7 })))).to.equal('SCORE_TERMS_MISMATCH');
      expect(await answered(forging(terms(() => ({ subject: `0x${'01'.repeat(32)}` }))))).to.equal('SCORE_TERMS_MISMATCH');
      expect(await answered(forging(terms(({ epoch }) => ({ epoch: epoch + 1 }))))).to.equal('SCORE_TERMS_MISMATCH');
      expect(await answered(forging(terms(() => ({ verificationKey: `0x${'01'.repeat(32)}` }))))).to.equal('SCORE_TERMS_MISMATCH');
      expect(await answered(forging(terms(() => ({ blockHash: `0x${'01'.repeat(32)}` }))))).to.equal('BLOCK_MISMATCH');
      expect(
        await answered(
          forging(
            terms(() => ({ nonce: `0x${'01'.repeat(32)}` })),
            false,
          ),
        ),
      ).to.equal('SCORE_SIGNATURE_INVALID');
      expect(await answered(forging(() => ({ fields: ['period'] })))).to.equal('SCORE_FIELD_MISSING');
      expect(await answered(forging(() => ({ exp: Math.floor(Date.now() / 1000) - 5, iat: Math.floor(Date.now() / 1000) - 65 })))).to.equal(
        'MESSAGE_EXPIRED',
      );
    });

    it('refuses what the model does not allow: retired, not approved, a part that is missing or altered, a derivation of another', async () => {
      const outcome = async (choices: Parameters<typeof setUpModel>[1], change?: (model: ModelId) => Promise<void>) => {
        const { model } = await freshModel(choices);
        await change?.(model);
        return codeOf(await requestScore(bank(), scoreQuery(consent, { model })));
      };
      expect(await outcome({ approve: false })).to.equal('MODEL_NOT_APPROVED');
      expect(
        await outcome({}, async (model) => {
          good(await bank().writer.submit(retireModel(model, 1)));
          await network.settled();
        }),
      ).to.equal('MODEL_RETIRED');
      const parts = async (model: ModelId) => {
        const modules = provider(liar);
        const registered = modules.ledger.head().model(model, 1)!;
        const hash = registered.parts.find(({ dataset }) => dataset === scoredDataset(liar))!.partHash;
        return { modules, hash, part: (await heldPart(modules, registered, scoredDataset(liar)))! };
      };
      expect(
        await outcome({}, async (model) => {
          const { modules, hash } = await parts(model);
          await modules.documents.remove('modelPart', hash);
        }),
      ).to.equal('MODEL_UNDELIVERED');
      expect(
        await outcome({}, async (model) => {
          const { modules, hash, part } = await parts(model);
          const [first, ...rest] = part.features;
          const bins = first!.bins.map((bin) => ({ ...bin, points: bin.points + 1 }));
          await modules.documents.put('modelPart', hash, { ...part, features: [{ ...first, bins }, ...rest] });
        }),
      ).to.equal('MODEL_MISMATCH');
      expect(await outcome({ derivation: `0x${'0d'.repeat(32)}` })).to.equal('MODEL_FEATURES_CHANGED');
      expect(
        await outcome({}, async (model) => {
          await bank().documents.remove('modelDocument', bank().ledger.head().model(model, 1)!.documentHash);
        }),
      ).to.equal('MODEL_UNDELIVERED');
    });

    it('allows scores without proofs only where the network does, and with them only with a prover', async () => {
      const score = newScore();
      expect(codeOf(await requestScore({ ...bank(), prover: undefined }, scoreQuery(consent, { score, unproven: false })))).to.equal(
        'SCORE_PROVER_MISSING',
      );
      const parameter = (value: number) =>
        network.chain.send(administrator, 'directory', 'setParameter', [encodeBytes32String('unproven-scores'), value, 0]);
      await parameter(0);
      await network.settled();
      expect(codeOf(await requestScore(bank(), scoreQuery(consent)))).to.equal('SCORE_PROOFS_REQUIRED');
      await parameter(1);
      await network.settled();
    });
  });
});
