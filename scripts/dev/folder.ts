import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { demoPortBase } from '../../node/manifest/demo.ts';
import type { StartEngine } from './options.ts';
import { StartError } from './start-error.ts';

/** Version of what `npm start` writes into its data folder. */
export const folderVersion = 2;

/** `state.json`: how far the building of the network has come. Every stage can be entered again; `ready` means all of it is there. */
export type FolderState = {
  readonly version: number;
  readonly portBase: number;
  readonly engine: StartEngine;
  readonly stage: 'building' | 'ready';
  readonly journeyDone: boolean;
};

export type Folder = {
  readonly root: string;
  readonly state: FolderState;
  readonly isNew: boolean;
  save(change: Partial<FolderState>): Folder;
  release(): void;
};

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const write = (path: string, value: unknown): void => {
  writeFileSync(`${path}.part`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${path}.part`, path);
};

const handle = (root: string, state: FolderState, isNew: boolean): Folder => ({
  root,
  state,
  isNew,
  save: (change) => {
    const next = { ...state, ...change };
    write(join(root, 'state.json'), next);
    return handle(root, next, isNew);
  },
  release: () => rmSync(join(root, 'start.pid'), { force: true }),
});

const readState = (path: string): FolderState => {
  try {
    const state = JSON.parse(readFileSync(path, 'utf8')) as FolderState | null;
    if (typeof state?.version !== 'number') throw new TypeError('not a state');
    // Folders made before there was a choice have the embedded one.
    return { ...state, engine: state.engine ?? 'embedded' };
  } catch (cause) {
    throw new StartError('START_DATA_HALF_MADE', `${path} can't be read. Delete the folder or choose another with --data.`, { cause });
  }
};

/** A kill right after the folder was made leaves it empty, or with the first state not in its place yet. */
const holdsSomething = (root: string): boolean => existsSync(root) && readdirSync(root).some((name) => name !== 'state.json.part');

/** A folder that this start may use, with nothing written to it yet. */
export type FoundFolder = Pick<Folder, 'isNew'> & {
  /** The start before this one was killed: its processes may still be about to end. */
  readonly wasKilled: boolean;
  readonly portBase: number;
  readonly engine: StartEngine;
  /** Makes the folder if need be and marks it as in use by this process. */
  claim(): Folder;
};

/** What a folder keeps from its first start on; undefined: not asked for. */
export type FolderChoices = { readonly portBase: number | undefined; readonly engine: StartEngine | undefined };

/** Looks at the data folder and refuses one that can't be used; changes nothing. A folder that exists keeps its own ports and engine. */
export const findFolder = (data: string, asked: FolderChoices): FoundFolder => {
  const root = resolve(data);
  const statePath = join(root, 'state.json');
  const pidPath = join(root, 'start.pid');
  const wasKilled = existsSync(pidPath);
  if (wasKilled) {
    const pid = Number(readFileSync(pidPath, 'utf8'));
    if (alive(pid))
      throw new StartError(
        'START_DATA_IN_USE',
        `Process ${pid} runs on ${root}. Stop it (Ctrl-C there), or choose another folder with --data.`,
      );
  }
  const isNew = !existsSync(statePath);
  if (isNew && holdsSomething(root)) {
    throw new StartError('START_DATA_FOREIGN', `${root} is not empty and has no state.json. Choose another folder with --data.`);
  }
  const chosen = { portBase: asked.portBase ?? demoPortBase, engine: asked.engine ?? ('embedded' as const) };
  const state = isNew ? { version: folderVersion, ...chosen, stage: 'building' as const, journeyDone: false } : readState(statePath);
  if (state.version !== folderVersion) {
    throw new StartError(
      'START_DATA_VERSION',
      `${root} was written by version ${state.version}, this is version ${folderVersion}. Choose another folder with --data.`,
    );
  }
  if (asked.portBase !== undefined && state.portBase !== asked.portBase) {
    throw new StartError(
      'START_USAGE',
      `The network in ${root} has its ports from ${state.portBase} on: members' addresses are on chain. Use --port-base ${state.portBase}, or another folder.`,
    );
  }
  if (asked.engine !== undefined && state.engine !== asked.engine) {
    throw new StartError(
      'START_USAGE',
      `The network in ${root} runs on the engine ${state.engine}: its ledger is of that kind. Leave --engine out, or choose another folder with --data.`,
    );
  }
  return {
    isNew,
    wasKilled,
    portBase: state.portBase,
    engine: state.engine,
    claim: () => {
      mkdirSync(root, { recursive: true });
      write(statePath, state);
      writeFileSync(pidPath, `${process.pid}\n`);
      return handle(root, state, isNew);
    },
  };
};
