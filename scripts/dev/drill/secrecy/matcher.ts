export type Pattern<Label> = {
  readonly label: Label;
  readonly bytes: Buffer;
  /** Only where no letter or digit stands next to it: seven digits turn up in any long hex text. */
  readonly whole?: boolean;
};

/** Shorter ones turn up by chance. */
export const shortestPattern = 6;

const isWordByte = (byte: number | undefined): boolean =>
  byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a));

/** Finds many byte strings in one pass: the first three bytes sort out nearly every place. */
export class Matcher<Label> {
  readonly #begins = new Uint8Array(1 << 21);
  readonly #byStart = new Map<number, Pattern<Label>[]>();

  /** Throws RangeError for a pattern that is too short to mean anything. */
  constructor(patterns: readonly Pattern<Label>[]) {
    for (const pattern of patterns) {
      const { bytes } = pattern;
      if (bytes.length < shortestPattern) throw new RangeError(`a pattern of ${bytes.length} bytes`);
      const start = bytes.readUIntBE(0, 3);
      this.#begins[start >> 3] = (this.#begins[start >> 3] ?? 0) | (1 << (start & 7));
      this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), pattern]);
    }
  }

  /** Every pattern that occurs, once each. */
  find(text: Buffer): Set<Label> {
    const found = new Set<Label>();
    let start = text.length < 3 ? 0 : text.readUInt16BE(0);
    for (let place = 0; place + 2 < text.length; place += 1) {
      start = ((start << 8) | (text[place + 2] as number)) & 0xffffff;
      if (((this.#begins[start >> 3] as number) & (1 << (start & 7))) === 0) continue;
      for (const { label, bytes, whole } of this.#byStart.get(start) ?? []) {
        const end = place + bytes.length;
        if (end > text.length || text.compare(bytes, 0, bytes.length, place, end) !== 0) continue;
        if (whole !== true || !(isWordByte(text[place - 1]) || isWordByte(text[end]))) found.add(label);
      }
    }
    return found;
  }
}
