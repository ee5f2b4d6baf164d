/** What no history of this kind can show; said in every report. */
export const notCovered: readonly { readonly en: string; readonly zh: string }[] = [
  {
    en: "A usage that both institutions leave out of their logs, in agreement. An end that an institution states is its signed word: a later answer, its partner's log or an auditor can prove it false, you alone can't prove it true.",
    zh: '双方机构串通、同时未入账的使用。机构所述末尾是其签名声明：日后答复、对方日志或审计方可证其不实，仅凭本报告不能证明其属实。',
  },
  {
    en: 'Queries without a consent of yours: on a legal duty, or refused because none was named; and those refused before the institution had your key for the consent. They stand in its log, where its auditor and the regulator can see them.',
    zh: '未凭您的授权发起的查询：依法定职责的查询、因未附授权而被拒的查询，以及机构取得本授权查询密钥之前被拒的查询。此类查询记入该机构日志，其审计方与监管方可查。',
  },
  {
    en: 'Consents of other wallets of yours, and credentials issued about you.',
    zh: '您在其他密钥包中的授权，以及就您签发的凭证。',
  },
  {
    en: 'What an institution does inside its own walls with data it has received, and the contents of what was erased after its time.',
    zh: '机构收到数据后在其内部的处理，以及到期擦除的内容。',
  },
];
