/** How a list of entries was changed: where the two part, and what was done there. */
export type ListChange = {
  readonly kind: 'deleted' | 'inserted' | 'altered' | 'reordered';
  readonly index: number;
  readonly count: number;
};

/**
 * What makes `after` out of `before`, both lists of leaf hashes in which no hash stands twice (each leaf is salted). `after` may have grown at its end. undefined
 * when nothing was changed. A mixture is named by what stands first.
 */
export const listChange = (before: readonly string[], after: readonly string[]): ListChange | undefined => {
  const index = before.findIndex((hash, at) => after[at] !== hash);
  if (index < 0) return undefined;
  const [old, now] = [new Set(before.slice(index)), new Set(after.slice(index))];
  const gone = before.slice(index).filter((hash) => !now.has(hash));
  if (gone.length === 0) {
    const come = after.slice(index, index + old.size).filter((hash) => !old.has(hash));
    return come.length === 0
      ? { kind: 'reordered', index, count: before.slice(index).filter((hash, at) => after[index + at] !== hash).length }
      : { kind: 'inserted', index, count: after.slice(index).findIndex((hash) => old.has(hash)) };
  }
  // Where an entry gives way to a new one, its successor stands where it stood; where it was cut out, everything moves up.
  const last = before.findIndex((hash, at) => at > index && now.has(hash));
  const moved = last < 0 ? after.length < before.length : after.indexOf(before[last] as string) < last;
  return { kind: moved ? 'deleted' : 'altered', index, count: gone.length };
};
