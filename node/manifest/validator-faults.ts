import { sectors } from '../vocabulary.ts';
import type { ManifestFault, ManifestWarning } from './fault.ts';
import type { Manifest, ManifestValidator } from './manifest.ts';

/** Validators that may fail in any way while blocks go on: fewer than a third. */
const tolerated = (validators: number): number => Math.floor((validators - 1) / 3);

/** The engine must have what its kind needs and nothing else: told before any rule reads it. */
export function engineFieldFaults({ engine }: Manifest): ManifestFault[] {
  const wanted = engine.kind === 'embedded' ? 'port' : 'validators';
  const other = engine.kind === 'embedded' ? 'validators' : 'port';
  return [
    ...(wanted in engine ? [] : [{ code: 'MANIFEST_MISSING' as const, path: `/engine/${wanted}`, detail: '' }]),
    ...(other in engine ? [{ code: 'MANIFEST_ENGINE_FIELD' as const, path: `/engine/${other}`, detail: engine.kind }] : []),
  ];
}

/** Each validator belongs to one member, and no sector can stop the chain by itself. */
export function validatorFaults(manifest: Manifest): ManifestFault[] {
  const { engine, members } = manifest;
  if (engine.kind === 'embedded') return [];
  return [...ownerFaults(engine.validators, members), ...sectorFaults(engine.validators, members)];
}

export function validatorWarnings({ engine }: Manifest): ManifestWarning[] {
  if (engine.kind === 'embedded' || tolerated(engine.validators.length) > 0) return [];
  return [{ code: 'MANIFEST_NO_FAULT_TOLERATED', path: '/engine/validators', detail: `there are ${engine.validators.length}` }];
}

function ownerFaults(validators: readonly ManifestValidator[], members: Manifest['members']): ManifestFault[] {
  return validators.flatMap(({ member }, index): ManifestFault[] => {
    const path = `/engine/validators/${index}/member`;
    const first = validators.findIndex((other) => other.member === member);
    if (first !== index) return [{ code: 'MANIFEST_DOUBLE_VALIDATOR', path, detail: `${member}, also /engine/validators/${first}/member` }];
    return members.some(({ id }) => id === member) ? [] : [{ code: 'MANIFEST_VALIDATOR_STRANGER', path, detail: member }];
  });
}

/** Where any single one stops the chain, no choice of sectors helps: that is the warning's. */
function sectorFaults(validators: readonly ManifestValidator[], members: Manifest['members']): ManifestFault[] {
  const f = tolerated(validators.length);
  if (f === 0) return [];
  const sectorOf = new Map(members.map(({ id, sector }) => [id, sector]));
  return sectors.flatMap((sector) => {
    const own = validators.filter(({ member }) => sectorOf.get(member) === sector).length;
    if (own <= f) return [];
    const detail = `${sector} has ${own} of ${validators.length}`;
    return [{ code: 'MANIFEST_VALIDATORS_ONE_SECTOR' as const, path: '/engine/validators', detail }];
  });
}
