import { randomBytes } from 'node:crypto';
import type { ContractTransactionReceipt } from 'ethers';
import { contractInterfaces } from '../../../gateway/adapters/ledger/contract-interfaces.ts';
import type { DatasetId, GrantId, Hex, RequestId, UsageId } from '../../../gateway/domain/ids.ts';
import { usageIdFrom } from '../../../gateway/domain/usage-id.ts';
import { acceptOpening } from '../../../gateway/flows/accept-opening.ts';
import type { Modules } from '../../../gateway/flows/modules.ts';
import { serveRecord } from '../../../gateway/flows/serve-record.ts';
import { approveAccess } from '../../../gateway/ports/ledger-calls.ts';
import { newOneTimeKey } from '../../../gateway/sealing/jwe.ts';
import { messageTypes, sealTypes } from '../../../gateway/sealing/messages.ts';
import { type GatewayNetwork, good } from '../gateway-network.ts';
import { testAccount } from '../member-documents.ts';
import type { Asked } from './asked.ts';
import { type ChainPlaces, callOf, reason, type Sending, scopeOf } from './chain-calls.ts';
import { publishDataset } from './chain-dataset.ts';
import { ChainSubjects } from './chain-subject.ts';
import { memberIds, subjectRefs } from './chain-words.ts';
import type { World } from './run-schedule.ts';
import type { ConsentPlan, DatasetName, GrantPlan, MemberName, Schedule } from './schedule.ts';
import { sealFor } from './seal-for.ts';

type Outcome = { readonly taken: boolean; readonly time: number; readonly receipt: ContractTransactionReceipt };
type Sent = { readonly asked: Asked; readonly message: string };

