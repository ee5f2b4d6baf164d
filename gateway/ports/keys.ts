import type { Address, Hex, MemberId } from '../domain/ids.ts';
import type { SubjectRef } from '../domain/subject.ts';

/** The member's private keys. They never leave the implementation, so that an HSM or a remote signer can stand in. */
export interface Keys {
  readonly member: MemberId;
  readonly account: Address;
  /** The `kid` of the key that signs now. */
  readonly signer: string;
  /**
   * Compact JWS (RFC 7515), alg EdDSA (RFC 8037), `typ` as given, `kid` = RFC 7638 thumbprint of the public key. With `signer`, by that key if it is still held: the
   * same claims then give the same bytes after a rotation too.
   */
  sign(typ: string, claims: Readonly<Record<string, unknown>>, signer?: string): Promise<string>;
  /** Opens a compact JWE (RFC 7516) sealed to this member's X25519 key. Throws SEAL_UNOPENABLE. */
  open(jwe: string): Promise<Uint8Array>;
  /** Public half of the note key, 32 bytes. */
  readonly noteKey: Uint8Array;
  /** Ed25519 over these bytes with the note key (checkpoints). */
  signNote(bytes: Uint8Array): Promise<Uint8Array>;
  /** EIP-712 with the chain account. */
  signTypedData(
    domain: Readonly<Record<string, unknown>>,
    types: Readonly<Record<string, readonly { name: string; type: string }[]>>,
    value: Readonly<Record<string, unknown>>,
  ): Promise<Hex>;
  /** Serialized signed transaction, ready for eth_sendRawTransaction. */
  signTransaction(transaction: Readonly<Record<string, unknown>>): Promise<Hex>;
  /** Seals bytes for this member's own disk, bound to `context`; `openLocal` gives undefined for anything altered or of another context. */
  sealLocal(bytes: Uint8Array, context: string): Uint8Array;
  openLocal(sealed: Uint8Array, context: string): Uint8Array | undefined;
  /** The key under which this institution's own store keeps a subject (gateway/domain/pseudonym.ts), with a secret of this keystore. */
  subjectKey(subject: SubjectRef): string;
  /** PEM certificate and key of the mutual-TLS listener. */
  tls(): { readonly certificate: string; readonly privateKey: string };
}
