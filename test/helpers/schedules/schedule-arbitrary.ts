import fc from 'fast-check';
import {
  type Act,
  type ConsentPlan,
  type ConsumerName,
  type CredentialName,
  type Cut,
  credentialNames,
  type DatasetName,
  fieldNames,
  type GrantPlan,
  type GrantTerms,
  type MemberName,
  memberNames,
  type Operation,
  purposeNames,
  type Query,
  type Schedule,
  type Scope,
  type Step,
  twists,
} from './schedule.ts';

/** `onChain`: only what one provider, one issuer and one consumer with real gateways can do. */
export type Reach = { readonly onChain: boolean };

const mostly = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, { weight: 3, arbitrary: fc.constantFrom(usual, ...others) });
const sometimes = <T>(arbitrary: fc.Arbitrary<T>, none: number, some: number): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: none, arbitrary: fc.constant(undefined) }, { weight: some, arbitrary });
/** The dataset that a schedule is mostly about. */
type Main = 'meter' | 'loan';
const datasetArbitrary = (main: Main): fc.Arbitrary<DatasetName> => mostly<DatasetName>(main, main === 'meter' ? 'loan' : 'meter');
const fieldsArbitrary = mostly<readonly string[]>(fieldNames, ['period'], ['kWh']);
const operationsArbitrary = mostly<readonly Operation[]>(['raw', 'score'], ['raw'], ['score']);
const fromArbitrary = mostly(-1, 2);
const untilArbitrary = mostly(9, 3, 5, 7);
const placeArbitrary = mostly(0, 1, 2);

const consentArbitrary = ({ onChain }: Reach, main: Main, place: number): fc.Arbitrary<ConsentPlan> =>
  fc.record({
    grantee: onChain ? fc.constant('bank' as const) : mostly<ConsumerName>('bank', 'rival'),
    scopes: fc.record({ dataset: datasetArbitrary(main), fields: fieldsArbitrary, both: fc.nat(3) }).map(({ dataset, fields, both }) => {
      const scopes: Scope[] = [{ dataset, fields }];
      if (both === 0) scopes.push({ dataset: dataset === 'meter' ? 'loan' : 'meter', fields: fieldNames });
      return scopes;
    }),
    purpose: mostly<string>(...purposeNames),
    operations: operationsArbitrary,
    from: fromArbitrary,
    until: untilArbitrary,
    maxUses: fc.integer({ min: 1, max: 4 }),
    subject: mostly<0 | 1>(0, 1),
    credential: mostly<CredentialName>('plain', 'brief', ...(onChain ? [] : (['bureau', 'own'] as const))),
    opening: mostly<ConsentPlan['opening']>('right', 'right', 'right', 'missing', ...(onChain ? [] : (['foreign'] as const))),
    renews: place === 0 ? fc.constant(undefined) : sometimes(fc.nat(place - 1), 1, 1),
  });

const termsArbitrary: fc.Arbitrary<GrantTerms> = fc.record({
  fields: fieldsArbitrary,
  purposes: mostly<readonly string[]>(purposeNames, [purposeNames[0]], [purposeNames[1]]),
  operations: operationsArbitrary,
  from: fromArbitrary,
  until: untilArbitrary,
  quota: mostly(0, 1, 2, 3),
  price: fc.integer({ min: 1, max: 2 }),
});
const grantArbitrary = ({ onChain }: Reach, main: Main): fc.Arbitrary<GrantPlan> =>
  fc
    .tuple(termsArbitrary, onChain ? fc.constant('bank' as const) : mostly<ConsumerName>('bank', 'rival'), datasetArbitrary(main))
    .map(([terms, consumer, dataset]) => ({ ...terms, consumer, dataset }));

const membersOf = ({ onChain }: Reach): readonly MemberName[] => (onChain ? ['bank', 'grid', 'authority'] : memberNames);
const credentialsOf = ({ onChain }: Reach): readonly CredentialName[] => (onChain ? ['plain', 'brief'] : credentialNames);

