import { Wallet } from 'ethers';
import fc from 'fast-check';
import { encodeChainCode } from '../../../../gateway/domain/chain-code.ts';
import {
  type AmendmentMessage,
  amendmentTypes,
  type ConsentMessage,
  consentDomain,
  consentTypes,
  withdrawalTypes,
} from '../../../../gateway/domain/consent-typed-data.ts';
import type {
  Address,
  ConsentId,
  CredentialId,
  DatasetId,
  GrantId,
  Hex,
  MemberId,
  ModelId,
  RequestId,
  SubjectCommitment,
} from '../../../../gateway/domain/ids.ts';
import type { GrantScope } from '../../../../gateway/domain/registry-state.ts';
import type { LedgerCall } from '../../../../gateway/ports/ledger.ts';
import {
  addKey,
  amendConsent,
  amendFields,
  amendGrant,
  anchorCheckpoints,
  approveAccess,
  cancelAccess,
  declineAccess,
  giveConsent,
  publishVersion,
  registerDataset,
  registerModel,
  reportFork,
  reportLeakage,
  requestAccess,
  retireDataset,
  retireKey,
  retireModel,
  revokeCredential,
  revokeGrant,
  rotateAccount,
  setEndpoint,
  setPartApproval,
  setPolicy,
  setPrice,
  setTerms,
  withdrawConsent,
} from '../../../../gateway/ports/ledger-calls.ts';
import { type AdministeredChain, administrator } from '../../../helpers/administered-chain.ts';
import { forkedBy } from '../../../helpers/forks.ts';
import { testAccount } from '../../../helpers/member-documents.ts';

/** What the actions so far left behind to act on, and the time (seconds) they count from. */
export type ActionContext = {
  readonly chain: AdministeredChain;
  readonly now: number;
  readonly requests: readonly RequestId[];
  readonly grants: readonly GrantId[];
  readonly consents: readonly {
    readonly id: ConsentId;
    readonly key: Address;
    readonly scopes: ConsentMessage['scopes'];
    readonly revision: number;
  }[];
};
export type Sending = { readonly from: Wallet; readonly call: LedgerCall };
/** Numbers that an action draws from; what they pick depends on what is there. */
export type Draw = { readonly kind: number; readonly who: number; readonly which: number; readonly amount: number };

const members = ['gov-credit', 'bank-changan', 'fin-weihe', 'grid-qinchuan', 'chain-hub', 'audit-office'];
const fieldNames = ['alpha', 'beta', 'gamma'];
const hash = (seed: number): Hex => `0x${(seed + 1).toString(16).padStart(64, '0')}`;
const pick = <T>(list: readonly T[], at: number): T => list[at % list.length] as T;
const datasetOf = (which: number) => `data.${which % 4}` as DatasetId;
const consentKey = (which: number) => new Wallet(`0x${'c0'.repeat(31)}${(which % 5).toString(16).padStart(2, '0')}`);
const admin = (contract: LedgerCall['contract'], method: string, ...args: unknown[]): Sending => ({
  from: administrator,
  call: { contract, method, args },
});

const scope = (now: number, { which, amount }: Draw): GrantScope => ({
  fields: fieldNames.slice(0, 1 + (which % 2)),
  purposes: ['loan-approval'],
  operations: ['raw'],
  notBefore: now - 10,
  notAfter: now + 1_000 + amount,
  quota: amount % 3,
});

type Action = (context: ActionContext, draw: Draw, from: Wallet) => Sending | Promise<Sending>;

const memberActions: readonly Action[] = [
  (_, { who }) => admin('member-registry', 'suspend', encodeChainCode(pick(members, who)), hash(1)),
  (_, { who }) => admin('member-registry', 'resume', encodeChainCode(pick(members, who))),
  (_, { who, amount }) => admin('member-registry', 'setRoles', encodeChainCode(pick(members, who)), 3 + (amount % 124)),
  (_, { amount }, from) => ({ from, call: setEndpoint(`https://127.0.0.1:${amount}`) }),
  (_, { amount }, from) => ({ from, call: addKey('tls', 'sha256-spki', hash(amount)) }),
  (_, { which }, from) => ({ from, call: retireKey(which % 6) }),
  (_, { amount }) => admin('directory', 'setParameter', encodeChainCode('max-block-age'), 60 + amount, 0),
];

