import { type CalendarDate, startOfDay } from './calendar.ts';
import type { ContentCategory, DatasetSchema, FieldSchema, SchemaFault } from './dataset-schema.ts';

/** What may not be collected on persons, or only on a declaration, and how it shows in names. `until` is the first day without the rule. */
type ContentRule = {
  readonly category: ContentCategory;
  readonly effect: 'prohibited' | 'needs-notice';
  readonly zh: readonly string[];
  /** English words, or several in a row, of a field's name or title. */
  readonly en: readonly string[];
  readonly from: CalendarDate;
  readonly until: CalendarDate | undefined;
  readonly source: string;
};

const rule = (effect: ContentRule['effect'], category: ContentCategory, zh: readonly string[], en: readonly string[]): ContentRule => ({
  category,
  effect,
  zh,
  en,
  from: '2013-03-15',
  until: undefined,
  source: '征信业管理条例 第十四条',
});

/** 征信业管理条例 art. 14, in force since 2013-03-15: rules 22 and 23. A change is a new row with its date. */
export const contentRules: readonly ContentRule[] = [
  rule('prohibited', 'religion', ['宗教', '信仰'], ['religion', 'religious', 'faith']),
  rule('prohibited', 'gene', ['基因'], ['gene', 'genes', 'genetic', 'genome', 'dna']),
  rule('prohibited', 'fingerprint', ['指纹'], ['fingerprint', 'fingerprints']),
  rule('prohibited', 'blood-type', ['血型'], ['blood type', 'blood group']),
  rule('prohibited', 'disease', ['疾病', '病史'], ['disease', 'diseases', 'illness', 'medical history']),
  rule('needs-notice', 'income', ['收入'], ['income', 'salary', 'wages']),
  rule('needs-notice', 'deposit', ['存款'], ['deposit', 'deposits']),
  rule('needs-notice', 'securities', ['证券'], ['securities']),
  rule('needs-notice', 'insurance', ['商业保险'], ['commercial insurance']),
  rule('needs-notice', 'real-estate', ['不动产'], ['real estate', 'real property']),
  rule('needs-notice', 'tax-amount', ['纳税数额', '纳税额'], ['tax paid', 'tax amount']),
];

const asWords = (text: string): string =>
  ` ${text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .join(' ')} `;

const concerns = (content: ContentRule, field: FieldSchema): boolean =>
  field.category === content.category ||
  content.zh.some((word) => field.zh.includes(word)) ||
  content.en.some((word) => asWords(field.name).includes(` ${word} `) || asWords(field.en).includes(` ${word} `));

/** Rules 22 and 23 on a schema whose subjects can be persons, as in force at a moment (seconds). */
export const personalContentFaults = (
  schema: DatasetSchema,
  atSeconds: number,
  rules: readonly ContentRule[] = contentRules,
): readonly SchemaFault[] => {
  const { personal } = schema;
  if (personal === undefined) return [];
  const inForce = rules.filter(
    (content) => startOfDay(content.from) <= atSeconds && (content.until === undefined || atSeconds < startOfDay(content.until)),
  );
  return schema.fields.flatMap((field, place) =>
    inForce
      .filter((content) => concerns(content, field) && (content.effect === 'prohibited' || !personal.consequencesNotified))
      .map((content) => ({
        path: content.effect === 'prohibited' ? `/fields/${place}` : '/personal/consequencesNotified',
        code: content.effect === 'prohibited' ? ('SCHEMA_PROHIBITED_CONTENT' as const) : ('SCHEMA_NOTICE_REQUIRED' as const),
        reason: `${field.name}: ${content.category} (${content.source})`,
      })),
  );
};
