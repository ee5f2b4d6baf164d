/**
 * First byte of every key of the gateway's store: an append-only register. A number once given is never used for anything else; what falls out of use keeps its
 * line, marked. Big-endian integers, so that keys sort by number. `// key -> value`
 */
export const buckets = {
  meta: 1, // name -> text (schema version, member)
  commit: 2, // sequence u64 -> nothing; the last `commitWindow` group commits, without a gap (database-state.ts)
  document: 3, // document bucket u8, name utf-8 -> JSON, or byte 0 and the JSON sealed (seal.ts) (ports/document-store.ts registers the document buckets)
  auditHead: 4, // log u32 -> size u64, root 32 bytes
  // 5, 6, 7, 8: leaf, node, opening and usage, a key for each, before version 2
  auditTagged: 9, // log u32, consent 32 bytes, n u32 -> index u64
  auditTagCount: 10, // log u32, consent 32 bytes -> leaves tagged under it u64
  auditCounter: 11, // log u32, counter key utf-8 -> uses u64
  auditLeaves: 12, // log u32, index of the first u64 -> up to 16 leaves of one group commit (packs.ts)
  auditAsides: 13, // log u32, index of the first u64 -> what lies beside the same leaves (aside.ts), a pack too
  auditTile: 14, // log u32, level u8, index u64 -> hashes of a tile (audit-tiles.ts)
  auditUsage: 15, // log u32, usage utf-8, 0, step utf-8 -> index u64, its place in its pack u8, attachment flag u8
  mirror: 16, // adapters/ledger: its own keys -> its own values
  records: 17, // adapters/records: its own keys -> its own values
  ledgerOutbox: 18, // adapters/ledger: its own keys -> its own values
} as const;

/** Parts of the store that another adapter keeps by itself through ports/namespace.ts. */
export type NamespaceName = 'mirror' | 'records' | 'ledgerOutbox';
