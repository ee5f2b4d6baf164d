import type { ConsentId, MemberId } from '../../domain/ids.ts';
import type { EndProblem } from '../verification/verify-end.ts';
import type { LineProblem } from '../verification/verify-history.ts';

/**
 * What contradicts an institution. `false-entry`: an entry it gave does not hold. `gap`: a number is missing though a higher one is there. `out-of-order`: a later number
 * at an earlier place. `false-end`: the end it stated does not hold. `half-missing`: the other side, or its own signature, shows an entry that it does not.
 */
export type HistoryFinding = { readonly consent: ConsentId; readonly member: MemberId } & (
  | { readonly kind: 'false-entry'; readonly n: number; readonly problem: LineProblem }
  | { readonly kind: 'gap'; readonly n: number }
  | { readonly kind: 'out-of-order'; readonly n: number }
  | {
      readonly kind: 'false-end';
      readonly problem: EndProblem;
      readonly earlier: string | undefined;
      readonly statement: string | undefined;
    }
  | {
      readonly kind: 'half-missing';
      readonly usage: string;
      readonly shownBy: MemberId;
      /** The place its own signed message names; undefined where only the other side's entry says so. */
      readonly index: number | undefined;
      readonly evidence: string | undefined;
    }
);
/** Worth knowing and no contradiction. `untagged-refusal`: a refusal that the other side shows, and this one answered before it could find it for the subject. */
export type HistoryRemark = { readonly consent: ConsentId; readonly member: MemberId; readonly usage: string } & {
  readonly kind: 'untagged-refusal' | 'receipt-open' | 'answer-open';
};

type T = (en: string, zh: string) => string;

const lineProblems: Readonly<Record<LineProblem, readonly [string, string]>> = {
  malformed: ['it is no entry', '格式不合规'],
  tag: ['its tag is not of this consent and number', '标签与本授权及序号不符'],
  value: ['a value shown does not fit it', '所示内容与条目承诺不符'],
  size: ['the size it is proved under is not on chain', '证明所据日志大小未在链上锚定'],
  proof: ['its proof does not lead to the root on chain', '证明与链上锚定的根不符'],
  evidence: ['the signed message beside it is not the one it commits to', '所附签名报文与条目承诺不符'],
};
const endProblems: Readonly<Record<EndProblem, readonly [string, string]>> = {
  unsigned: ['it is not signed for what was asked', '未就本次查询签名'],
  count: ['it counts other entries than were given', '所述条目数与给出的不符'],
  beyond: ['an entry given lies beyond it', '给出的条目超出所述末尾'],
  anchor: ['its root does not continue the one on chain', '所述根与链上锚定不连续'],
  earlier: ['its root does not continue the one stated before', '所述根与此前所述不连续'],
  shrunk: ['it counts fewer entries than stated before', '条目数少于此前所述'],
  withheld: ['an entry now given was there already when it was stated not to be', '现给出的条目在此前声明不存在时已在日志中'],
  rewritten: ['earlier entries are not what they were', '此前条目已被改动'],
};

export const findingText = (finding: HistoryFinding, t: T): string => {
  const { member } = finding;
  switch (finding.kind) {
    case 'false-entry':
      return t(
        `${member}: entry ${finding.n} does not hold: ${lineProblems[finding.problem][0]}`,
        `${member}：第 ${finding.n} 条不成立：${lineProblems[finding.problem][1]}`,
      );
    case 'gap':
      return t(`${member} leaves out entry ${finding.n}, though a later one is there`, `${member} 缺第 ${finding.n} 条，而其后条目存在`);
    case 'out-of-order':
      return t(`${member}: entry ${finding.n} stands before an earlier one`, `${member}：第 ${finding.n} 条位置早于前一条`);
    case 'false-end':
      return t(
        `${member}: the end it stated does not hold: ${endProblems[finding.problem][0]}`,
        `${member}：所述末尾不成立：${endProblems[finding.problem][1]}`,
      );
    case 'half-missing':
      return finding.index === undefined
        ? t(
            `${member} does not show usage ${finding.usage}, which ${finding.shownBy} shows`,
            `${member} 未列出 ${finding.shownBy} 所列的使用 ${finding.usage}`,
          )
        : t(
            `${member} does not show usage ${finding.usage}, though it signed that it is its entry ${finding.index}`,
            `${member} 未列出使用 ${finding.usage}，但曾签名确认其为本方第 ${finding.index} 号条目`,
          );
  }
};

export const remarkText = ({ kind, member, usage }: HistoryRemark, t: T): string => {
  switch (kind) {
    case 'untagged-refusal':
      return t(
        `${member} refused usage ${usage} before it had your key for this consent, so its own entry can't be found for you`,
        `${member} 在取得本授权查询密钥之前拒绝了使用 ${usage}，其条目无法按您的密钥查到`,
      );
    case 'receipt-open':
      return t(`usage ${usage}: ${member} shows no answer received yet`, `使用 ${usage}：${member} 尚未显示收到答复`);
    case 'answer-open':
      return t(`usage ${usage}: asked by ${member}, no answer shown`, `使用 ${usage}：${member} 已发起，尚无答复`);
  }
};
