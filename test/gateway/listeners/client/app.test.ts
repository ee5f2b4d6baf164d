import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import { systemRandomness } from '../../../../gateway/adapters/clock/system.ts';
import { createToken } from '../../../../gateway/adapters/tokens/token-file.ts';
import { type StaffRole, staffRoles } from '../../../../gateway/domain/vocabulary.ts';
import {
  believes,
  consumer,
  dataset,
  giveConsent,
  members,
  provider,
  publish,
  subjects,
  type TestConsent,
} from '../../../helpers/electricity.ts';
import { type GatewayNetwork, startGatewayNetwork } from '../../../helpers/gateway-network.ts';

type Operation = { readonly security?: readonly unknown[]; readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> } };
type OpenApi = { readonly openapi: string; readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };

const year = 365 * 86_400_000;
const fill = (path: string): string =>
  path
    .replace('{usage}', '00000000-0000-4000-8000-000000000000')
    .replace('/models/{id}/{version}', '/models/m/1')
    .replace('{dataset}', 'd')
    .replace('{id}', `0x${'12'.repeat(32)}`);

describe('client listener', () => {
  let network: GatewayNetwork;
  let consent: TestConsent;
  let document: OpenApi;
  const tokens = new Map<string, string>();
  before(async () => {
    network = await startGatewayNetwork(members, (member) => ({
      ...believes(member),
      limits: { bodyBytes: 4096, importBytes: 2048, subjectRatePerMinute: 100 },
    }));
    await publish(network);
    consent = await giveConsent(network);
    for (const member of [consumer, provider])
      for (const role of staffRoles) {
        const { token } = createToken(
          join(network.folder(member), 'tokens.json'),
          { name: `${role} one`, roles: [role], lifetimeMs: year },
          Date.now(),
          systemRandomness,
        );
        tokens.set(`${member}/${role}`, token);
      }
    document = (await (await fetch(new URL('/openapi.json', url(consumer)))).json()) as OpenApi;
  });
  after(() => network.remove());

  const url = (member: string): string => network.gateway(member).clientUrl;
  const call = async (
    method: string,
    path: string,
    {
      role,
      body,
      type = 'application/json',
      member = consumer,
      token,
    }: { role?: StaffRole; body?: string; type?: string; member?: string; token?: string } = {},
  ) => {
    const bearer = token ?? (role === undefined ? undefined : tokens.get(`${member}/${role}`));
    const headers = {
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(body === undefined ? {} : { 'content-type': type }),
    };
    const response = await fetch(new URL(path, url(member)), { method, headers, ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      headers: response.headers,
      text,
      json: () => JSON.parse(text),
    };
  };
  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        path,
        method: method.toUpperCase(),
        operation,
        open: operation.security?.length === 0,
      })),
    );
  const query = (change: object = {}) =>
    JSON.stringify({
      subject: subjects[0],
      dataset,
      purpose: 'loan-approval',
      operation: 'raw',
      consent: consent.id,
      fields: ['period', 'kWh'],
      ...change,
    });

  it('describes itself as valid OpenAPI 3.1 with every route, and has a docs page', async () => {
    expect(document.openapi).to.equal('3.1.0');
    expect((await new Validator().validate(JSON.parse(JSON.stringify(document)))).valid).to.equal(true);
    expect(operations().length).to.be.greaterThan(25);
    expect((await call('GET', '/docs')).text).to.contain('Swagger UI');
  });

  it('asks a token of every route but the open ones, and a role of most', async () => {
    const open: string[] = [];
    for (const { path, method, operation, open: isOpen } of operations()) {
      const body = operation.requestBody === undefined ? undefined : '{}';
      const type = Object.keys(operation.requestBody?.content ?? {})[0] ?? 'application/json';
      const without = await call(method, fill(path), { ...(body === undefined ? {} : { body, type }) });
      if (isOpen) {
        open.push(`${method} ${path}`);
        expect(without.status, path).not.to.equal(401);
        continue;
      }
      expect([without.status, without.json().code, without.headers.get('www-authenticate')], `${method} ${path}`).to.deep.equal([
        401,
        'TOKEN_MISSING',
        'Bearer',
      ]);
      const wrong = await call(method, fill(path), { token: `xst_${'A'.repeat(43)}`, ...(body === undefined ? {} : { body, type }) });
      expect([wrong.status, wrong.json().code], `${method} ${path}`).to.deep.equal([401, 'TOKEN_INVALID']);
      const codes = new Set<string>();
      for (const role of staffRoles) {
        const answer = await call(method, fill(path), { role, ...(body === undefined ? {} : { body, type }) });
        const kept = answer.status === 403 && answer.json().code === 'STAFF_ROLE_MISSING';
        codes.add(kept ? 'STAFF_ROLE_MISSING' : 'in');
      }
      expect(codes.has('in'), `${method} ${path} lets somebody in`).to.equal(true);
      if (
        ![
          '/v1/status',
          '/v1/members',
          '/v1/datasets',
          '/v1/datasets/{id}',
          '/v1/datasets/{id}/features',
          '/v1/models',
          '/v1/models/{id}/{version}',
          '/v1/access-requests',
          '/v1/grants',
          '/v1/log/checkpoint',
          '/log/{log}/checkpoint',
        ].includes(path) ||
        method !== 'GET'
      )
        expect(codes.has('STAFF_ROLE_MISSING'), `${method} ${path} keeps somebody out`).to.equal(true);
    }
    expect(open.sort()).to.deep.equal([
      'GET /health',
      'POST /v1/subject/amendments',
      'POST /v1/subject/consents',
      'POST /v1/subject/history',
      'POST /v1/subject/score-reasons',
      'POST /v1/subject/withdrawals',
    ]);
  });

  it('refuses an expired token', async () => {
    const { token } = createToken(
      join(network.folder(consumer), 'tokens.json'),
      { name: 'late', roles: ['auditor'], lifetimeMs: 0 },
      Date.now() - 1,
      systemRandomness,
    );
    expect((await call('GET', '/v1/status', { token })).json().code).to.equal('TOKEN_EXPIRED');
  });

  it('answers problems in both languages, and never the value that was wrong', async () => {
    const answer = await call('POST', '/v1/queries', {
      role: 'requester',
      body: query({ subject: { type: 'enterprise', code: 12 }, secretExtra: '张三' }),
    });
    expect([answer.status, answer.type]).to.deep.equal([400, 'application/problem+json; charset=utf-8']);
    const problem = answer.json();
    expect(problem).to.include({ type: 'urn:xinshu:problem:input_invalid', status: 400, code: 'INPUT_INVALID' });
    expect(problem.detailZh).to.match(/[\u4e00-\u9fff]/);
    expect(problem.facts.faults.join()).to.contain('body/subject/code');
    expect(answer.text).not.to.contain('张三');
  });

  it('refuses bodies that do not fit, before anything happens', async () => {
    const size = network.gateway(consumer).modules.audit.size();
    const code = async (options: Parameters<typeof call>[2], path = '/v1/queries') => {
      const answer = await call('POST', path, { role: 'requester', ...options });
      return [answer.status, answer.json().code];
    };
    expect(await code({ body: '{' })).to.deep.equal([400, 'INPUT_INVALID']);
    expect(await code({ body: query({ extra: 1 }) })).to.deep.equal([400, 'INPUT_INVALID']);
    expect(await code({ body: query({ operation: 'steal' }) })).to.deep.equal([400, 'INPUT_INVALID']);
    expect(await code({ body: query({ fields: [] }) })).to.deep.equal([400, 'INPUT_INVALID']);
    expect(await code({ body: query({ usage: 'x' }) })).to.deep.equal([400, 'INPUT_INVALID']);
    expect(await code({ body: 'a=b', type: 'application/x-www-form-urlencoded' })).to.deep.equal([415, 'MEDIA_TYPE_UNSUPPORTED']);
    expect(await code({ body: query({ purpose: 'x'.repeat(5000) }) })).to.deep.equal([413, 'BODY_TOO_LARGE']);
    expect(await code({ body: '{}' }, '/v1/nothing')).to.deep.equal([404, 'ROUTE_UNKNOWN']);
    expect(network.gateway(consumer).modules.audit.size()).to.equal(size);
  });

  it('answers a query with proof and receipt, and a refusal with its usage id', async () => {
    const answer = await call('POST', '/v1/queries', { role: 'requester', body: query() });
    expect(answer.status, answer.text).to.equal(200);
    expect(answer.json()).to.deep.include({ outcome: 'ok', provider, dataset, priceFen: '50' });
    expect(answer.json().records).to.have.length(2);
    expect(answer.json().proof.verified).to.equal(true);
    const usage = '11111111-1111-4111-8111-111111111111';
    const refused = await call('POST', '/v1/queries', { role: 'requester', body: query({ usage, purpose: 'curiosity' }) });
    expect([refused.status, refused.json().code, refused.json().facts.usage]).to.deep.equal([422, 'PURPOSE_UNKNOWN', usage]);
  });

  it('streams a batch, one answer a line, and says when it is whole', async () => {
    const lines = [query(), 'no json', query({ purpose: 'curiosity' }), '{"subject":1}', query()].join('\n');
    const answer = await call('POST', '/v1/queries/batch', { role: 'requester', body: lines, type: 'application/x-ndjson' });
    expect([answer.status, answer.type]).to.deep.equal([200, 'application/x-ndjson']);
    const answers = answer.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.at(-1)).to.deep.equal({ end: true, lines: 5 });
    const outcome = answers
      .slice(0, -1)
      .sort((a, b) => a.line - b.line)
      .map((one) => one.answer?.outcome ?? one.problem.code);
    expect(outcome).to.deep.equal(['ok', 'INPUT_INVALID', 'PURPOSE_UNKNOWN', 'INPUT_INVALID', 'ok']);
  });

  it('imports nothing of a file with faults and lists them all; bounds its size', async () => {
    const path = `/v1/datasets/${dataset}/imports`;
    const version = () =>
      network
        .gateway(provider)
        .modules.ledger.head()
        .dataset(dataset as never)?.version;
    const body = `subjectType,subjectId,period,kWh,billFen\nenterprise,914403001922038217,2025-11,1,1\nenterprise,${subjects[0]!.code},2025-13,x,1.5\n`;
    const rejected = await call('POST', path, { role: 'steward', member: provider, body, type: 'text/csv' });
    expect([rejected.status, rejected.json().code]).to.deep.equal([422, 'IMPORT_REJECTED']);
    expect(
      rejected.json().facts.faults.map(({ line, column, code }: { line: number; column: string; code: string }) => [line, column, code]),
    ).to.deep.equal([
      [2, 'subjectId', 'USCC_CHECK'],
      [3, 'period', 'IMPORT_MONTH'],
      [3, 'kWh', 'IMPORT_INTEGER'],
      [3, 'billFen', 'IMPORT_MONEY'],
    ]);
    expect(rejected.text).not.to.contain('914403001922038217');
    const large = await call('POST', path, {
      role: 'steward',
      member: provider,
      body: `subjectType,subjectId,period,kWh,billFen\n${'x'.repeat(3000)}`,
      type: 'text/csv',
    });
    expect([large.status, large.json().code]).to.deep.equal([413, 'BODY_TOO_LARGE']);
    expect(version()).to.equal(1);
  });

  it('streams the log to the auditor', async () => {
    const { size } = (await call('GET', '/v1/log/checkpoint', { role: 'auditor' })).json();
    for (const what of ['leaves', 'openings']) {
      const answer = await call('GET', `/v1/log/${what}?from=1&to=${size}`, { role: 'auditor' });
      expect(answer.type).to.equal('application/x-ndjson');
      expect(
        answer.text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line).index),
      ).to.deep.equal(Array.from({ length: size - 1 }, (_, at) => at + 1));
    }
    const beyond = await call('GET', `/v1/log/leaves?to=${size + 1}`, { role: 'auditor' });
    expect([beyond.status, beyond.json().code]).to.deep.equal([422, 'LOG_RANGE_INVALID']);
  });

  it('shows the registry, health and metrics', async () => {
    expect((await call('GET', '/v1/datasets', { role: 'auditor' })).json().datasets.map(({ id }: { id: string }) => id)).to.deep.equal([
      dataset,
    ]);
    expect((await call('GET', `/v1/datasets/${dataset}`, { role: 'auditor' })).json().version.version).to.equal(1);
    expect((await call('GET', '/v1/datasets/no.such', { role: 'auditor' })).json().code).to.equal('DATASET_UNKNOWN');
    expect((await call('GET', '/v1/members', { role: 'auditor' })).json().members).to.have.length(6);
    expect((await call('GET', '/v1/grants', { role: 'auditor' })).json().grants[0]).to.include({ consumer, provider, state: 'live' });
    expect((await call('GET', '/v1/access-requests?state=open', { role: 'auditor' })).json().requests).to.deep.equal([]);
    expect((await call('GET', '/health')).json()).to.include({ healthy: true, member: consumer });
    expect((await call('GET', '/metrics', { role: 'operator' })).text).to.match(/^# HELP/m);
  });

  it('shows whom a review is about to its requester and to reviewers only', async () => {
    const opened = await call('POST', '/v1/reviews', {
      role: 'requester',
      body: JSON.stringify({ subject: subjects[0], datasets: [dataset], purpose: 'loan-approval', consent: consent.id }),
    });
    expect(opened.status, opened.text).to.equal(201);
    const { token } = createToken(
      join(network.folder(consumer), 'tokens.json'),
      { name: 'another requester', roles: ['requester'], lifetimeMs: year },
      Date.now(),
      systemRandomness,
    );
    expect((await call('GET', '/v1/reviews', { token })).text).not.to.contain(subjects[0]!.code);
    expect((await call('GET', '/v1/reviews', { role: 'reviewer' })).text).to.contain(subjects[0]!.code);
    const decided = await call('POST', `/v1/reviews/${opened.json().review}/decision`, { role: 'reviewer', body: '{"approve":true}' });
    expect(decided.json()).to.include({ state: 'approved', reviewer: 'reviewer one' });
  });

  it('limits the rate of the open routes by address, and says when to come back', async () => {
    let limited: Awaited<ReturnType<typeof call>> | undefined;
    for (let turn = 0; turn < 150 && limited === undefined; turn += 1) {
      const answer = await call('POST', '/v1/subject/history', { body: '{}' });
      if (answer.status === 429) limited = answer;
    }
    expect(limited?.json().code).to.equal('RATE_LIMITED');
    expect(Number(limited?.headers.get('retry-after'))).to.be.greaterThan(0);
    expect((await call('GET', '/v1/status', { role: 'operator' })).status).to.equal(200);
  });
});
