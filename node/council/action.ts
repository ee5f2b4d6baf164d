import type { ContractName } from '../deployment/artifacts.ts';

/** One call that the council is to make, before it is bytes. */
export interface Action {
  readonly contract: ContractName;
  readonly method: string;
  readonly args: readonly unknown[];
}

export interface Words {
  readonly en: string;
  readonly zh: string;
}
