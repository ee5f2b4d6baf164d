/** Readers of the formats that Besu documents, written from the documents and apart from the writers they judge. */

/** A string of bytes or a list (Yellow Paper, appendix B). */
export type Rlp = Uint8Array | readonly Rlp[];

/** Decodes one item that fills the input. Throws where the encoding is not the shortest. */
export function decodeRlp(bytes: Uint8Array): Rlp {
  const { item, end } = itemAt(bytes, 0);
  if (end !== bytes.length) throw new Error(`${bytes.length - end} bytes are left over`);
  return item;
}

function itemAt(bytes: Uint8Array, at: number): { readonly item: Rlp; readonly end: number } {
  const first = bytes[at];
  if (first === undefined) throw new Error('ends too early');
  if (first < 0x80) return { item: bytes.slice(at, at + 1), end: at + 1 };
  const list = first >= 0xc0;
  const short = first - (list ? 0xc0 : 0x80);
  const sizeBytes = short > 55 ? short - 55 : 0;
  const size = sizeBytes === 0 ? short : Number(`0x${Buffer.from(bytes.slice(at + 1, at + 1 + sizeBytes)).toString('hex')}`);
  if (sizeBytes > 0 && (size < 56 || bytes[at + 1] === 0)) throw new Error('length is not the shortest');
  const start = at + 1 + sizeBytes;
  const end = start + size;
  if (end > bytes.length) throw new Error('ends too early');
  if (!list) {
    if (size === 1 && (bytes[start] ?? 0) < 0x80) throw new Error('byte is not the shortest');
    return { item: bytes.slice(start, end), end };
  }
  const items: Rlp[] = [];
  for (let next = start; next < end; ) {
    const inner = itemAt(bytes.slice(0, end), next);
    items.push(inner.item);
    next = inner.end;
  }
  return { item: items, end };
}

export interface QbftExtraData {
  readonly vanity: string;
  readonly validators: readonly string[];
  readonly vote: Rlp;
  readonly round: Rlp;
  readonly seals: Rlp;
}

/** RLP([32 bytes Vanity, List<Validators>, No Vote, Round=Int(0), 0 Seals]) (Besu, "Configure QBFT consensus"). */
export function decodeQbftExtraData(hex: string): QbftExtraData {
  const decoded = decodeRlp(bytesOf(hex));
  if (decoded instanceof Uint8Array || decoded.length !== 5) throw new Error('not a list of five');
  const [vanity, validators, vote, round, seals] = decoded as readonly [Rlp, Rlp, Rlp, Rlp, Rlp];
  if (!(vanity instanceof Uint8Array) || vanity.length !== 32) throw new Error('vanity is not 32 bytes');
  if (validators instanceof Uint8Array) throw new Error('validators are no list');
  const addresses = validators.map((address) => {
    if (!(address instanceof Uint8Array) || address.length !== 20) throw new Error('no address');
    return `0x${Buffer.from(address).toString('hex')}`;
  });
  return { vanity: Buffer.from(vanity).toString('hex'), validators: addresses, vote, round, seals };
}

const bytesOf = (hex: string): Uint8Array => {
  if (!/^0x([0-9a-f]{2})+$/.test(hex)) throw new Error('not hex');
  return new Uint8Array(Buffer.from(hex.slice(2), 'hex'));
};

export type Toml = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Keys and values as Besu's configuration files have them (Besu, "Configure Besu", TOML configuration file): no tables, each key once. */
export function parseToml(text: string): Toml {
  const found: Record<string, string | number | boolean | readonly string[]> = {};
  let rest = text;
  while (rest.trim() !== '') {
    const [whole, key = '', value = ''] =
      /^\s*([A-Za-z0-9_-]+)\s*=\s*("(?:[^"\\\n]|\\["\\])*"|true|false|[0-9]+(?:\.[0-9]+)?|\[[^\]]*\])[ \t]*\n/.exec(rest) ?? [];
    if (whole === undefined) throw new Error(`no TOML here: ${rest.slice(0, 60)}`);
    if (key in found) throw new Error(`${key} stands twice`);
    found[key] = value.startsWith('[') ? stringsOf(value) : (JSON.parse(value) as string | number | boolean);
    rest = rest.slice(whole.length);
  }
  return found;
}

/** An array of strings; a comma after the last is allowed (TOML 1.0, Array). */
function stringsOf(array: string): string[] {
  const inner = array.slice(1, -1).trim().replace(/,$/, '');
  return inner === '' ? [] : inner.split(',').map((item) => JSON.parse(item.trim()) as string);
}

/** Sections of a systemd unit, each a list of names and values (systemd.syntax). */
export function parseUnit(text: string): Readonly<Record<string, readonly (readonly [string, string])[]>> {
  const sections: Record<string, (readonly [string, string])[]> = {};
  let current: (readonly [string, string])[] | undefined;
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const section = /^\[([A-Za-z]+)\]$/.exec(line)?.[1];
    const [, name, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    if (section !== undefined) current = sections[section] = [];
    else if (name !== undefined && value !== undefined && current !== undefined) current.push([name, value]);
    else throw new Error(`no line of a unit: ${line}`);
  }
  return sections;
}
