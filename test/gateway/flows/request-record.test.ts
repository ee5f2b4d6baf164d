import { expect } from 'chai';
import { requestRecord } from '../../../gateway/flows/request-record.ts';
import { believes, consumer, dataset, giveConsent, members, provider, publish, query, stranger } from '../../helpers/electricity.ts';
import { codeOf, type GatewayNetwork, good, startGatewayNetwork } from '../../helpers/gateway-network.ts';

describe('request-record', () => {
  let network: GatewayNetwork;
  before(async () => {
    network = await startGatewayNetwork(members, believes);
    await publish(network);
  });
  after(() => network.remove());

  it('answers with the records of the subject, proved against the chain, and logs both halves', async () => {
    const consent = await giveConsent(network);
    const bank = network.gateway(consumer).modules;
    const answer = good(await requestRecord(bank, query(consent)));
    expect(answer.records).to.deep.equal([
      { period: '2025-11', kWh: 1000 },
      { period: '2025-12', kWh: 1001 },
    ]);
    expect(answer).to.include({ outcome: 'ok', provider, dataset, version: 1, priceFen: '50' });
  });
});
