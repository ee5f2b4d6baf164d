import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CircuitName } from '../../gateway/adapters/prover/artefacts.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export type CompiledCircuit = { readonly r1cs: string; readonly symbols: string; readonly witness: string; readonly calculator: string };

/** Where a circuit and its libraries stand, both below `root`, and how far the compiler simplifies it. */
export type CircuitSource = {
  readonly root: string;
  readonly source: string;
  readonly libraries: string;
  readonly simplify: '--O0' | '--O2';
};

const shipped = (name: CircuitName): CircuitSource => ({
  root,
  source: `gateway/circuits/${name}.circom`,
  libraries: 'node_modules',
  simplify: '--O2',
});
export const shippedCircuits: Readonly<Record<CircuitName, CircuitSource>> = {
  points: shipped('points'),
  'score-band': shipped('score-band'),
};

/** Compiles a circuit into `folder` (points.circom: 8 s of CPU). Same sources, same bytes, whatever the folder. */
export const compileCircuit = async (circuit: CircuitSource, folder: string): Promise<CompiledCircuit> => {
  mkdirSync(folder, { recursive: true });
  const args = [circuit.source, circuit.simplify, '--r1cs', '--wasm', '--sym', '-l', circuit.libraries, '-o', folder];
  const child = spawn(join(root, 'node_modules', '.bin', 'circom2'), args, { cwd: circuit.root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`circom2 ended with ${code}:\n${output}`);
  const name = basename(circuit.source, '.circom');
  return {
    r1cs: join(folder, `${name}.r1cs`),
    symbols: join(folder, `${name}.sym`),
    witness: join(folder, `${name}_js`, `${name}.wasm`),
    calculator: join(folder, `${name}_js`, 'witness_calculator.js'),
  };
};
