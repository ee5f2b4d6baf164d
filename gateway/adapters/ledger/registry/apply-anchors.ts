import type { MemberId } from '../../../domain/ids.ts';
import type { Anchor } from '../../../domain/registry-state.ts';
import { anchorKey, type Change, type RegistryEvent } from './entity.ts';
import { codeOf, hexOf, numberOf } from './read-event.ts';

/** IAuditAnchor's events; a refused entry changed nothing. */
export const applyAnchors = ({ contract, name, args }: RegistryEvent, block: number): readonly Change[] => {
  if (name !== 'Anchored') return [];
  const anchor: Anchor = {
    member: codeOf(args, 'member') as MemberId,
    log: numberOf(args, 'log'),
    suite: codeOf(args, 'suite'),
    size: numberOf(args, 'size'),
    root: hexOf(args, 'root'),
    block,
  };
  return [{ kind: 'anchor', key: anchorKey(contract.generation, anchor.member, anchor.log, anchor.suite, anchor.size), value: anchor }];
};
