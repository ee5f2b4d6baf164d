import { encodeChainCode } from '../../../domain/chain-code.ts';
import type { Consent } from '../../../domain/registry-state.ts';
import { addressOf, codeOf, codesOf, hexOf, numberOf, operationsOf, recordsOf, wordOf } from '../registry/read-event.ts';
import type { TablesView } from '../registry/view.ts';
import { fieldsOf, named, type RegistryCheck } from './registry-check.ts';

const consentStates = ['live', 'not-yet', 'expired', 'withdrawn', 'renewed', 'barred'] as const;
const zero = `0x${'0'.repeat(64)}`;

/** The contract's word for the consent at this block's time. */
const stateAt = (consent: Consent, time: number): (typeof consentStates)[number] => {
  if (consent.state !== 'given') return consent.state;
  if (time >= consent.notAfter) return 'expired';
  return time < consent.notBefore ? 'not-yet' : 'live';
};

export function* consentChecks(view: TablesView): Iterable<RegistryCheck> {
  const contract = 'consent-registry';
  for (const consent of view.all('consent')) {
    const { id, renews, renewedBy, ...plain } = consent;
    yield {
      what: `consent ${id}`,
      contract,
      of: 'any',
      method: 'consent',
      args: [id],
      expected: { ...plain, state: stateAt(consent, view.block.time), renews: renews ?? zero, renewedBy: renewedBy ?? zero },
      found: (answer) => {
        const found = fieldsOf(answer);
        return {
          subject: hexOf(found, 'subject'),
          key: addressOf(found, 'key'),
          grantee: codeOf(found, 'grantee'),
          scopes: recordsOf(found, 'scopes').map((scope) => ({ dataset: codeOf(scope, 'dataset'), fields: codesOf(scope, 'fields') })),
          purpose: codeOf(found, 'purpose'),
          operations: operationsOf(found, 'operations'),
          notBefore: numberOf(found, 'notBefore'),
          notAfter: numberOf(found, 'notAfter'),
          maxUses: numberOf(found, 'maxUses'),
          revision: numberOf(found, 'revision'),
          state: wordOf(found, 'state', consentStates),
          renews: hexOf(found, 'renews'),
          renewedBy: hexOf(found, 'renewedBy'),
        };
      },
      isAbsent: (answer) => numberOf(fieldsOf(answer), 'state') === 0,
    };
  }
  for (const { consent, key } of view.all('bar')) {
    yield {
      what: `bar of ${consent} by ${key}`,
      contract,
      of: 'any',
      method: 'isBarred',
      args: [consent, key],
      expected: true,
      found: (answer) => answer,
      isAbsent: (answer) => answer === false,
    };
  }
  for (const { issuer, credential, block } of view.all('credential')) {
    yield {
      what: `revocation of ${credential} by ${issuer}`,
      contract,
      of: 'any',
      method: 'credentialRevoked',
      args: [encodeChainCode(issuer), credential],
      expected: block,
      found: (answer) => numberOf(named(answer), 'value'),
      isAbsent: (answer) => answer === 0n,
    };
  }
}
