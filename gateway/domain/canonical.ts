import canonicalize from 'canonicalize';

/** What RFC 8785 can put in canonical form; `undefined` members of objects are left out, as JSON does. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue | undefined };

// Characters that JSON writes as they are; most codes, dates and words have no others.
const plain = /^[ !#-[\]-~]*$/;
const isPlain = (value: unknown): value is string => typeof value === 'string' && plain.test(value);

/** Canonical JSON (RFC 8785). Throws TypeError for what I-JSON (RFC 7493) can't hold: NaN, infinities, lone surrogates, bigints, cycles. */
export const canonicalJson = (value: JsonValue): string => {
  // RFC 8785 §3.2.2 takes strings and numbers as ECMAScript writes them: the scalars of records, hashed by millions, need no more.
  if (typeof value === 'string' && value.isWellFormed()) return isPlain(value) ? `"${value}"` : JSON.stringify(value);
  if (Number.isSafeInteger(value)) return String(value);
  if (value === null) return 'null';
  if (Array.isArray(value) && value.every(isPlain)) return `[${value.map((text) => `"${text}"`).join()}]`;
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch (cause) {
    throw new TypeError('value has no canonical JSON form', { cause });
  }
  if (text === undefined) throw new TypeError('value has no canonical JSON form');
  return text;
};
