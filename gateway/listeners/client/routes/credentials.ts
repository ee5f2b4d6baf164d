import { Type } from 'typebox';
import { type CredentialIssued, type IssuedCredential, issueCredential } from '../../../flows/issue-credential.ts';
import { revokeCredential } from '../../../flows/revoke-credential.ts';
import type { Routes } from '../options.ts';
import { sendRefusal } from '../problem.ts';
import { AccountAddress, Committed, CredentialCode, List, Seconds, Subject } from '../schemas/common.ts';

const config = { access: ['steward'] } as const;
const tags = ['credentials'];
const Assurance = Type.Unsafe<1 | 2 | 3>({
  type: 'integer',
  minimum: 1,
  maximum: 3,
  description: '1 by documents, 2 by an official register, 3 in person',
});

export const credentialRoutes: Routes = (app, { modules }) => {
  app.get(
    '/v1/credentials',
    {
      config,
      schema: {
        tags,
        summary: 'Credentials this institution issued; whose they are is not listed',
        response: {
          200: Type.Object({
            credentials: List(
              Type.Object({
                id: CredentialCode,
                grade: Assurance,
                method: Type.String(),
                notBefore: Seconds,
                notAfter: Seconds,
                revoked: Type.Boolean(),
              }),
            ),
          }),
        },
      },
    },
    async () => {
      const view = modules.ledger.head();
      const credentials = [];
      for await (const [id, { claims }] of modules.documents.list<IssuedCredential>('issuedCredential'))
        credentials.push({
          id: claims.id,
          grade: claims.grade,
          method: claims.method,
          notBefore: claims.nbf,
          notAfter: claims.exp,
          revoked: view.credentialRevoked(modules.member, id as typeof claims.id),
        });
      return { credentials };
    },
  );
  app.post(
    '/v1/credentials',
    {
      config,
      schema: {
        tags,
        summary: 'State that a key belongs to a subject, after checking the person',
        body: Type.Object(
          {
            subject: Subject,
            key: AccountAddress,
            grade: Assurance,
            method: Type.String({ minLength: 1, maxLength: 64 }),
            validDays: Type.Integer({ minimum: 1, maximum: 1826 }),
          },
          { additionalProperties: false },
        ),
        response: { 201: Type.Object({ id: CredentialCode, credential: Type.String({ description: 'Compact JWS' }), notAfter: Seconds }) },
      },
    },
    async (request, reply) => {
      const issued = await issueCredential(modules, { ...request.body, staff: request.staff });
      return issued.ok ? reply.code(201).send(issued.value satisfies CredentialIssued) : sendRefusal(reply, issued.refusal);
    },
  );
  app.post(
    '/v1/credentials/:id/revoke',
    {
      config,
      schema: {
        tags,
        summary: 'Revoke a credential on chain, by its random id',
        params: Type.Object({ id: CredentialCode }),
        response: { 200: Committed },
      },
    },
    async (request, reply) => {
      const revoked = await revokeCredential(modules, { credential: request.params.id });
      return revoked.ok ? revoked.value : sendRefusal(reply, revoked.refusal);
    },
  );
};
