import type { Result } from '../../gateway/domain/result.ts';
import type { Modules } from '../../gateway/flows/modules.ts';
import type { PeerProtocol } from '../../gateway/ports/peer.ts';
import type { GatewayNetwork } from './gateway-network.ts';

type Claims = Record<string, unknown>;

const part = (jws: string, at: number): Claims => JSON.parse(Buffer.from(jws.split('.')[at]!, 'base64url').toString('utf8')) as Claims;
export const claimsOf = <T = Claims>(jws: string): T => part(jws, 1) as T;
export const typeOf = (jws: string): string => String(part(jws, 0).typ);

export type Lie = {
  readonly member: string;
  readonly protocol: PeerProtocol;
  /** Other claims, or another answer altogether; what it gives is signed by the liar. */
  readonly alter: (claims: Claims, answer: string) => Claims | Promise<Claims>;
  readonly typ?: string;
};

/** A consumer's modules as if one member's gateway lied in one round: its real answer altered and signed anew with its own key. */
export const amongLiars = (network: GatewayNetwork, modules: Modules, ...lies: readonly Lie[]): Modules => ({
  ...modules,
  peer: {
    send: async (to, protocol, message): Promise<Result<string>> => {
      const answer = await modules.peer.send(to, protocol, message);
      const lie = lies.find((one) => one.member === to && one.protocol === protocol);
      if (lie === undefined || !answer.ok) return answer;
      const claims = await lie.alter(claimsOf(answer.value), answer.value);
      return { ok: true, value: await network.gateway(to).modules.keys.sign(lie.typ ?? typeOf(answer.value), claims) };
    },
  },
});

/** A consumer's modules whose messages of one protocol to one member are lost, before they arrive or, `after`, on the way back. */
export const withLostMessages = (modules: Modules, member: string, protocol: PeerProtocol, when: 'before' | 'after'): Modules => ({
  ...modules,
  peer: {
    send: async (to, which, message) => {
      if (to !== member || which !== protocol) return modules.peer.send(to, which, message);
      if (when === 'after') await modules.peer.send(to, which, message);
      return { ok: false, refusal: { code: 'PEER_TIMEOUT', detail: { member: to } } };
    },
  },
});
