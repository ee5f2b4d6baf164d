import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export type CompiledCircuit = { readonly r1cs: string; readonly symbols: string; readonly witness: string; readonly calculator: string };

/** Where a circuit and its libraries stand, both below `root`, and how far the compiler simplifies it. */
export type CircuitSource = {
  readonly root: string;
  readonly source: string;
  readonly libraries: string;
  readonly simplify: '--O0' | '--O2';
};

export const shippedCircuit: CircuitSource = {
  root,
  source: 'gateway/circuits/points.circom',
  libraries: 'node_modules',
  simplify: '--O2',
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
  return {
    r1cs: join(folder, 'points.r1cs'),
    symbols: join(folder, 'points.sym'),
    witness: join(folder, 'points_js', 'points.wasm'),
    calculator: join(folder, 'points_js', 'witness_calculator.js'),
  };
};
