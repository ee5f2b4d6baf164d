import { declareDataset } from '../../gateway/flows/declare-dataset.ts';
import { type GatewayNetwork, good, startGatewayNetwork } from './gateway-network.ts';
import { modelledDatasets, scoredSchema } from './scorecard-model.ts';

/** Gateways of three providers that declared a dataset each, of a member that owns no part, and of an auditor. */
export const modelledMembers = ['gov-credit', 'fin-weihe', 'grid-qinchuan', 'chain-hub', 'audit-office'];

export const startModelledNetwork = async (): Promise<GatewayNetwork> => {
  const network = await startGatewayNetwork(modelledMembers);
  await Promise.all(
    modelledDatasets.map(async (dataset) =>
      good(await declareDataset(network.gateway(dataset.split('.')[0]!).modules, { schema: scoredSchema(dataset) })),
    ),
  );
  await network.settled();
  return network;
};
