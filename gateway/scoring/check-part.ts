import type { Feature } from '../domain/feature.ts';
import type { ModelPartDocument } from '../domain/model-document.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { saltFromHex, saltToHex } from '../domain/subject-commitment.ts';
import { type CompiledPart, compilePart } from './compile-part.ts';
import { encodePart, hashPart } from './encode-part.ts';

export type HashedPart = CompiledPart & { readonly partHash: `0x${string}`; readonly salt: bigint };

/** A part compiled for its dataset's declared features, with the hash that stands for it on chain. Refuses with MODEL_PART_INVALID. */
export const hashPartDocument = (declared: readonly Feature[], { salt, features }: ModelPartDocument): Result<HashedPart> => {
  const scalar = saltFromHex(salt);
  if (scalar === undefined) return refuse('MODEL_PART_INVALID', { reason: 'the salt is no field element' });
  const compiled = compilePart(declared, features);
  if (!compiled.ok) return compiled;
  const encoded = encodePart(compiled.value.part);
  return encoded.ok ? ok({ ...compiled.value, salt: scalar, partHash: saltToHex(hashPart(encoded.value, scalar)) }) : encoded;
};
