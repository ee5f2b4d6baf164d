import { Type } from 'typebox';
import { AccountAddress, Bytes32, ConsentCode, Count, CredentialCode, Signature, Subject, UsageCode } from './common.ts';

export const LeafText = Type.String({ description: "The leaf's bytes, base64url" });
const Named = Type.Record(Type.String(), Type.String());
export const Opening = Type.Object({ index: Count, usage: UsageCode, step: Type.String(), values: Named, salts: Named });
export const ShownConsent = Type.Object({
  v: Type.Literal(1),
  consent: ConsentCode,
  subject: Subject,
  salt: Bytes32,
  credential: Type.String({ description: 'Compact JWS of the issuer' }),
  certificate: Type.Object({ subjectKey: AccountAddress, consentKey: AccountAddress, credential: CredentialCode, signature: Signature }),
});
