import { keyInUse, type RotationFacts, rotationStep } from '../domain/key-rotation.ts';
import type { RegistryView } from '../domain/registry-view.ts';
import type { KeyChoice, KeyRing } from '../ports/key-ring.ts';
import type { SoleWriter } from '../ports/ledger.ts';
import { addKey, retireKey, rotateAccount } from '../ports/ledger-calls.ts';
import type { Modules } from './modules.ts';

export type RotationModules = Pick<Modules, 'member' | 'ledger' | 'clock' | 'log' | 'policy'> & {
  readonly writer: SoleWriter;
  readonly ring: KeyRing;
};

const factsOf = ({ member: id, ledger, clock, policy, ring }: RotationModules, view: RegistryView): RotationFacts | undefined => {
  const member = view.member(id);
  if (member === undefined) return undefined;
  const settleSeconds = view.parameter('max-block-age');
  const { requestSeconds, redeliverySeconds } = policy.limits;
  return {
    member,
    block: view.block.number,
    held: ring.held(),
    age: ({ fromBlock }) => clock.now() / 1000 - (ledger.at(fromBlock)?.block.time ?? view.block.time),
    settleSeconds,
    underWaySeconds: settleSeconds + requestSeconds + redeliverySeconds,
  };
};

/** Has the keys used that the registry says; before admission those that were made first. */
export const useKeys = (modules: RotationModules, view: RegistryView): void => {
  const { keys, accounts } = modules.ring.held();
  const facts = factsOf(modules, view);
  const chosen = (purpose: 'sign' | 'note' | 'tls') =>
    (facts === undefined ? undefined : keyInUse(facts, purpose)) ?? keys.find((key) => key.purpose === purpose)!.data;
  const account = facts !== undefined && accounts.includes(facts.member.account) ? facts.member.account : accounts[0]!;
  const choice: KeyChoice = { sign: chosen('sign'), note: chosen('note'), tls: chosen('tls'), account };
  modules.ring.use(choice);
};

/** Takes up keys that were made, has those used that are due, and brings the registry one step on. True when there was a step, and it is in the chain. */
export const rotateKeys = async (modules: RotationModules): Promise<boolean> => {
  const { ledger, writer, ring, log } = modules;
  await ring.refresh();
  const view = ledger.head();
  useKeys(modules, view);
  const facts = factsOf(modules, view);
  if (facts?.member.status !== 'active') return false;
  const step = rotationStep(facts);
  if (step === undefined) return false;
  const done =
    step.kind === 'account'
      ? await writer.submitAlone(rotateAccount(step.next), () => useKeys(modules, ledger.head()))
      : await writer.submit(step.kind === 'add' ? addKey(step.key.purpose, step.key.suite, step.key.data) : retireKey(step.key.index));
  const what = step.kind === 'account' ? { account: step.next } : { purpose: step.key.purpose, key: step.key.data };
  if (done.ok) log.info({ step: step.kind, ...what, block: done.value.block }, 'key rotation');
  else log.warn({ step: step.kind, ...what, outcome: done.refusal.code }, 'key rotation waits');
  return done.ok;
};
