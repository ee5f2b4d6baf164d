import { bn254ScalarOrder, fullRounds, schedulePoseidon } from './poseidon-schedule.ts';
import { openScalarMemory, scalarBytes } from './scalar-memory.ts';

export { bn254ScalarOrder };

type Permutation = (inputs: readonly bigint[]) => bigint;

const memory = openScalarMemory();
const { multiply, square, add } = memory;
const scratch = memory.reserve(2);
const [power, term] = [scratch, scratch + scalarBytes];

/** Puts the constants of a schedule and room for the state into the memory; the hash is the first element of the state after all rounds (circomlib). */
const compile = (inputs: number): Permutation => {
  const width = inputs + 1;
  const schedule = schedulePoseidon(inputs);
  const store = (values: readonly bigint[]): number => {
    const address = memory.reserve(values.length);
    for (const [at, value] of values.entries()) memory.write(address + at * scalarBytes, value);
    return address;
  };
  const fullConstants = schedule.fullConstants.map(store);
  const mix = store(schedule.mix.flat());
  const mixBefore = store(schedule.mixBefore.flat());
  const constantsBefore = store(schedule.constantsBefore);
  const partial = schedule.partial.map(({ constant, row, column }) => ({
    constant: store([constant]),
    row: store(row),
    column: store(column),
  }));
  const size = width * scalarBytes;
  let [state, next] = [memory.reserve(width), memory.reserve(width)];

  const raiseToFifth = (address: number): void => {
    square(address, power);
    square(power, power);
    multiply(power, address, address);
  };
  const dot = (row: number, vector: number, result: number): void => {
    multiply(row, vector, result);
    for (let at = scalarBytes; at < size; at += scalarBytes) {
      multiply(row + at, vector + at, term);
      add(result, term, result);
    }
  };
  const fullRound = (round: number): void => {
    for (let at = 0; at < size; at += scalarBytes) {
      add(state + at, fullConstants[round]! + at, state + at);
      raiseToFifth(state + at);
    }
    const matrix = round === fullRounds / 2 - 1 ? mixBefore : mix;
    for (let row = 0; row < width; row += 1) dot(matrix + row * size, state, next + row * scalarBytes);
    [state, next] = [next, state];
  };

  return (values) => {
    memory.write(state, 0n);
    for (const [at, value] of values.entries()) memory.write(state + (at + 1) * scalarBytes, value);
    for (let round = 0; round < fullRounds / 2; round += 1) fullRound(round);
    for (let at = 0; at < size; at += scalarBytes) add(state + at, constantsBefore + at, state + at);
    for (const { constant, row, column } of partial) {
      raiseToFifth(state);
      add(state, constant, state);
      dot(row, state, next);
      for (let at = scalarBytes; at < size; at += scalarBytes) {
        multiply(column + at - scalarBytes, state, term);
        add(state + at, term, state + at);
      }
      memory.copy(next, state);
    }
    for (let round = fullRounds / 2; round < fullRounds; round += 1) fullRound(round);
    return memory.read(state);
  };
};

const compiled = new Map<number, Permutation>();

/** Poseidon (x^5, BN254) with circomlib's parameters. Inputs must be field elements. The first hash of a width takes tens of milliseconds, then one of two inputs 60 µs. */
export const poseidonHash = (inputs: readonly bigint[]): bigint => {
  for (const input of inputs) {
    if (input < 0n || input >= bn254ScalarOrder) throw new RangeError('Poseidon input is not a field element');
  }
  let permute = compiled.get(inputs.length);
  if (permute === undefined) {
    permute = compile(inputs.length);
    compiled.set(inputs.length, permute);
  }
  return permute(inputs);
};
