import { encodeChainCode } from '../../../domain/chain-code.ts';
import { bigintOf, codeOf, hexOf, numberOf, scopeOf, wordOf } from '../registry/read-event.ts';
import type { TablesView } from '../registry/view.ts';
import { fieldsOf, type RegistryCheck } from './registry-check.ts';

const requestStates = ['open', 'granted', 'declined', 'cancelled'] as const;
const grantStates = ['live', 'revoked'] as const;
const isAbsent: RegistryCheck['isAbsent'] = (answer) => numberOf(fieldsOf(answer), 'state') === 0;

export function* grantChecks(view: TablesView): Iterable<RegistryCheck> {
  const contract = 'grant-registry';
  for (const { id, ...request } of view.requests()) {
    yield {
      what: `request ${id}`,
      contract,
      of: 'any',
      method: 'accessRequest',
      args: [id],
      expected: request,
      found: (answer) => {
        const found = fieldsOf(answer);
        return {
          dataset: codeOf(found, 'dataset'),
          consumer: codeOf(found, 'consumer'),
          scope: scopeOf(found, 'scope'),
          state: wordOf(found, 'state', requestStates),
        };
      },
      isAbsent,
    };
  }
  const pairs = new Map<string, RegistryCheck>();
  for (const { id, request: _request, byPolicy: _byPolicy, ...grant } of view.grants()) {
    yield {
      what: `grant ${id}`,
      contract,
      of: 'any',
      method: 'grant',
      args: [id],
      expected: grant,
      found: (answer) => {
        const found = fieldsOf(answer);
        return {
          dataset: codeOf(found, 'dataset'),
          provider: codeOf(found, 'provider'),
          consumer: codeOf(found, 'consumer'),
          scope: scopeOf(found, 'scope'),
          priceFen: bigintOf(found, 'priceFen'),
          termsHash: hexOf(found, 'termsHash'),
          version: numberOf(found, 'version'),
          state: wordOf(found, 'state', grantStates),
        };
      },
      isAbsent,
    };
    const what = `grants of ${grant.consumer} on ${grant.dataset}`;
    pairs.set(what, {
      what,
      contract,
      of: 'any',
      method: 'grantsOf',
      args: [encodeChainCode(grant.dataset), encodeChainCode(grant.consumer)],
      expected: view.grantsOf(grant.dataset, grant.consumer).map((one) => one.id),
      found: (answer) => answer,
      isAbsent: (answer) => (answer as readonly unknown[]).length === 0,
    });
  }
  yield* pairs.values();
}
