import { isUtf8 } from 'node:buffer';

/** The JSON value that these bytes are; undefined where they are not UTF-8 or not JSON. */
export const jsonOf = (bytes: Uint8Array): unknown => {
  if (!isUtf8(bytes)) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    return undefined;
  }
};
