import type { DatasetId, GrantId, MemberId, RequestId } from '../../../domain/ids.ts';
import type { AccessRequest, Grant } from '../../../domain/registry-state.ts';
import type { Change, Latest, RegistryEvent } from './entity.ts';
import { bigintOf, booleanOf, codeOf, hexOf, known, numberOf, scopeOf } from './read-event.ts';

/** IGrantRegistry's events. */
export const applyGrants = (latest: Latest, { name, args }: RegistryEvent): readonly Change[] => {
  // Events inherited from libraries name no entity.
  if (args.id === undefined) return [];
  const id = hexOf(args, 'id');
  const putRequest = (value: AccessRequest): Change => ({ kind: 'request', key: value.id, value });
  const putGrant = (value: Grant): Change => ({ kind: 'grant', key: value.id, value });
  const requested = (key: string): AccessRequest => known(latest.get('request', key), 'request');
  const granted = (): Grant => known(latest.get('grant', id), 'grant');
  switch (name) {
    case 'AccessRequested':
      return [
        putRequest({
          id: id as RequestId,
          dataset: codeOf(args, 'dataset') as DatasetId,
          consumer: codeOf(args, 'consumer') as MemberId,
          scope: scopeOf(args, 'scope'),
          state: 'open',
        }),
      ];
    case 'AccessDeclined':
      return [putRequest({ ...requested(id), state: 'declined' })];
    case 'AccessCancelled':
      return [putRequest({ ...requested(id), state: 'cancelled' })];
    case 'Granted': {
      const request = hexOf(args, 'requestId') as RequestId;
      return [
        putRequest({ ...requested(request), state: 'granted' }),
        putGrant({
          id: id as GrantId,
          request,
          dataset: codeOf(args, 'dataset') as DatasetId,
          provider: codeOf(args, 'provider') as MemberId,
          consumer: codeOf(args, 'consumer') as MemberId,
          scope: scopeOf(args, 'scope'),
          priceFen: bigintOf(args, 'priceFen'),
          termsHash: hexOf(args, 'termsHash'),
          version: 1,
          state: 'live',
          byPolicy: booleanOf(args, 'byPolicy'),
        }),
      ];
    }
    case 'GrantAmended':
      return [
        putGrant({
          ...granted(),
          version: numberOf(args, 'version'),
          scope: scopeOf(args, 'scope'),
          priceFen: bigintOf(args, 'priceFen'),
          termsHash: hexOf(args, 'termsHash'),
        }),
      ];
    case 'GrantRevoked':
      return [putGrant({ ...granted(), state: 'revoked' })];
    default:
      return [];
  }
};
