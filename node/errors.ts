/**
 * The errors of `node/`: code, what it says in English and Chinese, and the exit status of `xinshu-node`.
 * Exit statuses: 1 refused or failed, 2 wrong use of the command.
 */
const entry = (exit: 1 | 2, en: string, zh: string) => ({ exit, en, zh }) as const;

export const nodeErrors = {
  // ---- the ledger's data folder
  NODE_DATA_LOCKED: entry(1, 'Another process holds this ledger.', '该账本已被另一进程占用。'),
  NODE_DATA_MISSING: entry(
    1,
    'There is no ledger in this folder; `xinshu-node init` makes one.',
    '该目录没有账本，请先执行 xinshu-node init。',
  ),
  NODE_DATA_EXISTS: entry(1, 'There is already a network in this folder.', '该目录已有网络。'),
  NODE_DATA_HALF_MADE: entry(
    1,
    'The folder was left half-made; run `xinshu-node init` again on it.',
    '该目录初始化未完成，请重新执行 xinshu-node init。',
  ),
  NODE_DATA_SCHEMA: entry(1, 'The folder was written by another version of the ledger.', '该目录由不兼容的账本版本写入。'),
  NODE_DATA_OTHER_CHAIN: entry(1, 'The folder holds another chain.', '该目录保存的是另一条链。'),
  NODE_DATA_OTHER_GENESIS: entry(1, 'The folder holds a chain with another genesis.', '该目录的创世区块不符。'),
  NODE_DATA_CORRUPT: entry(1, 'The ledger lacks something it must hold; restore it from a backup.', '账本数据缺失，请从备份恢复。'),
  NODE_WRITE_FAILED: entry(1, 'A block could not be written; the ledger stops.', '区块写入失败，账本停止。'),
  // ---- the engine
  NODE_PORT_IN_USE: entry(1, 'The port is in use.', '端口已被占用。'),
  NODE_ENGINE_FAILED: entry(1, 'The engine did not start.', '账本引擎启动失败。'),
  NODE_ENGINE_UNREACHABLE: entry(1, 'The engine does not answer.', '账本引擎无响应。'),
  NODE_ENGINE_UNSUPPORTED: entry(1, 'This engine is not built into this version.', '当前版本不支持该引擎。'),
} as const satisfies Record<string, { exit: 1 | 2; en: string; zh: string }>;

export type NodeErrorCode = keyof typeof nodeErrors;

/** Any failure of `node/` that a person is told. `code` is stable; `detail` names the things it is about, never a secret. */
export class NodeError extends Error {
  readonly code: NodeErrorCode;
  readonly detail: Readonly<Record<string, string | number>>;
  constructor(code: NodeErrorCode, detail: Readonly<Record<string, string | number>> = {}, options?: ErrorOptions) {
    const facts = Object.entries(detail).map(([name, value]) => `${name}=${value}`);
    super(`${code}: ${nodeErrors[code].en}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`, options);
    this.name = 'NodeError';
    this.code = code;
    this.detail = detail;
  }
}
