import type { FastifyInstance } from 'fastify';
import type { Staff } from '../../domain/staff.ts';
import type { StaffRole } from '../../domain/vocabulary.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Tokens } from '../../ports/tokens.ts';
import { CallRefused } from './problem.ts';

/** Who may call a route: anyone, any staff of the institution, or staff with one of these roles. Each route must say it in its `config`. */
export type Access = 'open' | 'staff' | readonly StaffRole[];

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** Set on every route whose access is not 'open'. */
    staff: Staff;
  }
}

const bearer = /^Bearer +(\S+)$/i;
/** Plugins that bring routes of their own (the docs page) and nothing of the institution's. */
const openPrefixes = ['/docs'] as const;

/** Token, staff and role of each call (RFC 6750), before its body is read. A route without a declared access stops the start. */
export const guardAccess = (app: FastifyInstance, tokens: Tokens, clock: Clock): void => {
  app.decorateRequest('staff');
  app.addHook('onRoute', (route) => {
    if (route.config?.access !== undefined) return;
    if (!openPrefixes.some((prefix) => route.url === prefix || route.url.startsWith(`${prefix}/`)))
      throw new Error(`${String(route.method)} ${route.url} declares no access`);
    route.config = { ...route.config, access: 'open' };
  });
  app.addHook('onRequest', async (request) => {
    const { access }: { access?: Access } = request.routeOptions.config;
    if (access === 'open' || request.is404) return;
    const given = request.headers.authorization;
    if (given === undefined) throw new CallRefused({ code: 'TOKEN_MISSING', detail: {} });
    const staff = tokens.authenticate(bearer.exec(given)?.[1] ?? '', clock.now());
    if (!staff.ok) throw new CallRefused(staff.refusal);
    if (access === undefined || (access !== 'staff' && !access.some((role) => staff.value.roles.includes(role))))
      throw new CallRefused({
        code: 'STAFF_ROLE_MISSING',
        detail: { needs: access?.join(' or ') ?? '' },
      });
    request.staff = staff.value;
  });
};
