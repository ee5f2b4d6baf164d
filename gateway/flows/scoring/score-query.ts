import { canonicalJson } from '../../domain/canonical.ts';
import { sha256Hex } from '../../domain/hash.ts';
import type { ConsentId, Hex, ModelId, UsageId } from '../../domain/ids.ts';
import type { PresentedScore } from '../../domain/present-score.ts';
import type { SessionId } from '../../domain/score-session.ts';
import type { Staff } from '../../domain/staff.ts';
import type { SignedCertificate } from '../../sealing/score-certificate.ts';

export type RequestScoreInput = {
  /** Chosen by the caller to be able to retry; made here when absent. */
  readonly score?: UsageId;
  readonly subject: { readonly type: string; readonly code: string };
  readonly model: ModelId;
  readonly modelVersion: number;
  readonly purpose: string;
  readonly consent: ConsentId;
  readonly review?: string;
  /** Without proofs: only where the network allows it. */
  readonly unproven?: boolean;
  readonly staff: Staff;
};

/** Tells one question from another under the same score id: everything the caller said, and who it was. */
export const scoreFingerprint = (input: RequestScoreInput): Hex =>
  sha256Hex(
    canonicalJson({
      subject: { type: input.subject.type, code: input.subject.code },
      model: input.model,
      version: input.modelVersion,
      purpose: input.purpose,
      consent: input.consent,
      review: input.review ?? null,
      unproven: input.unproven ?? false,
      staff: input.staff.name,
    }),
  );

export type RequestScoreOutput = {
  readonly score: UsageId;
  readonly session: SessionId;
  readonly outcome: 'ok';
  readonly model: ModelId;
  readonly modelVersion: number;
  readonly result: PresentedScore & { readonly grade: number };
  readonly providers: readonly string[];
  readonly proofs: 'verified' | 'unproven';
  readonly certificate: SignedCertificate;
};
