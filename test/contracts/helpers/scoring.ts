import { code, DATASET, DAY, ethers, type MemberName, OPERATION, registration, send, type World, world } from './world.ts';

export const MODEL = code('sme-supplier');
export const OUTPUT = { none: 0, score: 1, band: 2, decision: 3 } as const;
export const APPROVED_BY = { council: 0, providers: 1 } as const;
export const MIN_CONTRIBUTORS = 3;

/** One dataset each of three providers, in the order of the model's parts. */
export const SCORED: readonly { readonly dataset: string; readonly owner: MemberName }[] = [
  { dataset: DATASET, owner: 'registry' },
  { dataset: code('bank.loan'), owner: 'bank' },
  { dataset: code('grid.electricity'), owner: 'grid' },
];

export type Part = { readonly dataset: string; readonly derivation: string; readonly partHash: string };
export const parts = (): Part[] =>
  SCORED.map(({ dataset }, index) => ({
    dataset,
    derivation: ethers.id(`derivation ${index}`),
    partHash: ethers.toBeHex(1000 + index, 32),
  }));

export const modelRegistration = (start: bigint, change: Partial<Record<string, unknown>> = {}) => ({
  documentHash: ethers.id('the public document'),
  output: OUTPUT.score,
  reasonsToConsumer: false,
  minContributors: MIN_CONTRIBUTORS,
  notBefore: start - DAY,
  notAfter: start + 30n * DAY,
  parts: parts(),
  ...change,
});

/** The world with three datasets for scores, and the network's parameters for models. */
export const scoringWorld = async (): Promise<World> => {
  const w = await world();
  const { catalog, directory } = w.contracts;
  for (const { dataset, owner } of SCORED.slice(1))
    await send(catalog, w.by[owner], 'register', dataset, registration({ operations: OPERATION.raw | OPERATION.score }));
  await send(directory, w.admin, 'setParameter', code('model-approval'), APPROVED_BY.council, 0);
  await send(directory, w.admin, 'setParameter', code('min-contributors'), MIN_CONTRIBUTORS, 0);
  return w;
};
