import { XinshuError } from '../../domain/errors.ts';

/** The stream, which fails with BODY_TOO_LARGE at the first chunk beyond the limit; Fastify bounds parsed bodies only. */
export async function* atMost(source: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const chunk of source) {
    seen += chunk.length;
    if (seen > bytes) throw new XinshuError('BODY_TOO_LARGE', { limit: bytes });
    yield chunk;
  }
}