const catalogActions: readonly Action[] = [
  (_, { which, amount }, from) => ({
    from,
    call: registerDataset(datasetOf(which), {
      title: `目录 ${amount}`,
      kind: 'penalty',
      shareClass: pick(['open', 'conditional', 'withheld'], amount),
      operations: ['raw', 'score', 'verify'],
      schemaHash: hash(amount),
      termsHash: hash(2),
      fields: fieldNames.map((name, at) => ({ name, grade: pick([1, 2, 3, 4, 5] as const, amount + at) })),
    }),
  }),
  (_, { which, amount }, from) => ({ from, call: setPrice(datasetOf(which), BigInt(amount) ** 3n) }),
  (_, { which, amount }, from) => ({
    from,
    call: setPolicy(datasetOf(which), {
      active: amount % 2 === 0,
      sectors: ['finance'],
      purposes: ['loan-approval'],
      operations: ['raw'],
      maxDuration: 10_000_000,
      quota: 0,
    }),
  }),
  (_, { which, amount }, from) => ({
    from,
    call: amendFields(
      datasetOf(which),
      hash(amount),
      fieldNames.slice(amount % 2).map((name) => ({ name, grade: 5 })),
    ),
  }),
  (_, { which, amount }, from) => ({ from, call: setTerms(datasetOf(which), 'conditional', ['raw'], hash(amount)) }),
  (_, { which, amount }, from) => ({
    from,
    call: publishVersion(
      datasetOf(which),
      1 + (amount % 2),
      hash(amount),
      [{ name: 'records', suite: 'rfc6962-sha256', root: hash(amount), size: amount }],
      amount,
    ),
  }),
  (_, { which, amount }, from) => ({ from, call: amount % 4 === 0 ? retireDataset(datasetOf(which)) : setPrice(datasetOf(which), 1n) }),
];

const grantActions: readonly Action[] = [
  ({ now }, draw, from) => ({ from, call: requestAccess(datasetOf(draw.which), scope(now, draw)) }),
  ({ now, requests }, draw, from) => ({
    from,
    call: approveAccess(pick(requests, draw.which) ?? hash(0), scope(now, { ...draw, amount: 0, which: 0 }), BigInt(draw.amount), hash(3)),
  }),
  ({ requests }, { which }, from) => ({ from, call: declineAccess((pick(requests, which) ?? hash(0)) as RequestId, hash(4)) }),
  ({ requests }, { which }, from) => ({ from, call: cancelAccess((pick(requests, which) ?? hash(0)) as RequestId) }),
  ({ now, grants }, draw, from) => ({
    from,
    call: amendGrant((pick(grants, draw.which) ?? hash(0)) as GrantId, scope(now, draw), 9n, hash(5)),
  }),
  ({ grants }, { which }, from) => ({ from, call: revokeGrant((pick(grants, which) ?? hash(0)) as GrantId, hash(6)) }),
];

const domainOf = ({ chain }: ActionContext) => consentDomain(chain.chainId, chain.contracts['consent-registry'] as Address);

const consentActions: readonly Action[] = [
  async (context, { which, amount }, from) => {
    const key = consentKey(which);
    const renewed = amount % 4 === 0 ? context.consents.find((consent) => consent.key === key.address) : undefined;
    const message: ConsentMessage = {
      subject: hash(amount) as SubjectCommitment,
      key: key.address as Address,
      grantee: 'bank-changan' as MemberId,
      scopes: [{ dataset: datasetOf(which), fields: fieldNames.slice(1) }],
      purpose: 'loan-approval',
      operations: ['raw', 'verify'],
      notBefore: context.now + (amount % 3) * 100 - 100,
      notAfter: context.now + 500 + amount,
      maxUses: 5,
      renews: renewed?.id ?? (`0x${'0'.repeat(64)}` as Hex),
      nonce: hash(amount),
      deadline: context.now + 100_000,
    };
    return { from, call: giveConsent(message, (await key.signTypedData(domainOf(context), consentTypes, message)) as Hex) };
  },
  async (context, { which, amount }, from) => {
    const consent = pick(context.consents, which);
    const amendment: AmendmentMessage = {
      consent: consent?.id ?? (hash(0) as ConsentId),
      revision: (consent?.revision ?? 0) + 1,
      scopes: consent === undefined ? [] : consent.scopes.map((one) => ({ ...one, fields: one.fields.slice(0, 1) })),
      operations: ['raw'],
      notAfter: context.now + 500,
      maxUses: 1 + (amount % 4),
      deadline: context.now + 100_000,
    };
    const key = consentKey([0, 1, 2, 3, 4].find((at) => consentKey(at).address === consent?.key) ?? 0);
    return { from, call: amendConsent(amendment, (await key.signTypedData(domainOf(context), amendmentTypes, amendment)) as Hex) };
  },
  async (context, { which, amount }, from) => {
    const consent = amount % 3 === 0 ? undefined : pick(context.consents, which);
    const id = consent?.id ?? (hash(amount) as ConsentId);
    const key = consentKey([0, 1, 2, 3, 4].find((at) => consentKey(at).address === consent?.key) ?? which);
    const signature = (await key.signTypedData(domainOf(context), withdrawalTypes, { consent: id })) as Hex;
    return { from, call: withdrawConsent(id, key.address as Address, signature) };
  },
  (_, { amount }, from) => ({ from, call: revokeCredential(hash(amount) as CredentialId) }),
];

