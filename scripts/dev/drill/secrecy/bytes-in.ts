import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Level } from 'level';

/** A stretch of bytes and where it was found. */
export type Stretch = { readonly where: string; readonly bytes: Buffer };

const deepest = 4;
const token = /[A-Za-z0-9_\-+/]{24,}/g;

/** What base64 hides (a JWS in JSON, a claim in a JWS), taken out of it, again and again. */
export function* decoded({ where, bytes }: Stretch, depth = 0): Generator<Stretch> {
  yield { where, bytes };
  if (depth === deepest) return;
  for (const [text] of bytes.toString('latin1').matchAll(token))
    yield* decoded({ where: `${where}, decoded`, bytes: Buffer.from(text, 'base64') }, depth + 1);
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Keys and values as the database gives them: on disk they may be compressed. Read from a copy, since opening writes. */
async function* entriesOf(folder: string, where: string): AsyncGenerator<Stretch> {
  const copy = mkdtempSync(join(tmpdir(), 'xinshu-secrecy-'));
  try {
    cpSync(folder, copy, { recursive: true });
    const level = new Level<Buffer, Buffer>(copy, { keyEncoding: 'buffer', valueEncoding: 'buffer', createIfMissing: false });
    await level.open();
    try {
      let number = 0;
      for await (const [key, value] of level.iterator()) {
        yield { where: `${where}, entry ${number}`, bytes: Buffer.concat([key, Buffer.from([0]), value]) };
        number += 1;
      }
    } finally {
      await level.close();
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Everything in a folder: each file as it lies there, and each entry of each database among them. */
export async function* bytesIn(folder: string): AsyncGenerator<Stretch> {
  const files = filesIn(folder);
  for (const file of files) yield { where: relative(folder, file), bytes: readFileSync(file) };
  for (const current of files.filter((file) => file.endsWith('/CURRENT'))) {
    const database = join(current, '..');
    if (existsSync(join(database, 'LOCK'))) yield* entriesOf(database, relative(folder, database));
  }
}
