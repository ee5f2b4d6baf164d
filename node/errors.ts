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
  NODE_ENGINE_UNSUPPORTED: entry(1, 'The engine of this network has no such thing.', '该网络的账本引擎不支持此操作。'),
  NODE_ENGINE_ELSEWHERE: entry(
    1,
    'Nodes of this engine are run by services of their own, which `init` has written; this command does not run them.',
    '该引擎的节点由其自身的服务运行（init 已生成），本命令不负责运行。',
  ),
  NODE_ENGINE_BUILD_FAILED: entry(1, 'The node of this engine could not be built from its source.', '该引擎的节点程序构建失败。'),
  NODE_GO_MISSING: entry(
    1,
    'The Kaia engine is built from its source: install Go 1.22.1 or newer and a C compiler.',
    'Kaia 引擎由源码构建：请安装 Go 1.22.1 以上版本与 C 编译器。',
  ),
  NODE_KEY_UNREADABLE: entry(
    1,
    "A validator's node key is missing or is none; restore it from a backup.",
    '验证节点密钥缺失或无效，请从备份恢复。',
  ),
  // ---- allowlists of nodes
  NODE_ALLOWLIST_EMPTY: entry(
    1,
    'The registry names no active member with a node; the allowlists are left as they are.',
    '登记册中没有拥有节点的有效成员，名单保持不变。',
  ),
  NODE_ALLOWLIST_STALE: entry(
    1,
    'The node lags behind; the allowlists are left as they are until it has caught up.',
    '节点数据落后，名单保持不变，待其同步后再更新。',
  ),
  NODE_ALLOWLIST_REFUSED: entry(1, 'The node did not take over its allowlists.', '节点未采用新的名单。'),
  NODE_ALLOWLIST_UNWRITABLE: entry(1, "The node's allowlist files can not be written.", '无法写入节点的名单文件。'),
  // ---- the manifest
  NODE_MANIFEST_UNREADABLE: entry(1, 'The manifest can not be read as JSON.', '清单不是有效的 JSON。'),
  NODE_MANIFEST_INVALID: entry(1, 'The manifest has faults.', '清单有错误。'),
  // ---- keys
  NODE_PASSPHRASE_UNREADABLE: entry(
    1,
    'The passphrase file is missing, empty, or open to others than its owner (mode 0600 is needed).',
    '口令文件缺失、为空或权限过宽（须为 0600）。',
  ),
  NODE_KEYSTORE_UNREADABLE: entry(1, 'The deployer keystore can not be opened with this passphrase.', '无法用该口令打开部署者密钥库。'),
  NODE_MEMBER_KEYSTORE: entry(
    1,
    "This is no gateway's keystore, or its passphrase does not open it.",
    '该文件不是网关密钥库，或口令不符。',
  ),
  NODE_ACCOUNT_UNKNOWN: entry(
    1,
    'The chain knows none of the accounts in this keystore as the present one of a member.',
    '密钥库中的账户均非链上成员的当前账户。',
  ),
  // ---- the council
  NODE_COUNCIL_ACTION: entry(2, 'Nothing the council can be asked for is written like this.', '理事会提案写法有误。'),
  NODE_COUNCIL_NO_SEAT: entry(1, 'Only an active member with a council seat may do this.', '仅在任理事会成员可执行此操作。'),
  NODE_COUNCIL_NO_PROPOSAL: entry(1, 'There is no such proposal.', '没有该提案。'),
  NODE_COUNCIL_VOTING_CLOSED: entry(1, 'The voting is over.', '投票已截止。'),
  NODE_COUNCIL_VOTED: entry(1, 'This seat has voted; a vote can not be changed.', '该席位已投票，不可更改。'),
  NODE_COUNCIL_NOT_PASSED: entry(
    1,
    'Too few yes votes of present seats, or from one sector only: see `council show`.',
    '赞成票不足或来自单一行业，见 council show。',
  ),
  NODE_COUNCIL_TOO_EARLY: entry(1, 'The proposal is carried, and waits for the end of its delay.', '提案已通过，等待期未满。'),
  NODE_COUNCIL_EXPIRED: entry(1, 'The time for executing it is over; propose it again.', '执行期已过，请重新提案。'),
  NODE_COUNCIL_EXECUTED: entry(1, 'The proposal was executed before.', '提案已执行。'),
  NODE_PAUSED: entry(1, 'The emergency pause is on: this waits for its end.', '紧急暂停中，须待其结束。'),
  NODE_CALL_REFUSED: entry(1, 'The chain refuses this.', '链上拒绝该操作。'),
  // ---- the ceremony of the proving keys
  NODE_CEREMONY_EXISTS: entry(1, 'There is already a ceremony in this folder.', '该目录已有密钥仪式。'),
  NODE_CEREMONY_MISSING: entry(1, 'There is no ceremony in this folder.', '该目录没有密钥仪式。'),
  NODE_CEREMONY_FILE: entry(1, 'A file of the ceremony or of the circuit can not be read.', '密钥仪式或电路的文件无法读取。'),
  NODE_CEREMONY_TRANSCRIPT: entry(1, 'The transcript is not of the form that a ceremony writes.', '仪式记录格式不符。'),
  NODE_CEREMONY_CIRCUIT: entry(1, 'The circuit is not the one that this software has.', '电路与本软件所用的不符。'),
  NODE_CEREMONY_POWERS: entry(
    1,
    'The powers of tau do not fit, are not those of the transcript, or are those of the trial keys, whose secret everyone has (--trial takes these and makes keys for trial use).',
    '幂次参数不适用、与记录不符，或为人人皆知其秘密的试用参数（--trial 仅生成试用密钥）。',
  ),
  NODE_CEREMONY_MEMBER: entry(
    1,
    'No member of the ceremony, or not with this account, or one that contributed twice.',
    '非仪式成员、账户不符或重复贡献。',
  ),
  NODE_CEREMONY_TURN: entry(
    1,
    "It is not this member's turn; those before it that do not come must be named with --pass-over.",
    '尚未轮到该成员；如前面的成员缺席，须以 --pass-over 列明。',
  ),
  NODE_CEREMONY_SIGNATURE: entry(
    1,
    "A contribution is not signed by its member's account as it stands.",
    '某项贡献并非由其成员账户按现状签名。',
  ),
  NODE_CEREMONY_CONTRIBUTION: entry(1, 'The proving key holds another contribution than was signed.', '证明密钥中的贡献与所签名的不符。'),
  NODE_CEREMONY_KEY: entry(
    1,
    'The proving key is not what the contributions make of the first one.',
    '证明密钥并非由初始密钥经各项贡献所得。',
  ),
  NODE_CEREMONY_STOPPED: entry(
    1,
    'The computation was ended before it was done, which says nothing of the files: run the command again.',
    '计算在完成前中止，与文件是否正确无关，请重新执行。',
  ),
  NODE_CEREMONY_TOO_FEW: entry(1, 'Fewer members than the ceremony needs.', '成员数不足。'),
  NODE_CEREMONY_CLOSED: entry(1, 'The ceremony has its result; nobody can contribute any more.', '仪式已有结果，不再接受贡献。'),
  NODE_CEREMONY_RESULT: entry(1, 'The result in the transcript is not what its contributions give.', '记录中的结果与各项贡献不符。'),
  // ---- deployment
  NODE_ARTIFACTS_MISSING: entry(
    1,
    'The contracts are not compiled; `npx hardhat build` compiles them.',
    '合约尚未编译，请先执行 npx hardhat build。',
  ),
  NODE_MEMBER_DOCUMENT_INVALID: entry(1, "A member's public document has faults.", '成员公开文档有错误。'),
  NODE_MEMBER_DOCUMENT_MISSING: entry(1, 'The manifest names a member without a public document.', '清单中的成员缺少公开文档。'),
  NODE_MEMBER_DOCUMENT_MISMATCH: entry(1, "A member's public document differs from the manifest.", '成员公开文档与清单不符。'),
  NODE_DEPLOYMENT_JOURNAL: entry(
    1,
    'The journal belongs to another deployment: other contracts, members, parameters or chain.',
    '部署日志属于另一次部署。',
  ),
  NODE_DEPLOYMENT_CHAIN: entry(1, 'The chain does not hold what the journal says was deployed.', '链上内容与部署日志不符。'),
  NODE_DEPLOYMENT_STEP_FAILED: entry(1, 'A step of the deployment was refused by the chain.', '部署步骤被链拒绝。'),
  NODE_NOT_DEPLOYED: entry(
    1,
    'The contracts are not deployed; `xinshu-node deploy` does it.',
    '合约尚未部署，请先执行 xinshu-node deploy。',
  ),
  // ---- the command
  NODE_USAGE: entry(2, 'The command is not used as its help says.', '命令用法有误。'),
  NODE_UNEXPECTED: entry(1, 'Something failed that should not have.', '发生意外错误。'),
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
