import { NodeError, nodeErrors } from '../errors.ts';
import { manifestFaults } from '../manifest/fault.ts';
import { ManifestInvalid } from '../manifest/manifest-file.ts';

/** Where a command says things: what it found to standard output, as text or as one JSON document; what it is doing to standard error. */
export interface Output {
  readonly json: boolean;
  readonly result: (text: string) => void;
  readonly progress: (text: string) => void;
}

export function answer(output: Output, document: object, text: string): void {
  output.result(output.json ? JSON.stringify(document, undefined, 2) : text);
}

/** Tells why a command failed and returns its exit status. */
export function tellFailure(output: Output, error: unknown): 1 | 2 {
  const known = error instanceof NodeError ? error : new NodeError('NODE_UNEXPECTED', {}, { cause: error });
  const { exit, en, zh } = nodeErrors[known.code];
  const faults =
    error instanceof ManifestInvalid
      ? error.faults.map((fault) => ({ ...fault, en: manifestFaults[fault.code][0], zh: manifestFaults[fault.code][1] }))
      : [];
  if (output.json) {
    const failure = { code: known.code, en, zh, detail: known.detail, ...(faults.length > 0 ? { faults } : {}) };
    output.result(JSON.stringify({ ok: false, error: failure }, undefined, 2));
    return exit;
  }
  output.progress(`${known.message}\n${zh}`);
  for (const fault of faults) {
    output.progress(`  ${fault.path || '/'}: ${fault.code}: ${fault.en}${fault.detail === '' ? '' : ` (${fault.detail})`} ${fault.zh}`);
  }
  const cause = known.code === 'NODE_UNEXPECTED' ? (error instanceof Error ? error.stack : String(error)) : causeOf(known);
  if (cause !== undefined) output.progress(`  ${cause}`);
  return exit;
}

function causeOf(error: NodeError): string | undefined {
  return error.cause instanceof Error ? error.cause.message.split('\n')[0] : undefined;
}
