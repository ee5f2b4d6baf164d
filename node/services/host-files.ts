import { jsonText } from '../json-file.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { composeText } from './compose-file.ts';
import { besuUnits, gatewayUnit, ledgerUnit } from './member-units.ts';

/** Metrics of a member's keeper; one more for each validator, since several may share a machine. */
const keeperMetricsBase = 9_470;

/**
 * What starts the services of each member, by path below `hosts/`: systemd units and a compose file, from the manifest alone and without a secret. Where one process
 * runs the whole ledger, its unit stands beside them.
 */
export function hostFiles(manifest: Manifest): Readonly<Record<string, string>> {
  const { network, engine, members } = manifest;
  const validators = engine.kind === 'besu' ? engine.validators.map(({ member }) => member) : [];
  const ofMembers = members.flatMap(({ id }) => {
    const index = validators.indexOf(id);
    const keeperMetricsPort = index < 0 ? undefined : keeperMetricsBase + index;
    const units = { ...(keeperMetricsPort === undefined ? {} : besuUnits(network, id, keeperMetricsPort)), ...gatewayUnit(network, id) };
    return [
      ...Object.entries(units).map(([name, text]) => [`${id}/systemd/${name}`, text] as const),
      [`${id}/compose.yaml`, composeText({ network, member: id, keeperMetricsPort })] as const,
      ...(index < 0 ? [] : [[`${id}/settings/manifest.json`, jsonText(manifest)] as const]),
    ];
  });
  return Object.fromEntries([...ofMembers, ...(engine.kind === 'besu' ? [] : Object.entries(ledgerUnit(network)))]);
}
