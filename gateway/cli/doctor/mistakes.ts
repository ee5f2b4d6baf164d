type Words = { readonly en: string; readonly zh: string };
export type Mistake = { readonly level: 'wrong' | 'warn'; readonly what: Words; readonly act: Words };

const mistake = (level: Mistake['level'], what: readonly [en: string, zh: string], act: readonly [en: string, zh: string]): Mistake => ({
  level,
  what: { en: what[0], zh: what[1] },
  act: { en: act[0], zh: act[1] },
});

/** What `xinshu gateway doctor` finds, and what to do. */
export const mistakes = {
  'config-faulty': mistake(
    'wrong',
    ['config.json can not be used', 'config.json 不可用'],
    ['correct the faults named; docs/reference/config.md lists every setting', '按所列错误修改，各项设置见 docs/reference/config.md'],
  ),
  'passphrase-faulty': mistake(
    'wrong',
    ['the passphrase file is missing, empty, or open to others', '口令文件缺失、为空或权限过宽'],
    ['put the passphrase there; chmod 600', '写入口令并执行 chmod 600'],
  ),
  'keystore-closed': mistake(
    'wrong',
    ['the keystore does not open', '密钥库无法打开'],
    ['the right passphrase, or the keystore of a backup', '使用正确口令，或从备份恢复密钥库'],
  ),
  'keystore-of-another': mistake(
    'wrong',
    ['the keystore belongs to another member', '密钥库属于另一成员'],
    ['put back the keystore of this member, or correct /member in config.json', '换回本成员的密钥库，或更正 config.json 中的 /member'],
  ),
  'node-silent': mistake(
    'wrong',
    ['the node does not answer', '账本节点无响应'],
    ['start it (xinshu-node up), or correct /ledger/url', '启动节点（xinshu-node up），或更正 /ledger/url'],
  ),
  'chain-other': mistake(
    'wrong',
    ['the node is of another chain', '节点属于另一条链'],
    ['correct /ledger/url or /ledger/chainId', '更正 /ledger/url 或 /ledger/chainId'],
  ),
  'genesis-other': mistake(
    'wrong',
    [
      'no Directory at this address: the chain was founded anew, or the address is another one',
      '该地址没有 Directory：链已重新创建或地址有误',
    ],
    [
      'ask who runs the chain for its Directory; a gateway of the old chain needs a new folder',
      '向链的运营方索取 Directory 地址；旧链的网关须使用新目录',
    ],
  ),
  'clock-off': mistake(
    'wrong',
    ['this clock and the time of a fresh block are apart', '本机时钟与最新区块时间不一致'],
    ['set the clock (NTP); gateways refuse messages that are a minute off', '校准时钟（NTP）；误差超过一分钟的报文会被拒绝'],
  ),
  'not-admitted': mistake(
    'wrong',
    ['the chain does not know this member', '链上没有该成员'],
    [
      'hand member.json to the council: xinshu-node council propose admit member.json',
      '将 member.json 交理事会：xinshu-node council propose admit member.json',
    ],
  ),
  'not-active': mistake(
    'wrong',
    ['the member is not active', '成员状态不是在任'],
    ['the council can let a suspended member come back: xinshu-node resume MEMBER', '理事会可恢复被暂停的成员：xinshu-node resume MEMBER'],
  ),
  'key-not-registered': mistake(
    'wrong',
    ['the registry holds no key in force of this keystore', '登记簿中没有本密钥库的有效密钥'],
    ['put back the newest keystore, or roll new keys: xinshu gateway rotate', '换回最新的密钥库，或执行 xinshu gateway rotate'],
  ),
  'account-other': mistake(
    'wrong',
    ['the registry holds another account', '登记簿中的账户不同'],
    ['put back the newest keystore: the account was rolled since this copy', '换回最新的密钥库：账户已在此副本之后更换'],
  ),
  'endpoint-other': mistake(
    'wrong',
    ['the endpoint on chain has another port than /peer/port', '链上端点的端口与 /peer/port 不同'],
    ['correct the port, or have what forwards it looked at', '更正端口，或检查端口转发'],
  ),
  'port-closed': mistake(
    'wrong',
    ['nothing answers at the own endpoint on chain', '本成员链上端点无响应'],
    ['start the gateway; open the port in the firewall', '启动网关；在防火墙放行该端口'],
  ),
  'port-of-another': mistake(
    'wrong',
    ['at the own endpoint another certificate answers', '本成员端点返回了另一张证书'],
    [
      'another process has the port, or a proxy ends TLS before the gateway: it must pass it through',
      '端口被其他进程占用，或代理终止了 TLS；代理须透传',
    ],
  ),
  'peer-silent': mistake(
    'warn',
    ['the gateway of another member does not answer', '其他成员的网关无响应'],
    ['their operator, or the firewall on the way out', '联系其运维人员，或检查出站防火墙'],
  ),
  'peer-not-pinned': mistake(
    'wrong',
    ['the gateway of another member shows a certificate that the registry does not pin', '其他成员网关的证书未在登记簿中固定'],
    ['do not go round it: their operator must say whose key it is', '不得绕过：须由其运维人员说明该密钥归属'],
  ),
  'mirror-stale': mistake(
    'wrong',
    ['the running gateway can not decide: its copy of the chain is stale', '运行中的网关无法裁决：其链镜像已过时'],
    ['see node-silent, clock-off; the log of the gateway says why', '参见 node-silent、clock-off；原因见网关日志'],
  ),
  'gateway-down': mistake(
    'warn',
    ['the gateway does not run here', '网关未在本机运行'],
    ['xinshu gateway run --dir FOLDER', 'xinshu gateway run --dir FOLDER'],
  ),
  'disk-full': mistake(
    'wrong',
    ['the disk is nearly full', '磁盘空间不足'],
    ['make room; nothing is served once the log can not be written', '释放空间；日志无法写入时不再提供服务'],
  ),
  'certificate-ending': mistake(
    'warn',
    ['the TLS certificate runs out soon', 'TLS 证书即将到期'],
    ['xinshu gateway rotate --keys tls', 'xinshu gateway rotate --keys tls'],
  ),
} as const satisfies Readonly<Record<string, Mistake>>;
export type MistakeName = keyof typeof mistakes;

export type Found = { readonly name: MistakeName; readonly facts: Readonly<Record<string, string | number>> };
/** How a check says what it found. */
export type Say = (name: MistakeName, facts?: Found['facts']) => void;