const modelOf = (which: number) => `model.${which % 2}` as ModelId;
const modelActions: readonly Action[] = [
  ({ now }, { which, amount }, from) => ({
    from,
    call: registerModel(modelOf(which), 1 + (amount % 2), {
      documentHash: hash(amount),
      output: pick(['score', 'band', 'decision'] as const, amount),
      reasonsToConsumer: amount % 2 === 0,
      minContributors: 1,
      notBefore: now - 100,
      notAfter: now + 1_000 + amount,
      parts: [{ dataset: datasetOf(which), derivation: hash(7), partHash: hash(amount) }],
    }),
  }),
  (_, { which, amount }) => ({
    from: testAccount('audit-office'),
    call: reportLeakage(modelOf(which), 1 + (amount % 2), amount, 1_000, hash(amount)),
  }),
  (_, { which, amount }) => admin('model-registry', 'setApproval', encodeChainCode(modelOf(which)), 1 + (amount % 2), amount % 3 !== 0),
  (_, { which, amount }, from) => ({ from, call: setPartApproval(modelOf(which), 1 + (amount % 2), datasetOf(which), amount % 3 !== 0) }),
  (_, { which, amount }, from) => ({ from, call: retireModel(modelOf(which), 1 + (amount % 2)) }),
];

const anchorActions: readonly Action[] = [
  async ({ chain }, { who, amount }, from) => {
    const member = pick(members, who) as MemberId;
    // Without a tree behind it only a first checkpoint needs no consistency proof.
    const log = amount % 3;
    const checkpoint = {
      member: encodeChainCode(member),
      log,
      suite: encodeChainCode('rfc6962-sha256'),
      size: 1 + amount,
      root: hash(amount),
    };
    const signature = (await testAccount(member).signTypedData(
      { name: 'Xinshu Audit Anchor', version: '1', chainId: chain.chainId, verifyingContract: chain.contracts['audit-anchor'] },
      {
        Checkpoint: ['bytes32 member', 'uint32 log', 'bytes32 suite', 'uint64 size', 'bytes32 root'].map((field) => ({
          type: field.split(' ')[0] as string,
          name: field.split(' ')[1] as string,
        })),
      },
      checkpoint,
    )) as Hex;
    return { from, call: anchorCheckpoints([{ ...checkpoint, member, suite: 'rfc6962-sha256', consistency: [], signature }]) };
  },
  async ({ chain }, { who, amount }, from) => {
    const evidence = await forkedBy(pick(members, who) as MemberId, 1 + (amount % 9), {
      chainId: chain.chainId,
      anchor: chain.contracts['audit-anchor'] as Address,
    });
    return { from, call: reportFork(evidence) };
  },
  (_, { amount }) => ({ from: testAccount('chain-hub'), call: rotateAccount(testAccount(`chain-hub ${amount}`).address as Address) }),
];

const by = (actor: string, actions: readonly Action[]) => actions.map((act) => ({ actor, act }));
const [request, ...decisions] = grantActions;
/** Each with who is most often allowed to do it. */
const all = [
  ...by('fin-weihe', memberActions),
  ...by('gov-credit', catalogActions),
  ...by('bank-changan', [request as Action, request as Action]),
  ...by('gov-credit', decisions),
  ...by('gov-credit', consentActions),
  ...by('gov-credit', modelActions),
  ...by('audit-office', anchorActions),
];

export const drawArbitrary: fc.Arbitrary<Draw> = fc.record({
  kind: fc.nat(all.length - 1),
  who: fc.nat(63),
  which: fc.nat(63),
  amount: fc.nat(999),
});

export const actionOf = async (context: ActionContext, draw: Draw): Promise<Sending> => {
  const { actor, act } = pick(all, draw.kind);
  return act(context, draw, testAccount(draw.who % 5 === 0 ? pick(members, draw.who) : actor));
};

/** What makes most of the others possible: datasets with a policy, and a request that waits for its provider. */
export const prelude = (now: number): readonly Sending[] => {
  const draw = { kind: 0, who: 1, which: 0, amount: 0 };
  const context = { now, requests: [], grants: [], consents: [] } as unknown as ActionContext;
  const [register, , setPolicyOf] = catalogActions as readonly ((...args: Parameters<Action>) => Sending)[];
  const [registerOne] = modelActions as readonly ((...args: Parameters<Action>) => Sending)[];
  const provider = testAccount('gov-credit');
  return [
    admin('directory', 'setParameter', encodeChainCode('min-contributors'), 1, 0),
    ...[0, 1, 2, 3].map((which) => register?.(context, { ...draw, which, amount: 1 }, provider)),
    setPolicyOf?.(context, { ...draw, which: 1 }, provider),
    registerOne?.(context, draw, provider),
    ...[0, 1].map((which) =>
      (request as (...args: Parameters<Action>) => Sending)(context, { ...draw, which }, testAccount('bank-changan')),
    ),
  ].filter((sending) => sending !== undefined);
};
