import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Level } from 'level';
import { hashForms, hashNames, textForms, valueForms } from '../../../scripts/dev/drill/secrecy/forms.ts';
import { Matcher, shortestPattern } from '../../../scripts/dev/drill/secrecy/matcher.ts';
import { type Findings, searchNetwork } from '../../../scripts/dev/drill/secrecy/search.ts';
import type { Secret } from '../../../scripts/dev/drill/secrecy/secrets.ts';
import { type TemporaryFolder, temporaryFolder } from '../../helpers/temporary-folder.ts';

const code = '91619900MACDRG7H5T';
const name = '砺石泰和汽车零部件有限公司';
const amount = '1444048';
const third = 'audit-office';

const secrets: readonly Secret[] = [
  {
    what: 'code',
    holders: new Set(['bank-changan']),
    forms: [...textForms(code), ...hashForms({ type: 'enterprise', code })],
  },
  { what: 'name', holders: new Set(['bank-changan']), forms: textForms(name) },
  { what: 'amount', holders: new Set(['bank-changan', 'grid-qinchuan']), forms: valueForms(amount) },
];
const all = secrets.flatMap(({ what, forms }) => forms.map((form) => ({ what, ...form })));

const numbered = (index: number): string => String(index).padStart(6, '0');
const between = (before: string, bytes: Buffer, after: string): Buffer => Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]);

/**
 * The bytes among other bytes, such that compression has seen their halves before and writes down two references instead of them: no stretch of the file is
 * the bytes as they are.
 */
const compressible = (bytes: Buffer): Buffer => {
  const half = bytes.length >> 1;
  const gap = Buffer.alloc(64);
  return Buffer.concat([gap, bytes.subarray(0, half), gap, bytes.subarray(half), gap, bytes, gap]);
};

const writeDatabase = async (folder: string, values: readonly Buffer[]): Promise<void> => {
  mkdirSync(folder, { recursive: true });
  const open = async () => {
    const level = new Level<Buffer, Buffer>(folder, { keyEncoding: 'buffer', valueEncoding: 'buffer' });
    await level.open();
    return level;
  };
  const level = await open();
  for (const [index, value] of values.entries()) await level.put(Buffer.from(numbered(index)), value);
  await level.close();
  // Opening it again moves what lies in the write-ahead log into a table.
  await (await open()).close();
};

type Planted = (typeof all)[number];
/** Puts each form into a stretch of its own, in one of the ways in which it may come there, and says how the search names stretch `index` of that place. */
type Planting = { plant(root: string, forms: readonly Planted[]): Promise<void> | void; place: string; where(index: number): string };

const plantings: Readonly<Record<string, Planting>> = {
  'a file of the ledger': {
    place: 'ledger',
    where: (index) => `notes-${numbered(index)}`,
    plant: (root, forms) => {
      for (const [index, { bytes }] of forms.entries())
        writeFileSync(join(root, 'network', `notes-${numbered(index)}`), between('"', bytes, '"'));
    },
  },
  'an entry of the ledger, compressed': {
    place: 'ledger',
    where: (index) => `ledger, entry ${index}`,
    plant: (root, forms) =>
      writeDatabase(
        join(root, 'network', 'ledger'),
        forms.map(({ bytes }) => compressible(bytes)),
      ),
  },
  "an entry of a third gateway's store": {
    place: `gateway of ${third}`,
    where: (index) => `store/entries, entry ${index}`,
    plant: (root, forms) =>
      writeDatabase(
        join(root, 'gateways', third, 'store', 'entries'),
        forms.map(({ bytes }) => between('{"v":"', bytes, '"}')),
      ),
  },
  'a log': {
    place: 'logs',
    where: (index) => `${numbered(index)}.log`,
    plant: (root, forms) => {
      for (const [index, { bytes }] of forms.entries())
        writeFileSync(join(root, 'logs', `${numbered(index)}.log`), between('{"msg":"', bytes, '"}\n'));
    },
  },
  'a body between gateways': {
    place: 'bodies between gateways',
    where: (index) => `${numbered(index)}-request`,
    plant: (root, forms) => {
      for (const [index, { bytes }] of forms.entries())
        writeFileSync(join(root, 'captured', `${numbered(index)}-request`), between('', bytes, '\n'));
    },
  },
  'a body between gateways, inside of what is signed': {
    place: 'bodies between gateways',
    where: (index) => `${numbered(index)}-response, decoded`,
    plant: (root, forms) => {
      for (const [index, { bytes }] of forms.entries()) {
        const payload = between('{"usage":"', bytes, '"}').toString('base64url');
        writeFileSync(join(root, 'captured', `${numbered(index)}-response`), `eyJhbGciOiJFZERTQSJ9.${payload}.c2lnbmF0dXJl`);
      }
    },
  },
};

