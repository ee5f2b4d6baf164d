import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { readKeystore } from '../../../gateway/adapters/keys/keystore-file.ts';
import { keysOf } from '../../../gateway/adapters/keys/open-keystore.ts';
import { cosignaturesIn } from '../../../gateway/audit/cosignature.ts';
import { readNote, readSignatures } from '../../../gateway/audit/note.ts';
import { witnessesOf } from '../../../gateway/audit/witness-set.ts';
import type { MemberId } from '../../../gateway/domain/ids.ts';
import { openSealed } from '../../../gateway/sealing/jwe.ts';
import { type GatewayNetwork, good, startGatewayNetwork } from '../../helpers/gateway-network.ts';
import { SignedLog } from '../../helpers/signed-log.ts';

const seed = Number(process.env.SEED ?? 20260401);
const rounds = Number(process.env.KILLS ?? 4);
/** Reproducible numbers below a bound (a linear congruential generator: only its spread matters). */
const numbers = (start: number): ((bound: number) => number) => {
  let state = start >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
};
const [log, witness] = ['bank-changan', 'gov-credit'] as const;
const step = 6;

describe(`faults: a witness is killed while it is shown two histories (SEED=${seed})`, () => {
  let network: GatewayNetwork;
  let child: ChildProcess | undefined;

  before(async () => {
    network = await startGatewayNetwork([log, witness]);
    const { peerUrl } = network.gateway(witness);
    await network.stop(witness);
    const path = join(network.folder(witness), 'config.json');
    const config = JSON.parse(await readFile(path, 'utf8'));
    // Where the registry says it is.
    await writeFile(path, JSON.stringify({ ...config, peer: { host: '127.0.0.1', port: Number(new URL(peerUrl).port) } }));
  });
  after(async () => {
    child?.kill('SIGKILL');
    await network.remove();
  });

  const start = async (): Promise<ChildProcess> => {
    const made = spawn(process.execPath, ['gateway/main.ts', '--dir', network.folder(witness)], { stdio: ['ignore', 'pipe', 'inherit'] });
    child = made;
    const ended = once(made, 'exit').then(([status]) => {
      throw new Error(`the witness ended with ${status} before it was ready`);
    });
    await Promise.race([once(made.stdout!, 'data'), ended]);
    ended.catch(() => undefined);
    return made;
  };

  it(`never cosigns both through ${rounds} SIGKILLs`, async () => {
    const below = numbers(seed);
    const { modules } = network.gateway(log);
    const keys = keysOf(await readKeystore(join(network.folder(log), 'keystore.jwe'), 'passphrase of a test'), openSealed);
    const options = { keys, chainId: modules.ledger.chainId, anchor: modules.ledger.address('audit-anchor') };
    const history: { readonly size: number; readonly name: string }[] = [];
    const branch = (name: string, size: number): SignedLog => {
      const made = new SignedLog(options);
      for (const part of history) made.grow(part.size, part.name);
      return made.grow(size, name);
    };

    /** Asks once; the size the witness has cosigned by its answer, and whether it cosigned this. Undefined when it does not answer. */
    const ask = async (of: SignedLog, from: number, to: number): Promise<{ size: number; cosigned: boolean } | undefined> => {
      const answer = await modules.witnesses.addCheckpoint(witness as MemberId, await of.request(from, to));
      if (!answer.ok) return answer.refusal.code === 'WITNESS_PROOF' ? { size: from, cosigned: false } : undefined;
      if (answer.value.kind === 'conflict') return { size: answer.value.size, cosigned: false };
      const { text } = good(readNote(await of.note(to)));
      const signatures = readSignatures(answer.value.lines) ?? [];
      const found = good(cosignaturesIn({ text, signatures }, witnessesOf(modules.ledger.head(), options.chainId, modules.member)));
      expect(found.map(({ member }) => member)).to.deep.equal([witness]);
      return { size: to, cosigned: true };
    };

    let cosignatures = 0;
    let running = await start();
    for (let round = 0; round < rounds; round += 1) {
      const from = history.at(-1)?.size ?? 0;
      const branches = ['a', 'b'].map((name) => ({ name: `${round}${name}`, log: branch(`${round}${name}`, from + step), cosigned: 0 }));
      let alive = true;
      const offering = branches.map(async (each) => {
        let at = from;
        while (alive) {
          // Also what it has answered already, and from where it does not stand.
          const answer = await ask(each.log, at, Math.min(from + step, at + below(3)));
          if (answer === undefined) continue;
          if (answer.cosigned && answer.size > from) each.cosigned += 1;
          at = Math.min(answer.size, from + step);
        }
      });
      await pause(below(120));
      const ended = once(running, 'exit');
      running.kill('SIGKILL');
      expect((await ended)[1]).to.equal('SIGKILL');
      alive = false;
      await Promise.all(offering);

      running = await start();
      for (const each of branches) {
        const stands = await ask(each.log, from, from + step);
        const answer = stands?.cosigned === false ? await ask(each.log, stands.size, from + step) : stands;
        if (answer?.cosigned === true) each.cosigned += 1;
      }
      expect(branches.filter(({ cosigned }) => cosigned > 0).length, JSON.stringify(branches)).to.equal(1);
      const kept = branches.find(({ cosigned }) => cosigned > 0)!;
      cosignatures += kept.cosigned;
      history.push({ size: from + step, name: kept.name });
    }
    expect(cosignatures).to.be.greaterThan(rounds);
    // Each start of a process takes its time.
  }).timeout(180_000);
});
