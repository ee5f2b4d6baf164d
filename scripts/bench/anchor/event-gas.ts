import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ContractFactory, encodeBytes32String, type JsonRpcProvider, type TransactionReceipt } from 'ethers';
import { testAccount } from '../../../test/helpers/member-documents.ts';

const artifact = new URL('../../../artifacts/contracts/mocks/UsageEventsMock.sol/UsageEventsMock.json', import.meta.url);
/** What a leaf of a served usage commits to: usage, counterparty, subject, staff, grant, consent, dataset, purpose, operation, fields, price, message. */
const commitments = 12;

/** Gas per usage when each is an event of its own with the facts of a leaf, `together` in a transaction. */
export const eventGas = async (provider: JsonRpcProvider, together: number, gasLimit: bigint): Promise<number> => {
  const { abi, bytecode } = JSON.parse(readFileSync(artifact, 'utf8'));
  const signer = testAccount('bench').connect(provider);
  const contract = await new ContractFactory(abi, bytecode, signer).deploy({ gasPrice: 0, gasLimit });
  await contract.waitForDeployment();
  const usages = Array.from({ length: together }, () => ({
    time: Date.UTC(2026, 0, 1),
    blockNumber: 123_456,
    step: encodeBytes32String('served'),
    outcome: encodeBytes32String('ok'),
    tag: randomBytes(32),
    commitments: Array.from({ length: commitments }, () => randomBytes(32)),
  }));
  const sent = await contract.getFunction('log')(usages, { gasPrice: 0, gasLimit });
  const receipt = (await sent.wait()) as TransactionReceipt;
  if (receipt.logs.length !== together) throw new Error(`${receipt.logs.length} of ${together} events`);
  return Math.round(Number(receipt.gasUsed) / together);
};
