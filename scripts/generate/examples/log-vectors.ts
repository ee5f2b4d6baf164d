import { createHash, sign } from 'node:crypto';
import { computeAddress, Wallet } from 'ethers';
import { chainSignatureLine } from '../../../gateway/audit/chain-signature.ts';
import { checkpointDomain, checkpointMessage, checkpointText, checkpointTypes, logOrigin } from '../../../gateway/audit/checkpoint.ts';
import { cosignatureLine, cosignedBytes, witnessName, witnessVerifierKey } from '../../../gateway/audit/cosignature.ts';
import { formatNote, verifierKey } from '../../../gateway/audit/note.ts';
import { entryBundle, tileWidth, widthIn } from '../../../gateway/audit/tile.ts';
import { toBase64 } from '../../../gateway/domain/hash.ts';
import type { Address, Hex } from '../../../gateway/domain/ids.ts';
import { CompactTree, consistencyProof, inclusionProof, leafHash, type NodeSource, rootAt } from '../../../gateway/domain/merkle.ts';
import { privateKeyFrom, rawPublicKey } from '../../../gateway/domain/okp.ts';
import { auditAnchor, bank, chainId, countedBytes, grid, hexOf } from './facts.ts';

/* A log of short entries, so that whole tiles can be made again from a rule instead of being written out. */

const sizes = [0, 1, 2, 255, 256, 257, 600, 70_000];
const largest = sizes.at(-1) as number;
const entry = (index: number): Uint8Array => Buffer.from(`entry ${index}`, 'ascii');
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const grow = (): NodeSource => {
  const nodes = new Map<string, Uint8Array>();
  const tree = new CompactTree();
  for (let index = 0; index < largest; index += 1)
    tree.append(leafHash(entry(index)), (level, at, hash) => nodes.set(`${level}/${at}`, hash));
  return async (level, index) => nodes.get(`${level}/${index}`) as Uint8Array;
};

/** Level, index and name of resources of the log of 70,000 entries that C2SP tlog-tiles takes for its example, and some of smaller ones. */
const resources = [
  [0, 0, 256, 'tile/0/000'],
  [0, 0, 1, 'tile/0/000.p/1'],
  [0, 0, 255, 'tile/0/000.p/255'],
  [0, 272, 256, 'tile/0/272'],
  [0, 273, 112, 'tile/0/273.p/112'],
  [1, 0, 256, 'tile/1/000'],
  [1, 0, 1, 'tile/1/000.p/1'],
  [1, 1, 17, 'tile/1/001.p/17'],
  [2, 0, 1, 'tile/2/000.p/1'],
  ['entries', 0, 256, 'tile/entries/000'],
  ['entries', 0, 2, 'tile/entries/000.p/2'],
  ['entries', 273, 112, 'tile/entries/273.p/112'],
] as const;

const resourceBytes = async (nodes: NodeSource, level: number | 'entries', index: number, width: number): Promise<Uint8Array> => {
  const places = Array.from({ length: width }, (_, n) => index * tileWidth + n);
  if (widthIn(largest, { level, index }) < width) throw new RangeError(`no tile ${level}/${index} of this width`);
  return level === 'entries' ? entryBundle(places.map(entry)) : Buffer.concat(await Promise.all(places.map((at) => nodes(8 * level, at))));
};

const noteSeed = countedBytes(0x51, 32);
const accountKey = countedBytes(0x71, 32);

/** A checkpoint with both its signatures: of the note key, and of the account for the chain. */
export const exampleNote = async (size: number, root: Uint8Array): Promise<string> => {
  const [key, wallet] = [privateKeyFrom('Ed25519', noteSeed), new Wallet(hexOf(accountKey))];
  const origin = logOrigin(chainId, grid, 0);
  const text = checkpointText({ origin, size, root });
  const typed = await wallet.signTypedData(checkpointDomain(chainId, auditAnchor), checkpointTypes, checkpointMessage(grid, 0, size, root));
  return (
    formatNote(text, origin, rawPublicKey(key), sign(null, Buffer.from(text), key)) +
    chainSignatureLine(origin, wallet.address as Address, typed as Hex)
  );
};

const witnessTime = 1_796_000_001;

/** A cosignature of another member on a checkpoint, and the verifier key it is found by. */
export const exampleCosignature = (size: number, root: Uint8Array) => {
  const key = privateKeyFrom('Ed25519', countedBytes(0x52, 32));
  const name = witnessName(chainId, bank);
  const text = checkpointText({ origin: logOrigin(chainId, grid, 0), size, root });
  const signed = cosignedBytes(text, witnessTime);
  return {
    signed: Buffer.from(signed).toString('utf8'),
    line: cosignatureLine(name, rawPublicKey(key), witnessTime, sign(null, signed, key)),
    verifierKey: witnessVerifierKey(name, rawPublicKey(key)),
  };
};

export const logVectors = async () => {
  const nodes = grow();
  const origin = logOrigin(chainId, grid, 0);
  const proofs = (list: readonly Uint8Array[]): string[] => list.map(toBase64);
  return {
    about:
      'Entry n is the ASCII text "entry " and n in decimal. Hashes of proofs are base64; of tiles and bundles the SHA-256 is given, in hex.',
    origin,
    noteKeySeed: hexOf(noteSeed),
    verifierKey: verifierKey(origin, rawPublicKey(privateKeyFrom('Ed25519', noteSeed))),
    chain: { chainId, auditAnchor, account: computeAddress(hexOf(accountKey)) },
    checkpoints: await Promise.all(sizes.map(async (size) => ({ size, note: await exampleNote(size, await rootAt(size, nodes)) }))),
    resources: await Promise.all(
      resources.map(async ([level, index, width, name]) => ({
        level,
        index,
        width,
        name,
        sha256: digest(await resourceBytes(nodes, level, index, width)),
      })),
    ),
    inclusion: await Promise.all(
      [
        [0, 1],
        [0, 2],
        [254, 255],
        [256, 257],
        [5, 600],
        [69_999, 70_000],
        [65_535, 70_000],
      ].map(async ([index = 0, size = 0]) => ({ index, size, proof: proofs(await inclusionProof(index, size, nodes)) })),
    ),
    consistency: await Promise.all(
      [
        [1, 2],
        [255, 256],
        [256, 257],
        [257, 600],
        [600, 70_000],
        [256, 70_000],
      ].map(async ([from = 0, to = 0]) => ({ from, to, proof: proofs(await consistencyProof(from, to, nodes)) })),
    ),
  };
};