/** One schedule on a real network: real contracts and mirrors, the provider's real gateway. A tick is a second of block time. `finish` leaves the members as they were. */
export const chainWorld = async (
  network: GatewayNetwork,
  schedule: Schedule,
  name: string,
): Promise<World & { finish(): Promise<void> }> => {
  const [bank, grid, authority] = (['bank', 'grid', 'authority'] as const).map((member) => network.gateway(memberIds[member]).modules) as [
    Modules,
    Modules,
    Modules,
  ];
  const datasets: Partial<Record<DatasetName, DatasetId>> = {
    meter: await publishDataset(network, `${name}.meter`, 2),
    loan: await publishDataset(network, `${name}.loan`, 3),
  };
  await network.settled();
  await grid.ledger.freshen();
  const start = grid.ledger.head().block.time;
  const secondsAt = (tick: number): number => start + tick;
  const subjects = new ChainSubjects(schedule.consents, authority, secondsAt, datasets);
  const grants: (GrantId | undefined)[] = schedule.grants.map(() => undefined);
  const places: ChainPlaces = { subjects, secondsAt, datasets, grants };
  let last: Sent | undefined;

  const send = async ({ from, call }: Sending): Promise<Outcome> => {
    const receipt = await network.chain.send(from, call.contract, call.method, call.args).then(
      (included) => included,
      // Mined and reverted: ethers hands the receipt with the error.
      (error: { readonly receipt?: ContractTransactionReceipt }) => {
        if (error.receipt === undefined) throw error;
        return error.receipt;
      },
    );
    const block = await network.chain.provider.getBlock(receipt.blockNumber);
    return { taken: receipt.status === 1, time: (block?.timestamp ?? 0) - start, receipt };
  };
  const idIn = ({ receipt }: Outcome, event: string): Hex | undefined => {
    for (const { topics, data } of receipt.logs) {
      const parsed = contractInterfaces['grant-registry'].parseLog({ topics: [...topics], data });
      if (parsed?.name === event) return parsed.args.id as Hex;
    }
    return undefined;
  };
  const approve = async (place: number, requested: Outcome): Promise<Outcome> => {
    const plan = schedule.grants[place] as GrantPlan;
    const request = idIn(requested, 'AccessRequested') as RequestId;
    const approved = await send({
      from: testAccount(memberIds.grid),
      call: approveAccess(request, scopeOf(places, plan), BigInt(plan.price), reason),
    });
    if (approved.taken) grants[place] = idIn(approved, 'Granted') as GrantId;
    return approved;
  };
  const openingOf = async (place: number): Promise<void> => {
    const { opening } = schedule.consents[place] as ConsentPlan;
    if (opening === 'right')
      good(await acceptOpening(grid, { from: bank.member, message: await subjects.opening(place, bank, grid.member) }));
  };

  const messageOf = async (asked: Asked): Promise<string> => {
    const usage: UsageId = usageIdFrom(randomBytes(16));
    const { block } = bank.ledger.head();
    const iat = Math.floor(bank.clock.now() / 1000);
    const reviewer = asked.reviewer === undefined ? null : asked.reviewer === 'same' ? 'LI NA' : 'Wang Fang';
    const parties = { subject: subjectRefs[asked.subject], requester: 'Li Na', reviewer, review: null };
    return bank.keys.sign(messageTypes.usageRequest, {
      v: 1,
      chain: bank.ledger.chainId,
      iss: bank.member,
      aud: grid.member,
      iat,
      exp: iat + 600,
      usage,
      block: { number: block.number, hash: block.hash },
      dataset: datasets[asked.dataset as DatasetName],
      fields: [...asked.fields],
      purpose: asked.purpose,
      operation: asked.operation,
      grant: asked.grant === 'any' ? null : ((asked.grant === 'unknown' ? undefined : grants[asked.grant]) ?? reason),
      consent: asked.consent === undefined ? null : asked.consent === 'unknown' ? reason : subjects.id(asked.consent),
      oneTimeKey: newOneTimeKey(randomBytes(32)).publicKey,
      leaf: { log: 0, index: 0, leafHash: reason },
      sealed: sealFor(bank.ledger.head(), grid.member, parties, { typ: sealTypes.usageParties, context: usage }),
    });
  };
  const serve = async (sent: Sent): Promise<string> => {
    const answer = good(await serveRecord(grid, { from: bank.member, message: sent.message }));
    const { outcome } = JSON.parse(Buffer.from(answer.split('.')[1] ?? '', 'base64url').toString('utf8')) as { outcome: string };
    if (outcome === 'ok') last = sent;
    return outcome;
  };

  return {
    // This protocol delivers fields; scores have one of their own.
    delivers: ['raw'],
    now: () => grid.ledger.head().block.time - start,
    perform: async (act, state, decide) => {
      // A second request for the same place would be another grant.
      if (act.act === 'grant' && grants[act.grant] !== undefined) return decide(grid.ledger.head().block.time - start);
      let outcome = await send(await callOf(places, state, act));
      if (act.act === 'grant' && outcome.taken) outcome = await approve(act.grant, outcome);
      await network.settled();
      decide(outcome.time);
      if (act.act === 'give' && outcome.taken) await openingOf(act.consent);
      return outcome.taken;
    },
    hold: async (place) => grid.held.hold(await subjects.withdrawal(place)),
    pass: async (ticks) => {
      const until = grid.ledger.head().block.time + ticks;
      for (let tries = 0; grid.ledger.head().block.time < until; tries += 1) {
        if (tries > 2000) throw new Error('block time stands still');
        await network.chain.provider.send('xinshu_freshBlock', []);
        await network.settled();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    query: async (asked, parallel, meanwhile) => {
      await meanwhile();
      const messages = await Promise.all(Array.from({ length: parallel }, () => messageOf(asked)));
      return Promise.all(messages.map((message) => serve({ asked, message })));
    },
    repeat: async () => (last === undefined ? undefined : { asked: last.asked, outcome: await serve(last) }),
    used: (key) => {
      const [kind, place, dataset] = key.split('/') as [string, string, DatasetName];
      if (kind === 'grant') return grid.audit.count(`grant/${grants[Number(place)]}`);
      return grid.audit.count(`consent/${subjects.id(Number(place))}/${datasets[dataset]}`);
    },
    grantOrder: (place) => grants[place] ?? '',
    finish: async () => {
      const members: readonly MemberName[] = ['bank', 'grid', 'authority'];
      for (const member of members) {
        const suspended = grid.ledger.head().member(memberIds[member])?.status === 'suspended';
        if (suspended) await send(await callOf(places, { schedule } as never, { act: 'resume', member }));
      }
      await network.settled();
    },
  };
};
