import { sectors } from '../vocabulary.ts';
import type { ManifestFault } from './fault.ts';
import { listenersOf } from './listeners.ts';
import type { Manifest } from './manifest.ts';
import { engineFieldFaults, validatorFaults } from './validator-faults.ts';

/** The rules that no single field shows: ids and ports that meet, a council that one sector could rule, and more witnesses than there are. */
export function ruleFaults(manifest: Manifest): ManifestFault[] {
  const engine = engineFieldFaults(manifest);
  if (engine.length > 0) return engine;
  return [
    ...doubleIds(manifest),
    ...doublePorts(manifest),
    ...validatorFaults(manifest),
    ...councilFaults(manifest),
    ...witnessFaults(manifest),
  ];
}

function doubleIds({ members }: Manifest): ManifestFault[] {
  return members.flatMap(({ id }, index) => {
    const first = members.findIndex((other) => other.id === id);
    return first === index
      ? []
      : [{ code: 'MANIFEST_DOUBLE_ID' as const, path: `/members/${index}/id`, detail: `${id}, also /members/${first}/id` }];
  });
}

function doublePorts(manifest: Manifest): ManifestFault[] {
  const taken = new Map<string, string>();
  return listenersOf(manifest).flatMap(({ path, host, port }) => {
    const at = `${host} ${port}`;
    const first = taken.get(at);
    if (first === undefined) taken.set(at, path);
    return first === undefined ? [] : [{ code: 'MANIFEST_DOUBLE_PORT' as const, path, detail: `${port}, also ${first}` }];
  });
}

function councilFaults({ members, council, emergency }: Manifest): ManifestFault[] {
  const seats = members.filter(({ roles }) => roles.includes('council'));
  const faults: ManifestFault[] = [];
  const tooHigh = `there are ${seats.length} seats`;
  if (council.quorum > seats.length) faults.push({ code: 'MANIFEST_QUORUM_TOO_HIGH', path: '/council/quorum', detail: tooHigh });
  if (emergency.few > seats.length) faults.push({ code: 'MANIFEST_QUORUM_TOO_HIGH', path: '/emergency/few', detail: tooHigh });
  if (seats.length > 0 && new Set(seats.map(({ sector }) => sector)).size < 2) {
    faults.push({ code: 'MANIFEST_COUNCIL_ONE_SECTOR', path: '/members', detail: seats[0]?.sector ?? '' });
  }
  for (const sector of sectors) {
    const own = seats.filter((seat) => seat.sector === sector).length;
    if (own >= council.quorum) {
      faults.push({
        code: 'MANIFEST_QUORUM_ONE_SECTOR',
        path: '/council/quorum',
        detail: `${sector} has ${own} seats, the quorum is ${council.quorum}`,
      });
    }
  }
  return faults;
}

function witnessFaults({ members, parameters }: Manifest): ManifestFault[] {
  const others = members.length - 1;
  return parameters['witness-quorum'] <= others
    ? []
    : [{ code: 'MANIFEST_WITNESSES_TOO_FEW', path: '/parameters/witness-quorum', detail: `each has ${others} others` }];
}
