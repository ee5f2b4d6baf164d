import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { entryBundle, parseTileName, type Tile, tileWidth, widthIn } from '../audit/tile.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import type { Modules } from './modules.ts';
import { readCheckpoint } from './read-checkpoint.ts';

export type LogResourceInput = {
  /** Number of the log, as it stands in the address. */
  readonly log: string;
  /** What follows: `checkpoint`, or the name of a tile or bundle. */
  readonly name: string;
  /** Accept-Encoding of the reader. */
  readonly encodings: string | undefined;
};
/** One resource of C2SP tlog-tiles as HTTP gives it. */
export type LogResource = { readonly body: Uint8Array | string; readonly headers: Readonly<Record<string, string>> };

const compress = promisify(gzip);
// Both are for the one who showed a token or a certificate: no cache in between may give them to another.
const immutable = 'private, max-age=31536000, immutable';
const mutable = 'private, no-cache';

/** Whether a coding list (RFC 9110 §12.5.3) takes gzip. */
const takesGzip = (encodings: string | undefined): boolean =>
  (encodings ?? '').split(',').some((coding) => /^\s*gzip\s*(?:;\s*q=(?:1(?:\.0{0,3})?|0\.[0-9]{0,2}[1-9][0-9]{0,2}))?\s*$/i.test(coding));

/**
 * The log as C2SP tlog-tiles serves it (docs/protocol/audit-log.md). Nothing beyond the published size is there, and a tile has every width up to its width in a
 * log of that size: so it has those of all published checkpoints. Refuses with LOG_RESOURCE_UNKNOWN.
 */
export const readLogResource = async (modules: Modules, { log, name, encodings }: LogResourceInput): Promise<Result<LogResource>> => {
  if (log !== String(modules.audit.log)) return refuse('LOG_RESOURCE_UNKNOWN');
  if (name === 'checkpoint') {
    const { note } = await readCheckpoint(modules);
    return ok({ body: note, headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': mutable } });
  }
  const tile = parseTileName(name);
  if (tile === undefined || tile.width > widthIn(modules.checkpoints.newest()?.size ?? 0, tile)) return refuse('LOG_RESOURCE_UNKNOWN');
  const headers = { 'content-type': 'application/octet-stream', 'cache-control': immutable };
  if (tile.level !== 'entries') return ok({ body: await modules.audit.tile(tile.level, tile.index, tile.width), headers });
  const bundle = await readBundle(modules, tile);
  const varied = { ...headers, vary: 'accept-encoding' };
  if (!takesGzip(encodings)) return ok({ body: bundle, headers: varied });
  return ok({ body: await compress(bundle), headers: { ...varied, 'content-encoding': 'gzip' } });
};

const readBundle = async ({ audit }: Modules, { index, width }: Tile): Promise<Uint8Array> => {
  const entries: Uint8Array[] = [];
  for await (const { leaf } of audit.leaves(index * tileWidth, index * tileWidth + width)) entries.push(leaf);
  return entryBundle(entries);
};
