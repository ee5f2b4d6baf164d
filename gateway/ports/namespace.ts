export type NamespaceWrite =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array };

/** Bounds compare as unsigned bytes, a shorter key before a longer one it begins. Without bounds: everything. */
export type NamespaceRange = {
  readonly gte?: Uint8Array;
  readonly lt?: Uint8Array;
  readonly reverse?: boolean;
  readonly limit?: number;
};

/**
 * A private part of the gateway's store, for adapters that keep ordered bytes of their own (the mirror, the records): keys of one namespace are never seen by another.
 * `write` is all or nothing and resolves when durable (fsync); writes of all namespaces share group commits and take effect in the order of the calls.
 * When it rejects with STORE_WRITE_FAILED the write may have persisted or not: read again before deciding anything on it. OVERLOADED is retryable, nothing was written.
 * `range` reads from one snapshot taken at its first step. Reads see durable writes only. Keep one write below some 16 MiB; larger work goes in several, made visible by a last small one.
 */
export interface Namespace {
  /** undefined: no such key. */
  get(key: Uint8Array): Promise<Uint8Array | undefined>;
  range(range?: NamespaceRange): AsyncIterable<readonly [key: Uint8Array, value: Uint8Array]>;
  write(operations: readonly NamespaceWrite[]): Promise<void>;
}
