/** What can be wrong with a manifest. `path` is a JSON pointer to the place (RFC 6901). */
export const manifestFaults = {
  MANIFEST_MISSING: ['This must be given.', '缺少必填项。'],
  MANIFEST_UNKNOWN_FIELD: ['There is no such field.', '未知字段。'],
  MANIFEST_TYPE: ['This is of the wrong type.', '类型不符。'],
  MANIFEST_RANGE: ['This is outside what is allowed.', '超出允许范围。'],
  MANIFEST_VERSION: ['This version of the manifest is not known.', '不支持的清单版本。'],
  MANIFEST_CODE: ['Not a code: short, of lower-case letters, digits and hyphens (member ids also dots).', '代码格式不符。'],
  MANIFEST_HOST: ['Not a host name or address.', '主机名或地址格式不符。'],
  MANIFEST_SECTOR: ['No such sector: government, finance, utilities, supply-chain.', '未知行业领域。'],
  MANIFEST_ROLE: ['No such role: provider, consumer, issuer, auditor, regulator, council, operator.', '未知角色。'],
  MANIFEST_ENGINE: ['No such engine: embedded, kaia, besu.', '未知账本引擎。'],
  MANIFEST_ENGINE_FIELD: ['The engine of this kind does not have it.', '该类引擎没有此项。'],
  MANIFEST_DOUBLE_ID: ['Another member has this id.', '成员代码重复。'],
  MANIFEST_DOUBLE_ROLE: ['A role is named twice.', '角色重复。'],
  MANIFEST_DOUBLE_PORT: ['Something else on this host has this port.', '同一主机上端口重复。'],
  MANIFEST_QUORUM_TOO_HIGH: ['There are not that many council seats.', '超过理事会席位数。'],
  MANIFEST_WITNESSES_TOO_FEW: ['There are not that many other members.', '超过其他成员的数量。'],
  MANIFEST_QUORUM_ONE_SECTOR: ['One sector alone reaches it: no sector may decide by itself.', '单一行业即可达到法定人数。'],
  MANIFEST_VALIDATOR_STRANGER: ['No member has this id.', '没有此代码的成员。'],
  MANIFEST_DOUBLE_VALIDATOR: ['This member has a validator already.', '该成员已有验证节点。'],
  MANIFEST_VALIDATORS_ONE_SECTOR: [
    'One sector holds a third of the validators or more: it alone could stop the chain.',
    '单一行业持有不少于三分之一的验证节点，可单独使链停止。',
  ],
  MANIFEST_COUNCIL_ONE_SECTOR: ['All council seats are of one sector: nothing could ever be carried.', '理事会席位均属同一行业。'],
} as const satisfies Record<string, readonly [en: string, zh: string]>;

export type ManifestFaultCode = keyof typeof manifestFaults;

export interface ManifestFault {
  readonly code: ManifestFaultCode;
  readonly path: string;
  /** What stands there or would, for a person; empty if the code says all. */
  readonly detail: string;
}

/** What a manifest may have and its founders should know. */
export const manifestWarnings = {
  MANIFEST_NO_FAULT_TOLERATED: [
    'With fewer than four validators the chain stops as soon as one of them is down (f = 0).',
    '验证节点少于四个，任一节点停止即全链停止（f = 0）。',
  ],
} as const satisfies Record<string, readonly [en: string, zh: string]>;

export interface ManifestWarning {
  readonly code: keyof typeof manifestWarnings;
  readonly path: string;
  readonly detail: string;
}
