import type { NamespaceWrite } from '../../ports/namespace.ts';

const mostBytes = 1 << 20;
const mostWrites = 2000;

const sizeOf = (write: NamespaceWrite): number => write.key.length + (write.type === 'put' ? write.value.length : 0);

/** Cuts many writes into a few of about a megabyte: the store takes other work in between. */
export async function* batches(writes: AsyncIterable<NamespaceWrite>): AsyncIterable<readonly NamespaceWrite[]> {
  let batch: NamespaceWrite[] = [];
  let bytes = 0;
  for await (const write of writes) {
    batch.push(write);
    bytes += sizeOf(write);
    if (bytes < mostBytes && batch.length < mostWrites) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}
