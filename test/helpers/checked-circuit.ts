import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { CircuitName } from '../../gateway/adapters/prover/artefacts.ts';
import type { CircuitInputs } from '../../gateway/domain/points-proof.ts';
import { type CompiledCircuit, compileCircuit, shippedCircuits } from '../../scripts/circuits/compile-circuit.ts';
import { type Constraint, type R1cs, readR1cs } from './r1cs.ts';

type Calculator = { calculateWitness(inputs: CircuitInputs, sanityCheck: boolean): Promise<readonly bigint[]> };

export type CheckedCircuit = {
  readonly shipped: CompiledCircuit;
  readonly r1cs: R1cs;
  /** Every wire as the circuit computes it from these inputs, whether its constraints hold or not. */
  witness(inputs: CircuitInputs): Promise<readonly bigint[]>;
  /** Names of a wire, more than one where the compiler found them equal. */
  names(wire: number): readonly string[];
  /** What a constraint is about: names of its wires, without `main.` and without the places in arrays. */
  about(constraint: Constraint): readonly string[];
};

/** Signals of a `.sym` file: the wire of each name, -1 where the compiler put another expression in its place. */
const readSymbols = (path: string): ReadonlyMap<string, number> =>
  new Map(
    readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => {
        const [, wire, , name] = line.split(',');
        return [name!, Number(wire)] as const;
      }),
  );

/** Copies circuits without comments and without a single `===`: the same signals, and a witness program that nothing stops. */
const copyUnchecked = (from: string, to: string): void => {
  mkdirSync(to, { recursive: true });
  for (const file of readdirSync(from).filter((name) => name.endsWith('.circom'))) {
    const code = readFileSync(join(from, file), 'utf8');
    // Only files that have any: on the long lists of Poseidon's constants the search would take minutes.
    const unchecked = code.includes('===') ? code.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replace(/[^;{}]*===[^;]*;/g, '') : code;
    writeFileSync(join(to, file), unchecked);
  }
};

/** A circuit compiled into a folder: its constraints as shipped, and the program of a prover that keeps none of them. */
export const compileChecked = async (circuit: CircuitName, folder: string): Promise<CheckedCircuit> => {
  copyUnchecked('gateway/circuits', join(folder, 'unchecked'));
  copyUnchecked('node_modules/circomlib/circuits', join(folder, 'libraries', 'circomlib', 'circuits'));
  const unchecked = { root: folder, source: `unchecked/${circuit}.circom`, libraries: 'libraries', simplify: '--O0' } as const;
  const [shipped, program] = await Promise.all([
    compileCircuit(shippedCircuits[circuit], join(folder, 'shipped')),
    compileCircuit(unchecked, join(folder, 'program')),
  ]);
  const r1cs = readR1cs(shipped.r1cs);
  const named = Array.from({ length: r1cs.wires }, (): string[] => []);
  for (const [name, wire] of readSymbols(shipped.symbols)) if (wire > 0) named[wire]!.push(name);
  const places = readSymbols(program.symbols);
  const build = createRequire(import.meta.url)(program.calculator) as (code: Uint8Array) => Promise<Calculator>;
  const calculator = await build(readFileSync(program.witness));
  return {
    shipped,
    r1cs,
    witness: async (inputs) => {
      const signals = await calculator.calculateWitness(inputs, false);
      return named.map((names, wire) => (wire === 0 ? 1n : signals[places.get(names[0]!)!]!));
    },
    names: (wire) => named[wire] ?? [],
    about: ({ a, b, c }) => {
      const wires = new Set([a, b, c].flatMap((side) => side.map(([wire]) => wire)));
      const plain = (name: string) => name.replace(/^main\./, '').replace(/\[\d+\]/g, '');
      return [...new Set([...wires].map((wire) => plain(named[wire]?.[0] ?? '1')))].sort();
    },
  };
};
