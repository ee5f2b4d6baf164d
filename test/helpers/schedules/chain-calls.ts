import { encodeBytes32String, type Wallet } from 'ethers';
import { encodeChainCode } from '../../../gateway/domain/chain-code.ts';
import type { DatasetId, GrantId, Hex, RequestId } from '../../../gateway/domain/ids.ts';
import type { GrantScope } from '../../../gateway/domain/registry-state.ts';
import type { LedgerCall } from '../../../gateway/ports/ledger.ts';
import {
  amendConsent,
  amendGrant,
  giveConsent,
  requestAccess,
  retireDataset,
  revokeCredential,
  revokeGrant,
  withdrawConsent,
} from '../../../gateway/ports/ledger-calls.ts';
import { administrator } from '../administered-chain.ts';
import { testAccount } from '../member-documents.ts';
import type { ChainSubjects } from './chain-subject.ts';
import { memberIds } from './chain-words.ts';
import { amended, type ModelState } from './model.ts';
import type { Act, DatasetName, GrantPlan, GrantTerms } from './schedule.ts';

export type Sending = { readonly from: Wallet; readonly call: LedgerCall };
export type ChainPlaces = {
  readonly subjects: ChainSubjects;
  readonly secondsAt: (tick: number) => number;
  readonly datasets: Readonly<Partial<Record<DatasetName, DatasetId>>>;
  /** Given by the registry, so known once granted. */
  readonly grants: readonly (GrantId | undefined)[];
};

export const reason = encodeBytes32String('a schedule') as Hex;
const nobodys = `0x${'99'.repeat(32)}` as GrantId & RequestId;
const byCouncil = (method: string, ...args: readonly unknown[]): Sending => ({
  from: administrator,
  call: { contract: 'member-registry', method, args },
});

export const scopeOf = ({ secondsAt }: ChainPlaces, terms: GrantTerms): GrantScope => ({
  fields: terms.fields,
  purposes: terms.purposes,
  operations: terms.operations,
  notBefore: secondsAt(terms.from),
  notAfter: secondsAt(terms.until),
  quota: terms.quota,
});

/** The transaction of an act. Consents are relayed by one who is no party to them. A grant begins with its request; the approval follows it. */
export const callOf = async (places: ChainPlaces, state: ModelState, act: Act): Promise<Sending> => {
  const { subjects, secondsAt, datasets, grants } = places;
  const grid = testAccount(memberIds.grid);
  switch (act.act) {
    case 'give': {
      const { message, signature } = await subjects.consent(act.consent);
      return { from: administrator, call: giveConsent(message, signature) };
    }
    case 'amend': {
      const { revision, terms } = amended(state, act.consent, act.cut);
      const message = {
        consent: subjects.id(act.consent),
        revision,
        scopes: subjects.scopes(terms.scopes),
        operations: terms.operations,
        notAfter: secondsAt(terms.until),
        maxUses: terms.maxUses,
        deadline: secondsAt(100_000),
      };
      return { from: administrator, call: amendConsent(message, await subjects.amendment(message, act.consent)) };
    }
    case 'withdraw': {
      const { consent, key, signature } = await subjects.withdrawal(act.consent);
      return { from: administrator, call: withdrawConsent(consent, key, signature) };
    }
    case 'grant': {
      const plan = state.schedule.grants[act.grant] as GrantPlan;
      return {
        from: testAccount(memberIds[plan.consumer]),
        call: requestAccess(datasets[plan.dataset] as DatasetId, scopeOf(places, plan)),
      };
    }
    case 'amendGrant':
      return { from: grid, call: amendGrant(grants[act.grant] ?? nobodys, scopeOf(places, act.terms), BigInt(act.terms.price), reason) };
    case 'revokeGrant':
      return { from: grid, call: revokeGrant(grants[act.grant] ?? nobodys, reason) };
    case 'suspend':
      return byCouncil('suspend', encodeChainCode(memberIds[act.member]), reason);
    case 'resume':
      return byCouncil('resume', encodeChainCode(memberIds[act.member]));
    case 'revokeCredential':
      return { from: testAccount(memberIds.authority), call: revokeCredential(subjects.credential(act.credential)) };
    case 'retire':
      return { from: grid, call: retireDataset(datasets[act.dataset] as DatasetId) };
  }
};