describe('secrecy drill: what was planted is found', () => {
  let home: TemporaryFolder;
  let count = 0;
  const freshRoot = (): string => {
    count += 1;
    const root = join(home.path, String(count));
    for (const folder of ['network', 'logs', 'captured', `gateways/${third}`, 'gateways/bank-changan', 'gateways/grid-qinchuan'])
      mkdirSync(join(root, folder), { recursive: true });
    return root;
  };
  const search = (root: string, metrics = new Map<string, string>()): Promise<Findings> =>
    searchNetwork(root, join(root, 'captured'), metrics, secrets);

  before(async () => {
    home = await temporaryFolder();
  });
  after(() => home.remove());

  it('finds nothing where nothing is', async () => {
    const root = freshRoot();
    await writeDatabase(join(root, 'network', 'ledger'), [compressible(Buffer.from('nothing of it'))]);
    const { hits, searched } = await search(root);
    expect(hits).to.deep.equal([]);
    expect(searched.map(({ place }) => place)).to.include.members([
      'ledger',
      'logs',
      'metrics',
      'bodies between gateways',
      `gateway of ${third}`,
    ]);
  });

  it('knows every form that is asked for', () => {
    const forms = new Set(all.map(({ form }) => form));
    expect(forms).to.include.all.keys('plain', 'hex', 'HEX', 'base64+0', 'base64+1', 'base64+2', 'base64url+0', 'utf-16le', 'utf-16be');
    expect(forms).to.include.all.keys('json-escaped', 'sha256 hex', 'keccak-256 hex', 'poseidon hex', 'poseidon plain', 'poseidon decimal');
    expect(hashNames).to.include('sha256');
    if (hashNames.includes('sm3')) expect(forms).to.include.all.keys('sm3 hex', 'sm3 base64+1');
  });

  const expectEach = (forms: readonly Planted[], { hits }: Findings, place: string, where: (index: number) => string): void => {
    const found = new Set(hits.map((hit) => JSON.stringify([hit.place, hit.where, hit.what, hit.form])));
    const missed = forms.filter(({ what, form }, index) => !found.has(JSON.stringify([place, where(index), what, form])));
    expect(missed.map(({ what, form }) => `${what} ${form}`)).to.deep.equal([]);
  };

  for (const [what, { plant, place, where }] of Object.entries(plantings)) {
    it(`in every form: ${what}`, async () => {
      const root = freshRoot();
      await plant(root, all);
      expectEach(all, await search(root), place, where);
    });
  }

  it('in every form: the metrics', async () => {
    const forms = all.filter(({ bytes }) => Buffer.from(bytes.toString('utf8'), 'utf8').equals(bytes));
    const metrics = new Map(forms.map(({ bytes }, index) => [numbered(index), `usages_total{subject="${bytes.toString('utf8')}"} 1\n`]));
    expectEach(forms, await search(freshRoot(), metrics), 'metrics', numbered);
  });

  it('needs the database for what compression hides', async () => {
    const root = freshRoot();
    const [code] = all.filter(({ form }) => form === 'plain');
    await writeDatabase(join(root, 'network', 'ledger'), [compressible(code!.bytes)]);
    const { hits } = await search(root);
    expect(hits.map(({ where }) => where)).to.deep.equal(['ledger, entry 0']);
  });

  it('lets holders hold what is theirs, and nobody else', async () => {
    const root = freshRoot();
    for (const member of ['bank-changan', 'grid-qinchuan', third])
      writeFileSync(join(root, 'gateways', member, 'records'), JSON.stringify({ code, amount: Number(amount) }));
    const { hits } = await search(root);
    expect(hits.map(({ place, what, form }) => `${place}: ${what} ${form}`)).to.have.members([
      `gateway of ${third}: code plain`,
      `gateway of ${third}: amount plain`,
      'gateway of grid-qinchuan: code plain',
    ]);
  });

  it('takes seven digits inside of a hash for what they are', async () => {
    const root = freshRoot();
    writeFileSync(join(root, 'network', 'notes'), `"0xfdaa9e054dc1${amount}ae4bc876171b"`);
    expect((await search(root)).hits).to.deep.equal([]);
  });
});

describe('secrecy drill: the matcher', () => {
  it('finds what stands at the very beginning, at the very end, overlapping, and nothing cut off', () => {
    const patterns = ['abcdefg', 'cdefghi', 'xyzxyz'].map((text) => ({ label: text, bytes: Buffer.from(text) }));
    const find = (text: string): string[] => [...new Matcher(patterns).find(Buffer.from(text))];
    expect(find('abcdefghi')).to.have.members(['abcdefg', 'cdefghi']);
    expect(find('..xyxyzxyz')).to.deep.equal(['xyzxyz']);
    expect(find('abcdef')).to.deep.equal([]);
    expect(find('')).to.deep.equal([]);
  });

  it('refuses a pattern that would turn up by chance', () => {
    expect(() => new Matcher([{ label: 'short', bytes: Buffer.alloc(shortestPattern - 1) }])).to.throw(RangeError);
  });
});
