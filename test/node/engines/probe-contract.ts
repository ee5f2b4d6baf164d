import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ContractFactory, type InterfaceAbi, JsonRpcProvider, Wallet } from 'ethers';

interface Solc {
  compile(input: string): string;
}
interface Output {
  readonly errors?: readonly { severity: string; formattedMessage: string }[];
  readonly contracts: { 'Probe.sol': { Probe: { abi: InterfaceAbi; evm: { bytecode: { object: string } } } } };
}

export interface ProbeArtifact {
  readonly abi: InterfaceAbi;
  readonly bytecode: string;
}

let compiled: ProbeArtifact | undefined;

/** The probe compiled with the solc that npm installed, for paris. */
export function probeArtifact(): ProbeArtifact {
  compiled ??= compile();
  return compiled;
}

function compile(): ProbeArtifact {
  const solc = createRequire(import.meta.url)('solc') as Solc;
  const input = {
    language: 'Solidity',
    sources: { 'Probe.sol': { content: readFileSync(new URL('./Probe.sol', import.meta.url), 'utf8') } },
    settings: { evmVersion: 'paris', outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } } },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as Output;
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'));
  const { abi, evm } = output.contracts['Probe.sol'].Probe;
  return { abi, bytecode: `0x${evm.bytecode.object}` };
}

export function connect(endpoint: string): JsonRpcProvider {
  return new JsonRpcProvider(endpoint, undefined, { staticNetwork: true, cacheTimeout: -1, batchStallTime: 0, pollingInterval: 100 });
}

/** Wallets from a seed, so that a failing run can be repeated. */
export function walletOf(seed: number, provider: JsonRpcProvider): Wallet {
  return new Wallet(`0x${(BigInt(seed) + 1n).toString(16).padStart(64, '0')}`, provider);
}

export function probeFactory(wallet: Wallet): ContractFactory {
  const { abi, bytecode } = probeArtifact();
  return new ContractFactory(abi, bytecode, wallet);
}
