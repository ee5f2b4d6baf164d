import { Type } from 'typebox';
import { Count, UsageCode } from './common.ts';

export const LeafText = Type.String({ description: "The leaf's bytes, base64url" });
const Named = Type.Record(Type.String(), Type.String());
export const Opening = Type.Object({ index: Count, usage: UsageCode, step: Type.String(), values: Named, salts: Named });
