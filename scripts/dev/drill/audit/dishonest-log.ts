import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openKeystore } from '../../../../gateway/adapters/keys/open-keystore.ts';
import { readPassphrase } from '../../../../gateway/adapters/keys/passphrase-file.ts';
import { chainSignatureLine } from '../../../../gateway/audit/chain-signature.ts';
import { checkpointDomain, checkpointMessage, checkpointText, checkpointTypes, logOrigin } from '../../../../gateway/audit/checkpoint.ts';
import { decodeLeaf, encodeLeaf, leafEntropyLength } from '../../../../gateway/audit/leaf.ts';
import { formatNote } from '../../../../gateway/audit/note.ts';
import { gatewayLog } from '../../../../gateway/cli/auditing/log-source.ts';
import { gatewayClient } from '../../../../gateway/cli/gateway-client.ts';
import { toBase64url, toHex } from '../../../../gateway/domain/hash.ts';
import type { Address, MemberId, UsageId } from '../../../../gateway/domain/ids.ts';
import { CompactTree, consistencyProof, leafHash } from '../../../../gateway/domain/merkle.ts';
import { refuse } from '../../../../gateway/domain/result.ts';
import type { LeafDraft, LeafOpening } from '../../../../gateway/domain/usage-leaf.ts';

/** One entry of a log as its owner has it. */
export type OwnEntry = { readonly bytes: Uint8Array; readonly opening: Omit<LeafOpening, 'index'> };
/** What a dishonest operator makes of its own log. */
export type Change = (entries: readonly OwnEntry[]) => readonly OwnEntry[];

/** An institution whose operator is dishonest: it has the gateway's keys and everything in its log. */
export type Operator = {
  readonly member: MemberId;
  readonly chainId: number;
  /** The contract AuditAnchor. */
  readonly anchor: Address;
  /** The gateway's folder, with keystore and passphrase. */
  readonly folder: string;
  readonly client: string;
  readonly auditorToken: string;
};

const leafOf = ({ bytes }: OwnEntry) => {
  const leaf = decodeLeaf(bytes);
  if (!leaf.ok) throw new Error(`the gateway wrote ${leaf.refusal.code}`);
  return leaf.value;
};

/** The entry written anew by the gateway's own code, with some of what it says changed; its tag stays. */
export const rewritten = (
  entry: OwnEntry,
  {
    usage,
    values = {},
    ...over
  }: Partial<Pick<LeafDraft, 'time' | 'block' | 'usage'>> & { readonly values?: Readonly<Record<string, string>> },
): OwnEntry => {
  const { time, block, step, outcome, tag } = leafOf(entry);
  const { usage: before, ...committed } = entry.opening.values;
  const draft: LeafDraft = {
    time,
    block,
    step,
    outcome,
    consent: undefined,
    ...over,
    usage: usage ?? (before as UsageId),
    committed: { ...committed, ...values },
  };
  return encodeLeaf(draft, randomBytes(leafEntropyLength(draft)), tag);
};

export const stepOf = (entry: OwnEntry): string => leafOf(entry).step;

/** All entries that the gateway shows its auditor. */
export const ownEntries = async ({ client, auditorToken }: Operator): Promise<readonly OwnEntry[]> => {
  const source = gatewayLog('operator', gatewayClient(client, auditorToken, 'en'));
  const { size } = await source.checkpoint();
  const entries: OwnEntry[] = [];
  for await (const { leaf, opening } of source.entries(0, size)) {
    if (leaf === undefined || opening === undefined || opening === null) throw new Error('an entry without an opening');
    entries.push({ bytes: leaf, opening });
  }
  return entries;
};

const answer = (response: ServerResponse, lines: readonly unknown[]): void => {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
};

/** Shows auditors another log than the gateway has, signed with the gateway's own key and with every proof computed over it as it is; if it withholds, nothing of consents. */
export const showLog = async (
  operator: Operator,
  change: Change,
  withholds = false,
): Promise<{ readonly url: string; close(): Promise<void> }> => {
  const { member, chainId, anchor, folder } = operator;
  const keys = await openKeystore(join(folder, 'keystore.jwe'), await readPassphrase(join(folder, 'passphrase')), () =>
    refuse('SEAL_MALFORMED'),
  );
  const gateway = gatewayClient(operator.client, operator.auditorToken, 'en');
  const entries = change(await ownEntries(operator));
  const nodes = new Map<string, Uint8Array>();
  const tree = new CompactTree();
  for (const { bytes } of entries) tree.append(leafHash(bytes), (level, index, hash) => nodes.set(`${level}/${index}`, hash));
  const origin = logOrigin(chainId, member, 0);
  const text = checkpointText({ origin, size: tree.size, root: tree.root() });
  const message = checkpointMessage(member, 0, tree.size, tree.root());
  const note =
    formatNote(text, origin, keys.noteKey, await keys.signNote(Buffer.from(text, 'utf8'))) +
    chainSignatureLine(origin, keys.account, await keys.signTypedData(checkpointDomain(chainId, anchor), checkpointTypes, message));
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://operator');
    const [from, to] = [Number(searchParams.get('from')), Number(searchParams.get('to'))];
    const numbered = entries.map((entry, index) => ({ ...entry, index })).slice(from, to);
    if (pathname === '/v1/log/checkpoint')
      answer(response, [{ member, log: 0, size: tree.size, root: toHex(tree.root()), note, anchored: null }]);
    else if (pathname === '/v1/log/leaves')
      answer(
        response,
        numbered.map(({ index, bytes }) => ({ index, leaf: toBase64url(bytes) })),
      );
    else if (pathname === '/v1/log/openings')
      answer(
        response,
        numbered.map(({ index, opening }) => ({ index, opening: { ...opening, index } })),
      );
    else if (pathname === '/v1/log/consistency') {
      const proof = await consistencyProof(from, to, async (level, index) => nodes.get(`${level}/${index}`) as Uint8Array);
      answer(response, [{ proof: proof.map(toHex) }]);
    } else if (pathname.startsWith('/v1/log/consents/')) answer(response, [withholds ? { opening: null } : await gateway.get(pathname)]);
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
