import { Value } from 'typebox/value';
import type { ManifestFault, ManifestFaultCode } from './fault.ts';
import { type Manifest, manifestSchema } from './manifest.ts';
import { ruleFaults } from './rule-faults.ts';

export type ParsedManifest =
  | { readonly ok: true; readonly manifest: Manifest }
  | { readonly ok: false; readonly faults: readonly ManifestFault[] };

/** The manifest, or every fault in it at once: first those of form, and if there are none, those of the rules across fields. */
export function parseManifest(given: unknown): ParsedManifest {
  const faults = formFaults(given);
  if (faults.length > 0) return { ok: false, faults };
  const manifest = given as Manifest;
  const broken = ruleFaults(manifest);
  return broken.length > 0 ? { ok: false, faults: broken } : { ok: true, manifest };
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: unknown;
}

function formFaults(given: unknown): ManifestFault[] {
  const found = new Map<string, ManifestFault>();
  for (const error of Value.Errors(manifestSchema, given) as SchemaError[]) {
    for (const fault of faultsOf(error)) found.set(`${fault.code} ${fault.path}`, fault);
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function faultsOf({ keyword, instancePath, params, message }: SchemaError): ManifestFault[] {
  switch (keyword) {
    case 'required':
      return (params as { requiredProperties: string[] }).requiredProperties.map((name) =>
        fault('MANIFEST_MISSING', `${instancePath}/${pointerPart(name)}`),
      );
    case 'additionalProperties':
      return (params as { additionalProperties: string[] }).additionalProperties.map((name) =>
        fault('MANIFEST_UNKNOWN_FIELD', `${instancePath}/${pointerPart(name)}`),
      );
    // Said by additionalProperties already.
    case 'boolean':
      return [];
    case 'type':
      return [fault('MANIFEST_TYPE', instancePath, message)];
    case 'const':
      return [fault('MANIFEST_VERSION', instancePath)];
    case 'pattern':
      return [fault(instancePath.endsWith('/host') ? 'MANIFEST_HOST' : 'MANIFEST_CODE', instancePath)];
    case 'enum':
      return [fault(enumFault(instancePath), instancePath)];
    case 'uniqueItems':
      return [fault('MANIFEST_DOUBLE_ROLE', instancePath)];
    default:
      return [fault('MANIFEST_RANGE', instancePath, message)];
  }
}

function enumFault(path: string): ManifestFaultCode {
  if (path.endsWith('/sector')) return 'MANIFEST_SECTOR';
  return path === '/engine/kind' ? 'MANIFEST_ENGINE' : 'MANIFEST_ROLE';
}

function fault(code: ManifestFaultCode, path: string, detail = ''): ManifestFault {
  return { code, path, detail };
}

/** RFC 6901, section 3. */
function pointerPart(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