const actArbitrary = (reach: Reach): fc.Arbitrary<Act> => {
  const of = <K extends Act['act']>(act: K, weight: number, rest: object) => ({
    weight,
    arbitrary: fc.record({ act: fc.constant(act), ...rest }) as unknown as fc.Arbitrary<Act>,
  });
  const member = fc.constantFrom(...membersOf(reach));
  return fc.oneof(
    of('give', 5, { consent: placeArbitrary }),
    of('withdraw', 2, { consent: placeArbitrary }),
    of('amend', 4, {
      consent: placeArbitrary,
      cut: fc.constantFrom<Cut>('fields', 'operations', 'until', 'uses', 'uses', 'nothing', 'wider'),
    }),
    of('grant', 2, { grant: placeArbitrary }),
    of('revokeGrant', 1, { grant: placeArbitrary }),
    of('amendGrant', 3, { grant: placeArbitrary, terms: termsArbitrary }),
    of('suspend', 1, { member }),
    of('resume', 5, { member }),
    of('revokeCredential', 1, { credential: fc.constantFrom(...credentialsOf(reach)) }),
    of('retire', 1, { dataset: mostly<DatasetName>('loan', 'meter') }),
  );
};

const stepArbitrary = (reach: Reach): fc.Arbitrary<Step> => {
  const act = actArbitrary(reach);
  const impossible = ['consumer', 'open', 'unknown-dataset'];
  const twist = mostly<Query['twist']>('none', ...twists.filter((one) => !reach.onChain || !impossible.includes(one)));
  const query = fc.record({
    act: fc.constant('query' as const),
    consent: placeArbitrary,
    grant: mostly<Query['grant']>('any', 0, 1, 2, 'unknown'),
    twist,
    parallel: mostly(1, 2, 4, 6),
    meanwhile: reach.onChain ? fc.constant(undefined) : sometimes(act, 6, 1),
  });
  return fc.oneof(
    { weight: 14, arbitrary: query },
    { weight: 7, arbitrary: act },
    { weight: 2, arbitrary: fc.record({ act: fc.constant('pass' as const), ticks: fc.integer({ min: 1, max: 3 }) }) },
    { weight: 1, arbitrary: fc.constant({ act: 'repeat' } as const) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('hold' as const), consent: placeArbitrary }) },
  );
};

/** Most begin with what a query needs, some with nothing or with a withdrawal of what is not there yet. */
const beginnings: readonly (readonly Step[])[] = [
  [
    { act: 'grant', grant: 0 },
    { act: 'give', consent: 0 },
  ],
  [
    { act: 'grant', grant: 0 },
    { act: 'grant', grant: 1 },
    { act: 'give', consent: 0 },
    { act: 'give', consent: 1 },
  ],
  [
    { act: 'grant', grant: 0 },
    { act: 'withdraw', consent: 0 },
  ],
  [],
];

/** The grant that a consent of the same place needs. */
const aligned = (grant: GrantPlan, consent: ConsentPlan): GrantPlan => ({
  ...grant,
  consumer: consent.grantee,
  dataset: consent.scopes[0]?.dataset ?? grant.dataset,
  operations: ['raw', 'score'],
});

export const scheduleArbitrary = (reach: Reach): fc.Arbitrary<Schedule> =>
  fc.constantFrom<Main>('meter', 'meter', 'loan').chain((main) =>
    fc
      .record({
        consents: fc.tuple(...[0, 1, 2].map((place) => consentArbitrary(reach, main, place))),
        grants: fc.tuple(...[0, 1, 2].map(() => grantArbitrary(reach, main))),
        align: mostly(true, false),
        beginning: mostly(...(beginnings as [readonly Step[], ...(readonly Step[])[]])),
        rest: fc.array(stepArbitrary(reach), { minLength: 6, maxLength: 12 }),
      })
      .map(({ consents, grants, align, beginning, rest }) => ({
        consents,
        grants: align ? grants.map((grant, place) => aligned(grant, consents[place] as ConsentPlan)) : grants,
        steps: [...beginning, ...rest],
      })),
  );
