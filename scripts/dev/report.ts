import { stripVTControlCharacters, styleText } from 'node:util';

export type StepResult = {
  readonly id: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly detail?: string;
  readonly [fact: string]: unknown;
};

/** Progress for people; with `--json` it goes to standard error, so that standard output holds one JSON document only. */
export class Report {
  readonly steps: StepResult[] = [];
  readonly #out: NodeJS.WriteStream;

  constructor(json: boolean) {
    this.#out = json ? process.stderr : process.stdout;
  }

  line(text = ''): void {
    this.#out.write(`${text}\n`);
  }

  #paint(style: 'green' | 'red' | 'dim' | 'bold', text: string): string {
    return this.#out.isTTY ? styleText(style, text) : text;
  }

  /** A word for a cell of a table. */
  verdict(ok: boolean): string {
    return ok ? this.#paint('green', 'ok') : this.#paint('red', 'WRONG');
  }

  title(text: string): void {
    this.line(`\n${this.#paint('bold', text)}`);
  }

  command(text: string): void {
    this.line(this.#paint('dim', `    $ ${text}`));
  }

  /** Runs one step, times it and says how it went; a failure is recorded and thrown on. */
  async step<T>(
    id: string,
    title: string,
    work: () => Promise<T>,
    facts: (value: T) => Readonly<Record<string, unknown>> = () => ({}),
  ): Promise<T> {
    this.line(`  ${title} …`);
    const from = performance.now();
    const ms = (): number => Math.round(performance.now() - from);
    try {
      const value = await work();
      const result: StepResult = { ...facts(value), id, ok: true, ms: ms() };
      this.steps.push(result);
      this.line(`  ${this.#paint('green', 'ok')} ${id} (${result.ms} ms)${result.detail === undefined ? '' : `: ${result.detail}`}`);
      return value;
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.steps.push({ id, ok: false, ms: ms(), detail });
      this.line(`  ${this.#paint('red', 'FAILED')} ${id}: ${detail}`);
      throw error;
    }
  }

  table(rows: readonly (readonly string[])[]): void {
    // A Chinese character takes two columns of a terminal.
    const width = (text: string): number =>
      [...stripVTControlCharacters(text)].reduce((sum, character) => sum + (/[\u1100-\uffdc]/.test(character) ? 2 : 1), 0);
    const columns = rows[0]?.map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? '')))) ?? [];
    for (const row of rows)
      this.line(
        `  ${row
          .map((cell, column) => cell + ' '.repeat((columns[column] ?? 0) - width(cell)))
          .join('  ')
          .trimEnd()}`,
      );
  }
}
