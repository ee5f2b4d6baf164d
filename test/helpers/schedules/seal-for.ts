import { randomBytes } from 'node:crypto';
import type { MemberId } from '../../../gateway/domain/ids.ts';
import { keysInForce } from '../../../gateway/domain/member-keys.ts';
import type { RegistryView } from '../../../gateway/domain/registry-view.ts';
import { seal, sealEntropyLength } from '../../../gateway/sealing/jwe.ts';
import { valueIn } from '../refusal.ts';

/** Seals a JSON value to a member's newest seal key. */
export const sealFor = (
  view: RegistryView,
  to: MemberId,
  value: object,
  purpose: { readonly typ: string; readonly context: string },
): string => {
  const key = keysInForce(view.member(to)?.keys ?? [], 'seal', view.block.number).at(-1);
  if (key === undefined) throw new Error(`${to} has no seal key`);
  return valueIn(seal(key.data, Buffer.from(JSON.stringify(value), 'utf8'), purpose, randomBytes(sealEntropyLength)));
};
