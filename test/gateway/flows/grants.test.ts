import { expect } from 'chai';
import type { DatasetId, GrantId, RequestId } from '../../../gateway/domain/ids.ts';
import type { GrantScope } from '../../../gateway/domain/registry-state.ts';
import type { Result } from '../../../gateway/domain/result.ts';
import { amendGrant } from '../../../gateway/flows/amend-grant.ts';
import { approveAccess } from '../../../gateway/flows/approve-access.ts';
import { cancelAccess } from '../../../gateway/flows/cancel-access.ts';
import { declineAccess } from '../../../gateway/flows/decline-access.ts';
import { requestAccess } from '../../../gateway/flows/request-access.ts';
import { revokeGrant } from '../../../gateway/flows/revoke-grant.ts';
import { retireDataset, setTerms } from '../../../gateway/ports/ledger-calls.ts';
import { consumer, dataset, members, provider, publish } from '../../helpers/electricity.ts';
import { codeOf, type GatewayNetwork, good, startGatewayNetwork } from '../../helpers/gateway-network.ts';

const unknown = `0x${'12'.repeat(32)}`;

describe('requests and grants between institutions', () => {
  let network: GatewayNetwork;
  before(async () => {
    network = await startGatewayNetwork(members);
    await publish(network);
  });
  after(() => network.remove());

  const bank = () => network.gateway(consumer).modules;
  const grid = () => network.gateway(provider).modules;
  /** Wider than the policy in its operations, so that a steward must decide. */
  const scope = (): GrantScope => {
    const now = bank().ledger.head().block.time;
    return {
      fields: ['period', 'kWh'],
      purposes: ['loan-approval'],
      operations: ['raw', 'score'],
      notBefore: now,
      notAfter: now + 86_400,
      quota: 5,
    };
  };
  const ask = async (): Promise<RequestId> => {
    const { request, grant } = good(await requestAccess(bank(), { dataset, scope: scope() }));
    expect(grant).to.equal(undefined);
    await network.settled();
    return request;
  };
  const approved = async (): Promise<GrantId> => {
    const { grant } = good(await approveAccess(grid(), { request: await ask(), scope: {}, priceFen: undefined, termsHash: undefined }));
    await network.settled();
    return grant;
  };
  const approve = (request: RequestId, change: Partial<GrantScope> = {}) =>
    approveAccess(grid(), { request, scope: change, priceFen: undefined, termsHash: undefined });

  /** The refusal, and that neither requests nor grants differ after it. */
  const refused = async (work: () => Promise<Result<unknown>>): Promise<string> => {
    await network.settled();
    const state = () =>
      JSON.stringify([grid().ledger.head().requests(), grid().ledger.head().grants()], (_, value) =>
        typeof value === 'bigint' ? String(value) : value,
      );
    const before = state();
    const code = codeOf(await work());
    await network.settled();
    expect(state()).to.equal(before);
    return code;
  };

  it('grants a request within what it asks, with the price and terms of the catalog', async () => {
    const request = await ask();
    const { grant } = good(await approve(request, { quota: 2, operations: ['score'] }));
    await network.settled();
    const made = bank().ledger.head().grant(grant);
    expect(made).to.include({ state: 'live', consumer, provider, priceFen: 50n, version: 1, byPolicy: false });
    expect(made?.scope).to.deep.include({ quota: 2, operations: ['score'], fields: ['period', 'kWh'] });
    expect(bank().ledger.head().request(request)?.state).to.equal('granted');
  });

  it('declines, cancels, amends and revokes', async () => {
    const declined = await ask();
    good(await declineAccess(grid(), { request: declined, reason: 'not-now' }));
    const cancelled = await ask();
    good(await cancelAccess(bank(), { request: cancelled }));
    const grant = await approved();
    expect(good(await amendGrant(grid(), { grant, scope: { quota: 1 }, priceFen: 70n, termsHash: undefined })).version).to.equal(2);
    await network.settled();
    const view = grid().ledger.head();
    expect([view.request(declined)?.state, view.request(cancelled)?.state]).to.deep.equal(['declined', 'cancelled']);
    expect(view.grant(grant)).to.include({ version: 2, priceFen: 70n, state: 'live' });
    good(await revokeGrant(grid(), { grant, reason: 'ended' }));
    await network.settled();
    expect(bank().ledger.head().grant(grant)?.state).to.equal('revoked');
    expect(await refused(() => revokeGrant(grid(), { grant, reason: 'ended' }))).to.equal('GRANT_REVOKED');
    expect(await refused(() => amendGrant(grid(), { grant, scope: {}, priceFen: undefined, termsHash: undefined }))).to.equal(
      'GRANT_REVOKED',
    );
  });

  it('refuses a request that can never be granted', async () => {
    const request = (id: string, change: Partial<GrantScope> = {}) =>
      refused(() => requestAccess(bank(), { dataset: id as DatasetId, scope: { ...scope(), ...change } }));
    expect(await request('nobody.nothing')).to.equal('DATASET_UNKNOWN');
    expect(await refused(() => requestAccess(grid(), { dataset, scope: scope() }))).to.equal('DATASET_OWN');
    expect(await request(dataset, { fields: ['owner'] })).to.equal('FIELD_UNKNOWN');
    expect(await request(dataset, { purposes: ['curiosity'] })).to.equal('PURPOSE_UNKNOWN');
    expect(await request(dataset, { operations: ['sandbox'] })).to.equal('OPERATION_NOT_ALLOWED');
    expect(await request(dataset, { notAfter: 1 })).to.equal('SCOPE_INVALID');
  });

  it('refuses to decide on what is unknown, closed, wider than asked, or of others', async () => {
    const request = await ask();
    expect(await refused(() => approve(unknown as RequestId))).to.equal('ACCESS_REQUEST_UNKNOWN');
    expect(await refused(() => declineAccess(grid(), { request: unknown as RequestId, reason: 'x' }))).to.equal('ACCESS_REQUEST_UNKNOWN');
    expect(await refused(() => cancelAccess(bank(), { request: unknown as RequestId }))).to.equal('ACCESS_REQUEST_UNKNOWN');
    expect(await refused(() => approve(request, { quota: 6 }))).to.equal('SCOPE_BEYOND_REQUEST');
    expect(await refused(() => approveAccess(bank(), { request, scope: {}, priceFen: undefined, termsHash: undefined }))).to.equal(
      'GRANT_NOT_OURS',
    );
    expect(await refused(() => declineAccess(bank(), { request, reason: 'x' }))).to.equal('GRANT_NOT_OURS');
    expect(await refused(() => cancelAccess(grid(), { request }))).to.equal('GRANT_NOT_OURS');
    good(await cancelAccess(bank(), { request }));
    expect(await refused(() => approve(request))).to.equal('ACCESS_REQUEST_CLOSED');
    expect(await refused(() => declineAccess(grid(), { request, reason: 'x' }))).to.equal('ACCESS_REQUEST_CLOSED');
    expect(await refused(() => cancelAccess(bank(), { request }))).to.equal('ACCESS_REQUEST_CLOSED');
    expect(
      await refused(() => amendGrant(grid(), { grant: unknown as GrantId, scope: {}, priceFen: undefined, termsHash: undefined })),
    ).to.equal('GRANT_UNKNOWN');
    expect(await refused(() => revokeGrant(grid(), { grant: unknown as GrantId, reason: 'x' }))).to.equal('GRANT_UNKNOWN');
    const grant = await approved();
    expect(await refused(() => amendGrant(bank(), { grant, scope: {}, priceFen: undefined, termsHash: undefined }))).to.equal(
      'GRANT_NOT_OURS',
    );
    expect(await refused(() => revokeGrant(bank(), { grant, reason: 'x' }))).to.equal('GRANT_NOT_OURS');
    expect(
      await refused(() => amendGrant(grid(), { grant, scope: { fields: ['owner'] }, priceFen: undefined, termsHash: undefined })),
    ).to.equal('FIELD_UNKNOWN');
  });

  it('says why the chain refused, when the mirror could not know: a suspended consumer', async () => {
    const { encodeBytes32String } = await import('ethers');
    await network.administer('suspend', [encodeBytes32String(consumer), encodeBytes32String('test')]);
    expect(await refused(() => requestAccess(bank(), { dataset, scope: scope() }))).to.equal('LEDGER_CALL_REVERTED');
    await network.administer('resume', [encodeBytes32String(consumer)]);
  });

  it('refuses a dataset that is withheld, and one that is retired', async () => {
    const owner = grid();
    const { termsHash } = owner.ledger.head().dataset(dataset)!;
    good(await owner.writer.submit(setTerms(dataset, 'withheld', ['raw'], termsHash)));
    expect(await refused(() => requestAccess(bank(), { dataset, scope: scope() }))).to.equal('DATASET_WITHHELD');
    good(await owner.writer.submit(retireDataset(dataset)));
    expect(await refused(() => requestAccess(bank(), { dataset, scope: scope() }))).to.equal('DATASET_RETIRED');
  });
});
