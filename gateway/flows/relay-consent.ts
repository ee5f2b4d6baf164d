import type { ConsentMessage } from '../domain/consent-typed-data.ts';
import type { ConsentId, Hex, MemberId } from '../domain/ids.ts';
import type { Result } from '../domain/result.ts';
import type { Modules } from './modules.ts';

export type RelayConsentInput = {
  readonly consent: ConsentMessage;
  readonly signature: Hex;
  /** The opening of the commitment, sealed by the subject to the grantee and to each provider named, by member id. */
  readonly openings: Readonly<Record<MemberId, string>>;
};
export type RelayConsentOutput = { readonly consent: ConsentId; readonly block: number; readonly providers: readonly MemberId[] };

export const relayConsent = async (_modules: Modules, _input: RelayConsentInput): Promise<Result<RelayConsentOutput>> => {
  throw new Error('in work');
};
