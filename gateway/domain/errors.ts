/**
 * The one catalogue of errors. `kind` says how the caller must take it: a refusal is final and logged as a usage outcome where it answers a query;
 * `invalid` is bad input, refused before anything changed; `retry` is overload or a lag, to be tried again; `fault` is a broken invariant or outside failure.
 */
export type ErrorKind = 'refusal' | 'invalid' | 'retry' | 'fault';

const entry = <S extends number>(status: S, kind: ErrorKind, en: string, zh: string) => ({ status, kind, en, zh }) as const;

export const catalogue = {
  // ---- authorization: members
  MEMBER_UNKNOWN: entry(403, 'refusal', 'The member is not in the registry.', '成员未登记。'),
  MEMBER_SUSPENDED: entry(403, 'refusal', 'The member is suspended or has left.', '成员已被暂停或退出。'),
  MEMBER_FORKED: entry(
    403,
    'refusal',
    'The member showed two histories of its audit log; the evidence is on chain.',
    '该成员的审计日志出现分叉，证据已上链。',
  ),
  MEMBER_ROLE_MISSING: entry(403, 'refusal', 'The member does not hold the role this needs.', '成员缺少所需角色。'),
  MEMBER_KEY_MISSING: entry(500, 'fault', 'The member has no key for this purpose on chain.', '该成员链上没有此用途的密钥。'),
  // ---- authorization: datasets
  DATASET_UNKNOWN: entry(404, 'refusal', 'No such dataset in the catalog.', '目录中没有该数据集。'),
  DATASET_RETIRED: entry(410, 'refusal', 'The dataset is retired.', '数据集已下架。'),
  DATASET_UNPUBLISHED: entry(409, 'refusal', 'The dataset has no published version.', '数据集尚无已发布版本。'),
  DATASET_WITHHELD: entry(403, 'refusal', 'The dataset is not shared.', '数据集不予共享。'),
  FIELD_UNKNOWN: entry(422, 'refusal', 'The dataset has no such field.', '数据集没有该字段。'),
  OPERATION_NOT_ALLOWED: entry(403, 'refusal', 'The dataset does not allow this operation.', '数据集不允许该操作。'),
  // ---- authorization: purposes
  PURPOSE_UNKNOWN: entry(422, 'refusal', 'The purpose is empty or not listed at this time.', '用途为空或当前未列入目录。'),
  // ---- authorization: grants
  GRANT_MISSING: entry(403, 'refusal', 'The provider has granted nothing that covers this request.', '没有覆盖该请求的机构授权。'),
  GRANT_REVOKED: entry(403, 'refusal', 'The grant is revoked.', '机构授权已撤销。'),
  GRANT_EXPIRED: entry(403, 'refusal', 'The grant has expired.', '机构授权已过期。'),
  GRANT_NOT_YET_VALID: entry(403, 'refusal', 'The grant is not valid yet.', '机构授权尚未生效。'),
  GRANT_MISMATCH: entry(403, 'refusal', 'The grant is for another consumer or dataset.', '机构授权的使用方或数据集不符。'),
  GRANT_FIELD_MISMATCH: entry(403, 'refusal', 'A requested field is not in the grant.', '请求字段超出机构授权。'),
  GRANT_PURPOSE_MISMATCH: entry(403, 'refusal', 'The purpose is not in the grant.', '用途超出机构授权。'),
  GRANT_OPERATION_MISMATCH: entry(403, 'refusal', 'The operation is not in the grant.', '操作超出机构授权。'),
  GRANT_QUOTA_USED: entry(403, 'refusal', 'The quota of the grant is used up.', '机构授权配额已用完。'),
  // ---- authorization: consents
  CONSENT_MISSING: entry(
    403,
    'refusal',
    'The request names no consent and has no other legal ground.',
    '请求未附主体授权，且无其他合法依据。',
  ),
  CONSENT_UNKNOWN: entry(403, 'refusal', 'The consent is not on chain.', '链上没有该主体授权。'),
  CONSENT_WITHDRAWN: entry(403, 'refusal', 'The consent is withdrawn.', '主体授权已撤回。'),
  CONSENT_RENEWED: entry(403, 'refusal', 'The consent was replaced by a renewed one.', '主体授权已被续期授权取代。'),
  CONSENT_EXPIRED: entry(403, 'refusal', 'The consent has expired.', '主体授权已过期。'),
  CONSENT_NOT_YET_VALID: entry(403, 'refusal', 'The consent is not valid yet.', '主体授权尚未生效。'),
  CONSENT_USED_UP: entry(403, 'refusal', 'The uses of the consent for this dataset are used up.', '主体授权对该数据集的次数已用完。'),
  CONSENT_GRANTEE_MISMATCH: entry(403, 'refusal', 'The consent names another grantee.', '主体授权的被授权方不符。'),
  CONSENT_DATASET_MISMATCH: entry(403, 'refusal', 'The consent does not name this dataset.', '主体授权未包含该数据集。'),
  CONSENT_FIELD_MISMATCH: entry(403, 'refusal', 'A requested field is not in the consent.', '请求字段超出主体授权。'),
  CONSENT_PURPOSE_MISMATCH: entry(403, 'refusal', 'The consent is for another purpose.', '主体授权的用途不符。'),
  CONSENT_OPERATION_MISMATCH: entry(403, 'refusal', 'The consent does not allow this operation.', '主体授权不允许该操作。'),
  CONSENT_SUBJECT_MISMATCH: entry(403, 'refusal', 'The consent is of another subject.', '主体授权的主体不符。'),
  CONSENT_OPENING_MISSING: entry(
    403,
    'refusal',
    'The opening of the consent has not reached this provider.',
    '该提供方尚未收到授权的开封信息。',
  ),
  CONSENT_OPENING_INVALID: entry(403, 'refusal', 'The opening does not fit the consent on chain.', '授权开封信息与链上授权不符。'),
  CREDENTIAL_INVALID: entry(403, 'refusal', 'The credential or the key certificate is not valid.', '主体凭证或密钥证书无效。'),
  CREDENTIAL_EXPIRED: entry(403, 'refusal', 'The credential has expired.', '主体凭证已过期。'),
  CREDENTIAL_REVOKED: entry(403, 'refusal', 'The credential is revoked.', '主体凭证已吊销。'),
  CREDENTIAL_ISSUER_NOT_ACCEPTED: entry(
    403,
    'refusal',
    "The provider does not accept this issuer for the dataset's grade.",
    '提供方不接受该签发方对该级别数据的凭证。',
  ),
  CREDENTIAL_ISSUER_IS_GRANTEE: entry(403, 'refusal', 'The issuer of the credential is the grantee itself.', '凭证签发方即被授权方自身。'),
  // ---- review
  REVIEW_REQUIRED: entry(403, 'refusal', 'Data of grade 3 and above needs an approved review.', '三级及以上数据须经复核。'),
  REVIEW_SAME_PERSON: entry(403, 'refusal', 'The reviewer is the requester.', '复核人与请求人为同一人。'),
  REVIEW_UNKNOWN: entry(404, 'refusal', 'No such review.', '没有该复核。'),
  REVIEW_DECIDED: entry(409, 'refusal', 'The review is decided already.', '该复核已有结论。'),
  REVIEW_NOT_APPROVED: entry(403, 'refusal', 'The review is not approved.', '该复核未获批准。'),
  REVIEW_EXPIRED: entry(403, 'refusal', 'The approval of the review is too old.', '该复核批准已过期。'),
  REVIEW_MISMATCH: entry(
    403,
    'refusal',
    'The review is of another requester, subject, dataset, purpose or consent.',
    '复核的请求人、主体、数据集、用途或授权不符。',
  ),
  REVIEW_USED: entry(403, 'refusal', 'The review is used up for this dataset.', '该复核对此数据集已使用。'),
  // ---- usages and messages between gateways
  USAGE_CONFLICT: entry(409, 'refusal', 'The usage id stands for another request already.', '该用途编号已用于另一请求。'),
  USAGE_CLOSED: entry(
    410,
    'refusal',
    'The usage is finished and its one-time key erased; the answer cannot be opened again.',
    '该次使用已结束，一次性密钥已销毁，无法再次开封。',
  ),
  MESSAGE_EXPIRED: entry(
    403,
    'refusal',
    'The message is past its expiry, signed in the future or for too long a time.',
    '消息已过期、签发时间超前或有效期过长。',
  ),
  MESSAGE_CHAIN: entry(403, 'refusal', 'The message is for another chain.', '消息属于另一条链。'),
  MESSAGE_AUDIENCE: entry(403, 'refusal', 'The message is for another member.', '消息的接收方不符。'),
  MESSAGE_ISSUER: entry(403, 'refusal', 'The message is signed by another member than the one that sent it.', '消息签发方与连接方不符。'),
  BLOCK_MISMATCH: entry(409, 'refusal', 'The block named by the other side is not the one known here.', '对方所指区块与本地不一致。'),
  RECORDS_NOT_READY: entry(
    503,
    'retry',
    'The dataset version on chain is not readable here yet; try again shortly.',
    '链上的数据集版本在此尚不可读，请稍后重试。',
  ),
  ANSWER_MISMATCH: entry(502, 'fault', "The provider's answer does not fit the request.", '提供方应答与请求不符。'),
  WITHDRAWAL_INVALID: entry(403, 'refusal', 'The withdrawal is not signed by the key of the consent.', '撤回未由授权密钥签名。'),
  OPENING_SENDER_MISMATCH: entry(403, 'refusal', 'The opening was not sent by the grantee of the consent.', '开封信息并非由被授权方发送。'),
  PEER_UNREACHABLE: entry(
    502,
    'retry',
    'The other gateway cannot be reached; try again with the same usage id.',
    '无法连接对方网关，可用同一用途编号重试。',
  ),
  PEER_TIMEOUT: entry(
    504,
    'retry',
    'The other gateway did not answer in time; try again with the same usage id.',
    '对方网关超时未应答，可用同一用途编号重试。',
  ),
  PEER_GARBLED: entry(502, 'retry', 'The other gateway answered with something that is not its protocol.', '对方网关应答不符合协议。'),
  PEER_TLS_UNPINNED: entry(
    502,
    'retry',
    'The other gateway showed a certificate that the registry does not pin.',
    '对方网关证书未在链上登记。',
  ),
  // ---- freshness
  LEDGER_STALE: entry(
    503,
    'retry',
    'The last final block known here is older than the limit; nothing is decided on it.',
    '本地最终区块已超过时限，暂不决策。',
  ),
  LEDGER_BEHIND: entry(503, 'retry', 'The block named by the request has not been seen here yet.', '尚未同步到请求所指区块。'),
  // ---- ledger
  LEDGER_UNREACHABLE: entry(503, 'retry', 'The ledger node does not answer, or not in time.', '账本节点无应答或超时。'),
  LEDGER_CALL_REVERTED: entry(409, 'refusal', 'The contract refused the call; nothing was changed.', '合约拒绝该调用，链上未发生变更。'),
  LEDGER_CALL_INVALID: entry(422, 'invalid', 'The call does not fit the interface of the contract.', '调用与合约接口不符。'),
  LEDGER_MISMATCH: entry(
    500,
    'fault',
    'The ledger is not the one this gateway follows: another chain, directory or history.',
    '账本与本网关所跟随的不是同一条链、同一目录或同一历史。',
  ),
  // ---- institutions' requests and grants
  DATASET_OWN: entry(409, 'refusal', "The dataset is this institution's own.", '该数据集属于本机构自身。'),
  ACCESS_REQUEST_UNKNOWN: entry(404, 'refusal', 'No such access request.', '没有该授权申请。'),
  ACCESS_REQUEST_CLOSED: entry(409, 'refusal', 'The access request is not open any more.', '该授权申请已办结。'),
  GRANT_UNKNOWN: entry(404, 'refusal', 'No such grant.', '没有该机构授权。'),
  GRANT_NOT_OURS: entry(
    403,
    'refusal',
    'Only the other institution of the request or grant can do this.',
    '只有该申请或授权的另一方机构可以办理。',
  ),
  SCOPE_INVALID: entry(422, 'refusal', 'The scope contradicts itself or has no time left.', '授权范围自相矛盾或已无有效期。'),
  SCOPE_BEYOND_REQUEST: entry(422, 'refusal', 'The scope is wider than the request.', '授权范围超出申请范围。'),
  LEDGER_ANSWER_INVALID: entry(500, 'fault', 'A confirmed transaction did not emit what it must.', '已确认的交易未产生应有的事件。'),
  // ---- credentials
  CREDENTIAL_UNKNOWN: entry(404, 'refusal', 'This institution issued no such credential.', '本机构未签发过该凭证。'),
  CREDENTIAL_REVOKED_ALREADY: entry(409, 'refusal', 'The credential is revoked already.', '该凭证此前已吊销。'),
  // ---- reading the audit log
  LOG_RANGE_INVALID: entry(422, 'invalid', 'The log has no such entries or sizes.', '日志没有该范围的条目。'),
  LOG_RESOURCE_UNKNOWN: entry(
    404,
    'refusal',
    'There is no such log, tile or bundle, or the published checkpoint does not cover it.',
    '没有该日志、图块或条目包，或其超出已发布检查点的范围。',
  ),
  USAGE_UNKNOWN: entry(404, 'refusal', 'The log has no such usage.', '日志中没有该次使用。'),
  HISTORY_REQUEST_EXPIRED: entry(
    403,
    'refusal',
    'The history request was signed too long ago or for another gateway.',
    '履历查询请求已过期或并非发给本网关。',
  ),
  HISTORY_SIGNATURE_INVALID: entry(
    403,
    'refusal',
    'The history request is not signed by the key of the consent.',
    '履历查询请求未由授权密钥签名。',
  ),
  ERASURE_TOO_EARLY: entry(
    409,
    'refusal',
    'The records must still be kept; the detail says until when.',
    '记录仍在法定保存期内，详情列明保存至何日。',
  ),
  ERASURE_PLAN_CHANGED: entry(
    409,
    'refusal',
    'What is due is not what was looked at; look at it again.',
    '到期内容与已查看的计划不一致，请重新查看。',
  ),
  HISTORY_REPORT_OVER: entry(
    403,
    'refusal',
    'The report with this id was begun too long ago; begin another.',
    '该编号的报告开始时间过久，请另起一份报告。',
  ),
  // ---- client listener
  TOKEN_MISSING: entry(401, 'invalid', 'The call has no bearer token.', '请求缺少访问令牌。'),
  TOKEN_INVALID: entry(401, 'invalid', 'The token is unknown or revoked.', '访问令牌无效或已吊销。'),
  TOKEN_EXPIRED: entry(401, 'invalid', 'The token has expired.', '访问令牌已过期。'),
  STAFF_ROLE_MISSING: entry(403, 'invalid', 'The staff role of the token does not allow this.', '该令牌的人员角色不允许此操作。'),
  INPUT_INVALID: entry(400, 'invalid', 'The call does not fit the schema.', '请求内容不符合格式要求。'),
  BODY_TOO_LARGE: entry(413, 'invalid', 'The body is larger than the limit.', '请求体超过大小上限。'),
  MEDIA_TYPE_UNSUPPORTED: entry(415, 'invalid', 'The media type is not accepted here.', '不支持该内容类型。'),
  ROUTE_UNKNOWN: entry(404, 'invalid', 'There is nothing at this address.', '该地址不存在。'),
  RATE_LIMITED: entry(429, 'retry', 'Too many calls; try again later.', '请求过于频繁，请稍后再试。'),
  CALL_TIMEOUT: entry(503, 'retry', 'The call took longer than the limit.', '请求处理超时。'),
  INTERNAL: entry(500, 'fault', 'The gateway failed; the log has the reason.', '网关内部故障，详见日志。'),
  TOKENS_UNREADABLE: entry(500, 'fault', 'The list of tokens cannot be read; nobody is let in.', '令牌列表无法读取，拒绝所有访问。'),
  TOKEN_UNKNOWN: entry(404, 'invalid', 'There is no token with this id.', '没有该编号的令牌。'),
  // ---- anchoring
  ANCHOR_REFUSED: entry(502, 'fault', 'The anchor contract refused the checkpoint.', '锚定合约拒绝该检查点。'),
  LOG_BEHIND_ANCHOR: entry(
    500,
    'fault',
    'The log is shorter than what is anchored on chain: it was restored from an old copy or cut.',
    '日志短于链上已锚定的大小，可能由旧备份恢复或被截断。',
  ),
  LOG_CONTRADICTS_CHECKPOINT: entry(
    500,
    'fault',
    'The log does not hold what was published or anchored from it: entries were lost or changed.',
    '日志与其已发布或已锚定的检查点不符，条目已丢失或被更改。',
  ),
  // ---- witnesses (C2SP tlog-witness, which gives the statuses)
  WITNESS_REQUEST_MALFORMED: entry(400, 'invalid', 'The body is not a request to cosign a checkpoint.', '请求不是有效的检查点见证请求。'),
  WITNESS_LOG_UNKNOWN: entry(404, 'invalid', 'The checkpoint is of no log that is witnessed here.', '该检查点不属于本网关见证的日志。'),
  WITNESS_SIGNATURE: entry(
    403,
    'invalid',
    "The checkpoint lacks a sound signature of the log's note key or of the member's account.",
    '检查点缺少日志密钥或成员账户的有效签名。',
  ),
  WITNESS_OLD_SIZE: entry(400, 'invalid', 'The old size is larger than the checkpoint.', '旧大小大于检查点大小。'),
  WITNESS_PROOF: entry(
    422,
    'invalid',
    'The proof does not show that the checkpoint extends what was witnessed last.',
    '一致性证明未能表明检查点延续了上次见证的内容。',
  ),
  WITNESS_ANCHOR: entry(
    422,
    'invalid',
    'The checkpoint is smaller than what is anchored on chain, or contradicts it.',
    '检查点小于链上已锚定的大小，或与之矛盾。',
  ),
  WITNESS_CONTRADICTION: entry(
    502,
    'fault',
    'Two different roots are signed or claimed for one size of the log.',
    '同一日志大小存在两个不同的根。',
  ),
  WITNESS_AHEAD: entry(
    502,
    'fault',
    'A witness says it has cosigned more of this log than the log holds.',
    '见证方称其已见证的日志大于本日志现有内容。',
  ),
  WITNESS_MOVED: entry(
    503,
    'retry',
    'The witness has cosigned another checkpoint meanwhile; ask again.',
    '见证方已联署其他检查点，请重试。',
  ),
  WITNESS_ANSWER: entry(502, 'fault', 'The witness answered without a sound cosignature of its own.', '见证方应答中没有其有效的联署。'),
  WITNESS_WENT_BACK: entry(
    502,
    'fault',
    'A witness has forgotten what it cosigned: it was restored from an old copy.',
    '见证方遗忘了其已联署的内容，可能由旧备份恢复。',
  ),
  // ---- starting a gateway
  CONFIG_UNREADABLE: entry(500, 'fault', 'The configuration cannot be read.', '配置文件无法读取。'),
  CONFIG_INVALID: entry(500, 'fault', 'The configuration does not fit its schema.', '配置内容不符合要求。'),
  PASSPHRASE_UNREADABLE: entry(500, 'fault', 'The passphrase file cannot be read or is empty.', '口令文件无法读取或为空。'),
  PASSPHRASE_MODE: entry(500, 'fault', 'The passphrase file may be read by others; its mode must be 0600.', '口令文件权限必须为0600。'),
  KEYSTORE_EXISTS: entry(500, 'fault', 'There is a keystore already; it is never overwritten.', '密钥库已存在，不会覆盖。'),
  KEYSTORE_UNREADABLE: entry(500, 'fault', 'The keystore cannot be read or is not a keystore.', '密钥库无法读取或格式不符。'),
  KEYSTORE_PASSPHRASE: entry(500, 'fault', 'The keystore does not open with this passphrase.', '口令无法打开密钥库。'),
  PORT_IN_USE: entry(500, 'fault', 'Another process listens at this address.', '该地址已被其他进程占用。'),
  // ---- subject codes
  SUBJECT_TYPE_UNKNOWN: entry(422, 'invalid', 'No such type of subject.', '主体类型不存在。'),
  SUBJECT_TYPE_MISMATCH: entry(422, 'invalid', 'The code does not fit the type of subject.', '代码与主体类型不符。'),
  USCC_LENGTH: entry(422, 'invalid', 'A unified social credit code has 18 characters.', '统一社会信用代码应为18位。'),
  USCC_CHARACTER: entry(
    422,
    'invalid',
    'The unified social credit code has a character that cannot stand there.',
    '统一社会信用代码含无效字符。',
  ),
  USCC_CHECK: entry(422, 'invalid', 'The check character of the unified social credit code is wrong.', '统一社会信用代码校验位错误。'),
  ID_NUMBER_LENGTH: entry(422, 'invalid', 'An identification number has 18 characters.', '公民身份号码应为18位。'),
  ID_NUMBER_CHARACTER: entry(
    422,
    'invalid',
    'The identification number has a character that cannot stand there.',
    '公民身份号码含无效字符。',
  ),
  ID_NUMBER_DATE: entry(422, 'invalid', 'The identification number holds no valid date of birth.', '公民身份号码中的出生日期无效。'),
  ID_NUMBER_CHECK: entry(422, 'invalid', 'The check character of the identification number is wrong.', '公民身份号码校验位错误。'),
  // ---- dataset schemas
  SCHEMA_INVALID: entry(422, 'invalid', 'The dataset schema is not valid; every fault is listed.', '数据集模式无效，问题已逐项列出。'),
  SCHEMA_PROHIBITED_CONTENT: entry(
    422,
    'invalid',
    'The schema holds a field that may never be collected on persons.',
    '模式含有禁止采集的个人信息字段。',
  ),
  SCHEMA_NOTICE_REQUIRED: entry(
    422,
    'invalid',
    'A field on a person needs the declaration that consequences were notified and written consent was given.',
    '该个人信息字段须声明已告知不良后果并取得书面同意。',
  ),
  // ---- declaring datasets
  DATASET_NOT_OURS: entry(403, 'refusal', 'The dataset belongs to another institution.', '该数据集属于其他机构。'),
  DATASET_IDENTITY_FIXED: entry(409, 'refusal', 'Title and kind of a registered dataset are fixed.', '已登记数据集的名称与类别不可变更。'),
  DATASET_GRADE_LOWERED: entry(
    409,
    'refusal',
    'The grade of a field can only be lowered by a regrade that a regulator signed.',
    '字段级别只能凭监管方签署的重新定级降低。',
  ),
  DATASET_UNDECLARED: entry(
    409,
    'refusal',
    'This gateway does not hold the schema that the catalog names: declare the dataset here first.',
    '本网关没有目录所载的数据集模式，请先声明数据集。',
  ),
  // ---- imports of records
  IMPORT_REJECTED: entry(422, 'invalid', 'The file has faults; nothing was imported.', '文件存在问题，未导入任何数据。'),
  IMPORT_EMPTY: entry(422, 'invalid', 'The file has no records.', '文件没有数据行。'),
  IMPORT_SYNTAX: entry(422, 'invalid', 'The file is not well-formed CSV from this line on.', '自该行起不是有效的CSV格式。'),
  IMPORT_ENCODING: entry(422, 'invalid', 'The file is not UTF-8.', '文件不是UTF-8编码。'),
  IMPORT_TOO_LARGE: entry(413, 'invalid', 'The file has more rows than one import may have.', '文件行数超过单次导入上限。'),
  IMPORT_COLUMN_UNKNOWN: entry(422, 'invalid', 'The header names a column that the schema does not have.', '表头含有模式中没有的列。'),
  IMPORT_COLUMN_MISSING: entry(422, 'invalid', 'A required field has no column.', '必填字段缺少对应的列。'),
  IMPORT_COLUMN_TWICE: entry(422, 'invalid', 'Two columns hold the same field.', '两列对应同一字段。'),
  IMPORT_UNIT: entry(422, 'invalid', 'The header gives a unit that the schema does not declare.', '表头所注单位与模式不符。'),
  IMPORT_CELL_COUNT: entry(422, 'invalid', 'The row has more or fewer cells than the header.', '该行单元格数与表头不一致。'),
  IMPORT_REQUIRED: entry(422, 'invalid', 'A required value is empty.', '必填项为空。'),
  IMPORT_INTEGER: entry(422, 'invalid', 'Not a whole number.', '不是整数。'),
  IMPORT_MONEY: entry(422, 'invalid', 'Not a whole number of 分.', '金额不是以分为单位的整数。'),
  IMPORT_DECIMAL: entry(422, 'invalid', 'Not a plain decimal number.', '不是有效的小数。'),
  IMPORT_RANGE: entry(422, 'invalid', 'The number is too large to be exact.', '数值超出可精确表示的范围。'),
  IMPORT_DATE: entry(422, 'invalid', 'Not a date that exists, as YYYY-MM-DD.', '不是有效日期（YYYY-MM-DD）。'),
  IMPORT_MONTH: entry(422, 'invalid', 'Not a month, as YYYY-MM.', '不是有效月份（YYYY-MM）。'),
  IMPORT_BOOLEAN: entry(422, 'invalid', 'Neither true nor false (是, 否).', '不是true/false（是/否）。'),
  IMPORT_ENUM: entry(422, 'invalid', 'Not one of the values that the schema lists.', '不在模式列出的取值之内。'),
  IMPORT_PATTERN: entry(422, 'invalid', "The value does not fit the field's pattern.", '不符合字段的格式要求。'),
  IMPORT_TOO_LONG: entry(422, 'invalid', 'The value is too long.', '内容过长。'),
  IMPORT_CHARACTER: entry(422, 'invalid', 'The value holds control characters.', '内容含有控制字符。'),
  IMPORT_DUPLICATE: entry(422, 'invalid', 'Two records of one subject have the same key.', '同一主体有两条主键相同的记录。'),
  IMPORT_UNKNOWN: entry(404, 'invalid', 'There is no such unfinished import.', '没有该未完成的导入。'),
  // ---- signed messages
  JWS_MALFORMED: entry(400, 'invalid', 'The text is not a compact JWS with a JSON object in it.', '不是有效的紧凑型JWS。'),
  JWS_ALGORITHM: entry(400, 'invalid', 'The JWS algorithm is not EdDSA.', 'JWS算法不是EdDSA。'),
  JWS_CRITICAL: entry(400, 'invalid', 'The JWS asks for extensions that are not understood.', 'JWS要求不支持的扩展。'),
  JWS_TYPE: entry(400, 'invalid', 'The JWS is of another type.', 'JWS类型不符。'),
  JWS_KEY_UNKNOWN: entry(
    401,
    'invalid',
    "The JWS names no key of the member's that is valid at this block.",
    'JWS所用密钥在该区块无效或不属于该成员。',
  ),
  JWS_SIGNATURE: entry(401, 'invalid', 'The signature does not fit.', '签名校验失败。'),
  SEAL_MALFORMED: entry(400, 'invalid', 'The text is not a compact JWE.', '不是有效的紧凑型JWE。'),
  SEAL_ALGORITHM: entry(400, 'invalid', 'The JWE is not ECDH-ES with A256GCM over X25519.', 'JWE算法不符。'),
  SEAL_TYPE: entry(400, 'invalid', 'The sealed content is of another type.', '密封内容类型不符。'),
  SEAL_CONTEXT: entry(400, 'invalid', 'The sealed content belongs to another usage or consent.', '密封内容所绑定的用途编号或授权不符。'),
  SEAL_UNOPENABLE: entry(400, 'invalid', 'The sealed content does not open with this key.', '无法用此密钥解封。'),
  MESSAGE_MALFORMED: entry(400, 'invalid', 'The message does not have the form its protocol gives.', '消息格式与协议不符。'),
  // ---- audit log
  LEAF_MALFORMED: entry(422, 'invalid', 'The bytes are not an audit leaf of a known version.', '不是已知版本的审计叶。'),
  LEAF_OPENING_MISMATCH: entry(422, 'invalid', 'The opening does not fit the commitments of the leaf.', '开封信息与审计叶承诺不符。'),
  CHECKPOINT_MALFORMED: entry(422, 'invalid', 'The text is not a signed checkpoint.', '不是有效的签名检查点。'),
  CHECKPOINT_ORIGIN: entry(422, 'invalid', 'The checkpoint is of another log.', '检查点属于其他日志。'),
  CHECKPOINT_SIGNATURE: entry(422, 'invalid', "The checkpoint is not signed by the log's key.", '检查点签名无效。'),
  PROOF_MALFORMED: entry(422, 'invalid', 'The proof is not a list of hashes with its index and size.', '证明格式不符。'),
  PROOF_MISMATCH: entry(422, 'invalid', 'The proof does not lead to the root.', '证明与根不符。'),
  // ---- evidence of a fork
  FORK_EVIDENCE_MALFORMED: entry(422, 'invalid', 'The file is not evidence of a fork.', '不是有效的分叉证据文件。'),
  FORK_EVIDENCE_FOREIGN: entry(422, 'invalid', 'The evidence belongs to another chain or contract.', '分叉证据属于其他链或合约。'),
  FORK_NOT_PROVEN: entry(
    422,
    'invalid',
    'The evidence does not prove that two checkpoints contradict each other.',
    '证据未能证明两个检查点相互矛盾。',
  ),
  FORK_ACCOUNT_FOREIGN: entry(
    422,
    'invalid',
    "An account that is said to have signed never was the member's.",
    '所称签名账户从未属于该成员。',
  ),
  // ---- proofs of records
  RECORD_PROOF_MALFORMED: entry(502, 'fault', 'The payload does not have the form its protocol gives.', '数据载荷格式不符。'),
  RECORD_PROOF_MISMATCH: entry(502, 'fault', 'The payload does not fit the commitment on chain.', '数据载荷与链上承诺不符。'),
  RECORD_PROOF_SUBJECT: entry(
    502,
    'fault',
    'The payload is about another subject, dataset, version or usage.',
    '数据载荷的主体、数据集、版本或用途编号不符。',
  ),
  // ---- joint scores: models
  MODEL_UNKNOWN: entry(404, 'refusal', 'There is no such version of a model, or it is not held here.', '没有该模型版本，或本网关未持有。'),
  MODEL_NOT_OURS: entry(403, 'refusal', 'Only the owner of the model can do this.', '只有模型的所有方可以办理。'),
  // ---- joint scores: scorecard parts and features
  MODEL_INVALID: entry(422, 'invalid', 'The model has faults; each is listed with its place.', '模型存在错误，已逐项列出位置。'),
  MODEL_PART_INVALID: entry(
    422,
    'invalid',
    'The scorecard part has a form that no proof can be made for.',
    '评分卡分部的形式无法用于生成证明。',
  ),
  FEATURES_INVALID: entry(
    422,
    'invalid',
    'The features are too many or too few, or one is no code below 2^40.',
    '特征数量不符，或某项特征不是小于2^40的编码。',
  ),
  // ---- joint scores: the share protocol
  SCORE_DEAL_INVALID: entry(
    502,
    'fault',
    "The commitments to a provider's shares do not add up to its commitment.",
    '提供方各份额的承诺之和与其总承诺不符。',
  ),
  SCORE_SHARE_INVALID: entry(502, 'fault', 'A share is not the one that its sender committed to.', '收到的份额与发送方的承诺不符。'),
  SCORE_SUM_INVALID: entry(502, 'fault', "A provider's sum of shares does not fit the commitments.", '提供方的份额之和与承诺不符。'),
  SCORE_TOTAL_OUT_OF_RANGE: entry(502, 'fault', 'The total is none that any scorecard could give.', '总分超出任何评分卡可能的范围。'),
  FEATURE_UNSCORABLE: entry(422, 'refusal', 'The model has no bin for a feature of the subject.', '模型中没有与该主体某项特征对应的分箱。'),
  // ---- joint scores: the prover
  ARTEFACT_UNREADABLE: entry(500, 'fault', 'A file of the circuit, or their manifest, cannot be read.', '电路文件或其清单无法读取。'),
  ARTEFACT_ALTERED: entry(500, 'fault', 'A file of the circuit is not the one that the manifest names.', '电路文件与清单所载哈希不符。'),
  ARTEFACTS_FOR_TRIAL: entry(
    500,
    'fault',
    'The proving keys are for trial use and this network does not take them.',
    '证明密钥仅供试用，本网络不予接受。',
  ),
  PROOF_IMPOSSIBLE: entry(
    500,
    'fault',
    'No proof can be made: a constraint of the circuit does not hold for these inputs.',
    '输入不满足电路约束，无法生成证明。',
  ),
  PROVER_FAILED: entry(503, 'retry', 'The prover ended before it answered; try again.', '证明进程未及答复即已结束，请重试。'),
  // ---- store
  OVERLOADED: entry(503, 'retry', 'Too much is waiting here; try again shortly.', '等待处理的请求过多，请稍后重试。'),
  STORE_UNAVAILABLE: entry(
    503,
    'retry',
    'The store is reading its state again after a fault; try again shortly.',
    '存储正在故障后重新读取状态，请稍后重试。',
  ),
  STORE_WRITE_FAILED: entry(
    503,
    'fault',
    'The write failed or its outcome is unknown; nothing may be answered on it.',
    '写入失败或结果未知，不得据此作答。',
  ),
  STORE_CLOSED: entry(503, 'fault', 'The store is closed.', '存储已关闭。'),
  STORE_MISSING: entry(
    500,
    'fault',
    'There is no store in this folder; creating one must be asked for.',
    '该目录没有存储，须明确要求创建。',
  ),
  STORE_LOCKED: entry(500, 'fault', 'Another process has the store open.', '存储已被另一进程打开。'),
  STORE_NEWER: entry(500, 'fault', 'The store was written by a newer version.', '存储由更新的版本写入。'),
  STORE_OLDER: entry(
    500,
    'fault',
    'The store was written by a version before the first release, which this one does not read.',
    '存储由首个发布版之前的版本写入，本版本不支持读取。',
  ),
  STORE_OTHER_MEMBER: entry(500, 'fault', 'The store belongs to another member.', '存储属于另一成员。'),
  STORE_CORRUPT: entry(500, 'fault', 'The store is damaged or parts of it are missing.', '存储已损坏或缺失部分内容。'),
} as const satisfies Record<string, { status: number; kind: ErrorKind; en: string; zh: string }>;

export type ErrorCode = keyof typeof catalogue;

/** For what is not a refusal: bad configuration, a broken invariant, a failed disk. `code` is stable, `cause` is kept. */
export class XinshuError extends Error {
  readonly code: ErrorCode;
  readonly detail: Readonly<Record<string, string | number>>;
  constructor(code: ErrorCode, detail: Readonly<Record<string, string | number>> = {}, options?: ErrorOptions) {
    const facts = Object.entries(detail).map(([name, value]) => `${name}=${value}`);
    super(`${code}: ${catalogue[code].en}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`, options);
    this.name = 'XinshuError';
    this.code = code;
    this.detail = detail;
  }
}
