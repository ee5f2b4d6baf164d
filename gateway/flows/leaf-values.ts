import { canonicalJson, type JsonValue } from '../domain/canonical.ts';
import type { ConsentId, GrantId, Hex, MemberId } from '../domain/ids.ts';
import type { Operation } from '../domain/vocabulary.ts';

/** What a usage is about, as far as this side knows it. */
export type UsageFacts = {
  readonly counterparty: MemberId | undefined;
  readonly subject: { readonly type: string; readonly code: string } | undefined;
  readonly staff: string | undefined;
  readonly reviewer: string | null | undefined;
  readonly grant: GrantId | undefined;
  readonly consent: ConsentId | undefined;
  readonly dataset: string | undefined;
  readonly fields: readonly string[];
  readonly purpose: string;
  readonly operation: Operation;
  readonly priceFen: bigint | undefined;
  /** SHA-256 of the other side's JWS that this leaf answers. */
  readonly message: Hex | undefined;
};

/**
 * The values both sides commit to, spelled the same on both (docs/protocol/audit-log.md), so that an auditor who opens both halves can compare them. A value that
 * is not known, or does not apply, has no commitment.
 */
export const leafValues = (facts: UsageFacts): Readonly<Record<string, string>> => {
  const values: Record<string, string | undefined> = {
    counterparty: facts.counterparty,
    subject: facts.subject === undefined ? undefined : canonicalJson({ type: facts.subject.type, code: facts.subject.code }),
    staff: facts.staff,
    reviewer: facts.reviewer ?? undefined,
    grant: facts.grant,
    consent: facts.consent,
    dataset: facts.dataset,
    fields: canonicalJson([...facts.fields].sort() as JsonValue),
    purpose: facts.purpose,
    operation: facts.operation,
    price: facts.priceFen?.toString(),
    message: facts.message,
  };
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined));
};
