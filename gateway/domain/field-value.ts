/** One value as stored: the schema's canonical form (strings, integers, booleans; null is absent). */
export type FieldValue = string | number | boolean | null;
