import { Wallet as EthersWallet } from 'ethers';
import { systemRandomness } from '../../../gateway/adapters/clock/system.ts';
import type { Chain } from '../../../gateway/cli/chain.ts';
import { gatewayClient } from '../../../gateway/cli/gateway-client.ts';
import { clientAddress } from '../../../gateway/cli/network-file.ts';
import { draftConsent, freshKey, signConsent } from '../../../gateway/cli/subjects/make-consent.ts';
import { readCredential } from '../../../gateway/cli/subjects/open-wallet.ts';
import type { Wallet } from '../../../gateway/cli/subjects/wallet.ts';
import { fieldsRead } from '../../../gateway/domain/feature.ts';
import type { Address, ConsentId, MemberId } from '../../../gateway/domain/ids.ts';
import type { ReferenceNetwork } from './network.ts';
import { patiently } from './patiently.ts';
import { purpose, type SectorDataset, subjectOf } from './sectors.ts';

const bank = 'bank-changan';
const daySeconds = 86_400;

const scopeOf = ({ schema, features }: SectorDataset) => ({
  dataset: schema.id,
  fields: [...new Set(features.flatMap(({ derivation }) => fieldsRead(derivation)))],
});

/** Everything an applicant does: makes a key, gets a credential for it, and lets the bank score the four datasets once. */
export const consentOfApplicant = async (
  { file, datasets, as }: Pick<ReferenceNetwork, 'file' | 'datasets' | 'as'>,
  chain: Chain,
  number: string,
): Promise<ConsentId> => {
  const privateKey = freshKey(systemRandomness);
  const address = new EthersWallet(privateKey).address as Address;
  const wallet: Wallet = { version: 1, name: number, subject: subjectOf(number), privateKey, address, credentials: [], consents: [] };
  const asked = { subject: wallet.subject, key: address, grade: 3, method: 'reference', validDays: 30 };
  const { credential } = await patiently(() => as('gov.steward').post<{ credential: string }>('/v1/credentials', asked));
  const now = chain.head().block.time;
  const terms = {
    grantee: bank as MemberId,
    scopes: datasets.map(scopeOf),
    purpose,
    operations: ['score' as const],
    notBefore: now - 60,
    notAfter: now + 30 * daySeconds,
    maxUses: 1,
  };
  const draft = draftConsent(wallet, terms, undefined, now + daySeconds, systemRandomness);
  const { id, message, signature, openings } = await signConsent(
    draft,
    wallet,
    readCredential(credential, wallet),
    chain,
    systemRandomness,
  );
  const client = gatewayClient(clientAddress(file, bank), undefined, 'en');
  await patiently(() => client.post('/v1/subject/consents', { consent: message, signature, openings }));
  return id;
};
