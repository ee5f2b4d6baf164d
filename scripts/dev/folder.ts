import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StartError } from './start-error.ts';

/** Version of what `npm start` writes into its data folder. */
const folderVersion = 1;

/** `state.json`: how far the building of the network has come. Every stage can be entered again; `ready` means all of it is there. */
export type FolderState = {
  readonly version: number;
  readonly portBase: number;
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
    return JSON.parse(readFileSync(path, 'utf8')) as FolderState;
  } catch (cause) {
    throw new StartError('START_DATA_HALF_MADE', `${path} can't be read. Delete the folder or choose another with --data.`, { cause });
  }
};

/** Opens or makes the data folder and marks it as in use by this process. Changes nothing when it refuses. A folder that exists keeps its own ports. */
export const openFolder = (data: string, portBase: number, portBaseGiven: boolean): Folder => {
  const root = resolve(data);
  const statePath = join(root, 'state.json');
  const pidPath = join(root, 'start.pid');
  if (existsSync(pidPath)) {
    const pid = Number(readFileSync(pidPath, 'utf8'));
    if (alive(pid))
      throw new StartError(
        'START_DATA_IN_USE',
        `Process ${pid} runs on ${root}. Stop it (Ctrl-C there), or choose another folder with --data.`,
      );
  }
  const isNew = !existsSync(statePath);
  if (isNew && existsSync(root) && readdirSync(root).length > 0) {
    throw new StartError('START_DATA_FOREIGN', `${root} is not empty and has no state.json. Choose another folder with --data.`);
  }
  const state = isNew ? { version: folderVersion, portBase, stage: 'building' as const, journeyDone: false } : readState(statePath);
  if (state.version !== folderVersion) {
    throw new StartError(
      'START_DATA_VERSION',
      `${root} was written by version ${state.version}, this is version ${folderVersion}. Choose another folder with --data.`,
    );
  }
  if (portBaseGiven && state.portBase !== portBase) {
    throw new StartError(
      'START_USAGE',
      `The network in ${root} has its ports from ${state.portBase} on: members' addresses are on chain. Use --port-base ${state.portBase}, or another folder.`,
    );
  }
  mkdirSync(root, { recursive: true });
  write(statePath, state);
  writeFileSync(pidPath, `${process.pid}\n`);
  return handle(root, state, isNew);
};
