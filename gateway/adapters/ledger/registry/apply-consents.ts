import type { ConsentId, CredentialId, DatasetId, MemberId, SubjectCommitment } from '../../../domain/ids.ts';
import type { Consent, ConsentScope } from '../../../domain/registry-state.ts';
import { barKey, type Change, credentialKey, type EventArguments, type Latest, type RegistryEvent } from './entity.ts';
import { addressOf, codeOf, codesOf, hexOf, known, numberOf, operationsOf, recordsOf } from './read-event.ts';

const scopesOf = (args: EventArguments): readonly ConsentScope[] =>
  recordsOf(args, 'scopes').map((scope) => ({ dataset: codeOf(scope, 'dataset') as DatasetId, fields: codesOf(scope, 'fields') }));

const none = `0x${'0'.repeat(64)}`;

/** IConsentRegistry's events. */
export const applyConsents = (latest: Latest, { name, args }: RegistryEvent, block: number): readonly Change[] => {
  if (name === 'CredentialRevoked') {
    const issuer = codeOf(args, 'issuer') as MemberId;
    const credential = hexOf(args, 'credential') as CredentialId;
    return [{ kind: 'credential', key: credentialKey(issuer, credential), value: { issuer, credential, block } }];
  }
  // Events inherited from libraries name no entity.
  if (args.id === undefined) return [];
  const id = hexOf(args, 'id') as ConsentId;
  const put = (value: Consent): readonly Change[] => [{ kind: 'consent', key: id, value }];
  const consent = (): Consent => known(latest.get('consent', id), 'consent');
  switch (name) {
    case 'ConsentGiven': {
      const renews = hexOf(args, 'renews');
      return put({
        id,
        subject: hexOf(args, 'subject') as SubjectCommitment,
        key: addressOf(args, 'key'),
        grantee: codeOf(args, 'grantee') as MemberId,
        scopes: scopesOf(args),
        purpose: codeOf(args, 'purpose'),
        operations: operationsOf(args, 'operations'),
        notBefore: numberOf(args, 'notBefore'),
        notAfter: numberOf(args, 'notAfter'),
        maxUses: numberOf(args, 'maxUses'),
        revision: 0,
        state: 'given',
        renews: renews === none ? undefined : (renews as ConsentId),
        renewedBy: undefined,
      });
    }
    case 'ConsentAmended':
      return put({
        ...consent(),
        revision: numberOf(args, 'revision'),
        scopes: scopesOf(args),
        operations: operationsOf(args, 'operations'),
        notAfter: numberOf(args, 'notAfter'),
        maxUses: numberOf(args, 'maxUses'),
      });
    case 'ConsentRenewed':
      return put({ ...consent(), state: 'renewed', renewedBy: hexOf(args, 'by') as ConsentId });
    case 'ConsentWithdrawn':
      return put({ ...consent(), state: 'withdrawn' });
    case 'ConsentBarred': {
      const key = addressOf(args, 'key');
      return [{ kind: 'bar', key: barKey(id, key), value: { consent: id, key } }];
    }
    default:
      return [];
  }
};
