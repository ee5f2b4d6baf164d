import { enodeUrl, parseEnode } from './enode.ts';

/** Whom a node talks to and whose transactions it takes: enode URLs and addresses in lower case, each sorted and once. */
export interface Allowlist {
  readonly nodes: readonly string[];
  readonly accounts: readonly string[];
}

export interface AllowlistDifference {
  readonly add: Allowlist;
  readonly remove: Allowlist;
}

/** An allowlist from lists in any order and spelling. What is no enode URL stays as it is, so that it shows as a stranger. */
export function allowlistOf(nodes: readonly string[], accounts: readonly string[]): Allowlist {
  return { nodes: sortedOnce(nodes.map(sameSpelling)), accounts: sortedOnce(accounts.map((account) => account.toLowerCase())) };
}

/** What turns `found` into `wanted`. */
export function allowlistDifference(wanted: Allowlist, found: Allowlist): AllowlistDifference {
  return { add: without(wanted, found), remove: without(found, wanted) };
}

/** Entries that differ; 0: in step. */
export function differenceSize({ add, remove }: AllowlistDifference): number {
  return add.nodes.length + add.accounts.length + remove.nodes.length + remove.accounts.length;
}

function without(list: Allowlist, other: Allowlist): Allowlist {
  const [nodes, accounts] = [new Set(other.nodes), new Set(other.accounts)];
  return { nodes: list.nodes.filter((node) => !nodes.has(node)), accounts: list.accounts.filter((account) => !accounts.has(account)) };
}

function sameSpelling(node: string): string {
  const address = parseEnode(node);
  return address === undefined ? node : enodeUrl(address);
}

const sortedOnce = (items: readonly string[]): string[] => [...new Set(items)].sort();
