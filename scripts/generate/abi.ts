/**
 * Writes the contracts' ABIs, with all custom errors, into the gateway's ledger adapter; run after `hardhat build`.
 * `--check` writes nothing and ends with 1 if the committed file differs.
 */
import { readFileSync, writeFileSync } from 'node:fs';

type AbiEntry = Readonly<{ type: string; name?: string }> & Readonly<Record<string, unknown>>;

const OUTPUT = new URL('../../gateway/adapters/ledger/abi.generated.ts', import.meta.url);
const ARTIFACTS = new URL('../../artifacts/', import.meta.url);

/** Export name and artifact of each contract the gateway calls. */
const CONTRACTS = [
  ['directoryAbi', 'contracts/access/Directory.sol/Directory.json'],
  ['councilAbi', 'contracts/access/Council.sol/Council.json'],
  ['emergencyPauseAbi', 'contracts/access/EmergencyPause.sol/EmergencyPause.json'],
  ['memberRegistryAbi', 'contracts/members/MemberRegistry.sol/MemberRegistry.json'],
  ['dataCatalogAbi', 'contracts/catalog/DataCatalog.sol/DataCatalog.json'],
  ['grantRegistryAbi', 'contracts/authorization/GrantRegistry.sol/GrantRegistry.json'],
  ['consentRegistryAbi', 'contracts/authorization/ConsentRegistry.sol/ConsentRegistry.json'],
  ['auditAnchorAbi', 'contracts/audit/AuditAnchor.sol/AuditAnchor.json'],
  ['modelRegistryAbi', 'contracts/scoring/ModelRegistry.sol/ModelRegistry.json'],
  ['scoreRegistryAbi', 'contracts/scoring/ScoreRegistry.sol/ScoreRegistry.json'],
  ['scoreVerifierAbi', 'contracts/interfaces/IScoreVerifier.sol/IScoreVerifier.json'],
] as const;

const readAbi = (path: string): readonly AbiEntry[] =>
  (JSON.parse(readFileSync(new URL(path, ARTIFACTS), 'utf8')) as { abi: readonly AbiEntry[] }).abi;

/** `internalType` only repeats Solidity's own names: left out, so that a renamed struct does not change the file. */
const withoutInternalTypes = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutInternalTypes);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'internalType')
      .map(([key, inner]) => [key, withoutInternalTypes(inner)]),
  );
};

/** By kind and name, so that moving a declaration in Solidity does not change the file. */
const render = (name: string, abi: readonly AbiEntry[]): string => {
  const lines = abi.map((entry) => {
    const line = JSON.stringify(withoutInternalTypes(entry));
    return { key: `${entry.type} ${entry.name ?? ''} ${line}`, line };
  });
  lines.sort((a, b) => (a.key < b.key ? -1 : 1));
  return `export const ${name} = [\n${lines.map(({ line }) => `  ${line},\n`).join('')}] as const;\n`;
};

const text = [
  '// Generated from artifacts/ by scripts/generate/abi.ts. Do not edit.\n',
  ...CONTRACTS.map(([name, path]) => render(name, readAbi(path))),
].join('\n');

const committed = (): string => {
  try {
    return readFileSync(OUTPUT, 'utf8');
  } catch {
    return '';
  }
};

if (!process.argv.includes('--check')) writeFileSync(OUTPUT, text);
else if (committed() !== text) {
  console.error('gateway/adapters/ledger/abi.generated.ts differs from the contracts: run `node scripts/generate/abi.ts`');
  process.exitCode = 1;
}
