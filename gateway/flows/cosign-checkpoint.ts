import { chainSignatureIn } from '../audit/chain-signature.ts';
import { checkpointDomain, checkpointMessage, parseLogOrigin } from '../audit/checkpoint.ts';
import { cosignatureLine, cosignedBytes, witnessName } from '../audit/cosignature.ts';
import { isOfKey, noteKeyId, openCheckpoint, readNote } from '../audit/note.ts';
import { parseWitnessRequest, type WitnessRequest } from '../audit/witness-request.ts';
import { fromHex, toHex } from '../domain/hash.ts';
import { keysInForce } from '../domain/member-keys.ts';
import { rootOf } from '../domain/merkle.ts';
import { verifyConsistency } from '../domain/merkle-verify.ts';
import type { RegistryView } from '../domain/registry-view.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import type { WitnessAnswer } from '../ports/witness-peers.ts';
import type { Modules } from './modules.ts';
import { keepContradiction, remembered, type ShownCheckpoint, type Witnessed } from './witness-memory.ts';

export type CosignModules = Pick<Modules, 'member' | 'ledger' | 'documents' | 'keys' | 'clock' | 'locks' | 'log'>;

type Asked = ShownCheckpoint & { readonly log: number };

/**
 * Cosigns another member's checkpoint when it extends what was cosigned last (C2SP tlog-witness add-checkpoint, its checks in its order). For one log one request
 * at a time, and the new memory is durable before the cosignature is made: so two histories are never cosigned, whenever the process ends. Refuses with the
 * WITNESS_ codes; MEMBER_KEY_MISSING while the own note key is not in force.
 */
export const cosignCheckpoint = async (modules: CosignModules, body: Uint8Array): Promise<Result<WitnessAnswer>> => {
  const request = parseWitnessRequest(body);
  if (!request.ok) return request;
  const view = modules.ledger.head();
  const asked = readAsked(modules, view, request.value);
  if (!asked.ok) return asked;
  if (request.value.oldSize > asked.value.checkpoint.size) return refuse('WITNESS_OLD_SIZE');
  const ownKey = toHex(modules.keys.noteKey);
  if (!keysInForce(view.member(modules.member)?.keys ?? [], 'note', view.block.number).some(({ data }) => data === ownKey))
    return refuse('MEMBER_KEY_MISSING', { member: modules.member, purpose: 'note' });
  return modules.locks.run(`witness/${asked.value.checkpoint.origin}`, () => cosign(modules, view, asked.value, request.value));
};

/** Origin, then signatures. Both are asked for: the note key's, and the account's, without which the chain could not judge a fork. */
const readAsked = ({ member: own, ledger }: CosignModules, view: RegistryView, { note: text }: WitnessRequest): Result<Asked> => {
  const note = readNote(text);
  if (!note.ok) return refuse('WITNESS_REQUEST_MALFORMED', { part: 'checkpoint' });
  const origin = note.value.text.slice(0, note.value.text.indexOf('\n'));
  const named = parseLogOrigin(origin, ledger.chainId);
  const member = named === undefined ? undefined : view.member(named.member);
  if (named === undefined || member === undefined || member.status === 'left' || member.id === own) return refuse('WITNESS_LOG_UNKNOWN');
  // Numbers are cheap to make up; memory is not.
  if (named.log !== 0 && view.latestAnchor(member.id, named.log) === undefined) return refuse('WITNESS_LOG_UNKNOWN');

  const keys = keysInForce(member.keys, 'note', view.block.number).map(({ data }) => fromHex(data));
  const signing = keys.filter((key) => note.value.signatures.some((line) => isOfKey(line, origin, noteKeyId(origin, key))));
  const opened = signing.map((key) => openCheckpoint(text, origin, key));
  if (opened.some((each) => !each.ok && each.refusal.code === 'CHECKPOINT_SIGNATURE')) return refuse('WITNESS_SIGNATURE', { key: 'note' });
  const [first] = opened;
  if (first === undefined) return refuse('WITNESS_SIGNATURE', { key: 'note' });
  if (!first.ok) return refuse('WITNESS_REQUEST_MALFORMED', { part: 'checkpoint' });
  const domain = checkpointDomain(ledger.chainId, ledger.address('audit-anchor'));
  const message = checkpointMessage(member.id, named.log, first.value.size, first.value.root);
  if (chainSignatureIn(note.value, origin, member.account, domain, message) === undefined)
    return refuse('WITNESS_SIGNATURE', { key: 'account' });
  return ok({ member, log: named.log, checkpoint: first.value, note: note.value });
};

const cosign = async (
  modules: CosignModules,
  view: RegistryView,
  asked: Asked,
  { oldSize, proof }: WitnessRequest,
): Promise<Result<WitnessAnswer>> => {
  const { ledger, documents, keys } = modules;
  const { checkpoint, note, member, log } = asked;
  const [size, root] = [checkpoint.size, toHex(checkpoint.root)];
  const known = await documents.get<Witnessed>('witnessed', checkpoint.origin);
  const [knownSize, knownRoot] = known === undefined ? [0, rootOf([])] : [known.size, fromHex(known.root)];
  const contradicts = known !== undefined && size === known.size && root !== known.root;
  if (contradicts) await keepContradiction(modules, asked, known);
  if (contradicts || oldSize !== knownSize) return ok({ kind: 'conflict', size: knownSize });
  if (!verifyConsistency(knownSize, size, knownRoot, checkpoint.root, proof)) return refuse('WITNESS_PROOF');
  const anchor = view.latestAnchor(member.id, log);
  // What a memory that was restored from an old copy has forgotten, the chain may still know.
  if (anchor !== undefined && (size < anchor.size || (size === anchor.size && root !== anchor.root)))
    return refuse('WITNESS_ANCHOR', { size, anchored: anchor.size });

  const next = remembered(modules, view, asked, known);
  if (!next.ok) return next;
  await documents.put('witnessed', checkpoint.origin, next.value);
  const name = witnessName(ledger.chainId, modules.member);
  // Read at the moment of signing: keys change under way.
  const { noteKey } = keys;
  const signature = await keys.signNote(cosignedBytes(note.text, next.value.time));
  return ok({ kind: 'cosigned', lines: cosignatureLine(name, noteKey, next.value.time, signature) });
};
