import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { readProfile } from '../../../gateway/cli/profiles.ts';
import type { SignedBand } from '../../../gateway/sealing/band-document.ts';
import { tryXinshu, xinshu } from '../../../scripts/dev/xinshu.ts';
import type { TestConsent } from '../../helpers/electricity.ts';
import type { GatewayNetwork } from '../../helpers/gateway-network.ts';
import {
  plainScore,
  purpose,
  scoreConsent,
  scoreConsumer,
  scoreModel,
  scoreProviders,
  startScoredNetwork,
} from '../../helpers/scored-network.ts';
import { type TemporaryFolder, temporaryFolder } from '../../helpers/temporary-folder.ts';

type Score = {
  readonly score: string;
  readonly state: string;
  readonly proofs: string;
  readonly result: { readonly score: number; readonly band: string } | null;
  readonly providers: readonly { readonly member: string; readonly answered: number }[];
  readonly reviewAsked: string | null;
};

/** Without proofs, for speed: those are proofs.test.ts's. */
describe('xinshu score', () => {
  let network: GatewayNetwork;
  let folder: TemporaryFolder;
  let consent: TestConsent;
  const done = <T>(...args: string[]): Promise<T> => xinshu<T>(folder.path, args);
  const refused = async (...args: string[]): Promise<string> => {
    const { status, value, notes } = await tryXinshu(folder.path, args);
    return `${status} ${JSON.stringify(value)} ${notes}`;
  };
  const as = ['--as', 'bank.requester'];
  const file = (): string => join(folder.path, 'score.json');
  const asked = () => {
    const { type, code } = consent.opening.subject;
    const what = ['--subject', `${type}:${code}`, '--model', scoreModel, '--model-version', '1'];
    return ['score', 'request', ...as, ...what, '--purpose', purpose, '--consent', consent.id, '--unproven'];
  };

  before(async () => {
    network = await startScoredNetwork();
    folder = await temporaryFolder();
    consent = await scoreConsent(network, 3);
    const { chainId, endpoint: ledger, contracts } = network.chain;
    const member = {
      id: scoreConsumer,
      name: 'Bank',
      nameZh: '银行',
      sector: 'finance',
      client: network.gateway(scoreConsumer).clientUrl,
      peer: 'https://127.0.0.1:1',
    };
    writeFileSync(
      join(folder.path, 'network.json'),
      JSON.stringify({ version: 1, chainId, ledger, directory: contracts.directory, members: [member] }),
    );
    const where = ['--dir', network.folder(scoreConsumer), '--gateway', member.client];
    await done('token', 'create', ...where, '--staff', 'Li Na', '--roles', 'requester', '--profile', 'bank.requester');
  });
  after(async () => {
    await network.remove();
    await folder.remove();
  });

  it('asks for a score, says what is under way, keeps the certificate, and verifies it with and without the chain', async () => {
    const score = '11111111-2222-4333-8444-555555555555';
    const answer = await done<Score>(...asked(), '--score', score, '--out', file());
    expect(answer).to.include({ score, state: 'scored', proofs: 'unproven', reviewAsked: null });
    expect(answer.result?.score).to.equal(plainScore(3));
    expect(answer.providers).to.deep.equal(scoreProviders.map((member) => ({ member, answered: 3 })));
    expect(await done('score', 'show', ...as, score)).to.deep.equal(answer);
    const verified = await done<{ ok: boolean; checks: { result: string }[] }>('score', 'verify', file());
    expect(verified.checks.map(({ result }) => result)).to.deep.equal(['holds', 'needs chain']);
    const held = await done<{ ok: boolean; checks: { result: string }[] }>('score', 'verify', file(), '--network');
    expect(held.checks.filter(({ result }) => result !== 'holds')).to.deep.equal([]);
    expect(held.checks.length).to.be.greaterThan(15);
  });

  it('ends with 1 for a certificate that was altered, and for a score that is not there', async () => {
    const text = readFileSync(file(), 'utf8');
    const altered = join(folder.path, 'altered.json');
    writeFileSync(
      altered,
      text.replace(/"points": (-?\d+)/, (_, points: string) => `"points": ${Number(points) + 1}`),
    );
    expect(await refused('score', 'verify', altered)).to.match(/^1 .*SCORE_CERTIFICATE_INVALID/);
    writeFileSync(altered, text.slice(1));
    expect(await refused('score', 'verify', altered)).to.match(/^1 .*SCORE_CERTIFICATE_INVALID/);
    const none = '99999999-2222-4333-8444-555555555555';
    for (const command of ['show', 'record', 'review-request'])
      expect(await refused('score', command, ...as, none)).to.match(/^1 .*SCORE_UNKNOWN/);
    expect(await refused(...asked())).to.match(/^1 .*SCORE_BUDGET_SPENT/);
  });

  it('notes once that a human review was asked for; an unproven score goes before no chain', async () => {
    const score = '11111111-2222-4333-8444-555555555555';
    const noted = await done<Score>('score', 'review-request', ...as, score);
    expect(noted.reviewAsked).to.match(/^[0-9a-f]{32}$/);
    expect((await done<Score>('score', 'review-request', ...as, score)).reviewAsked).to.equal(noted.reviewAsked);
    expect(await refused('score', 'record', ...as, score)).to.match(/^1 .*SCORE_PROOFS_REQUIRED/);
  });

  it('proves a band to one asker, who checks it, and nobody else can show it', async () => {
    const score = '11111111-2222-4333-8444-555555555555';
    const out = join(folder.path, 'band.json');
    const challenge = `0x${'5c'.repeat(32)}`;
    const to = ['--to', 'Insurer', '--challenge', challenge];
    const low = String(plainScore(3) - 10);
    await done('score', 'band', ...as, score, '--from', low, '--below', String(plainScore(3) + 1), ...to, '--out', out);
    const text = readFileSync(out, 'utf8');
    const { document } = JSON.parse(text) as SignedBand;
    expect(document).to.have.all.keys(
      'v',
      'chain',
      'registry',
      'session',
      'terms',
      'consumer',
      'model',
      'proofs',
      'contributions',
      'band',
      'asker',
      'bandProof',
    );
    expect(document.contributions[0]).to.have.all.keys('member', 'account', 'partHash', 'commitment', 'signature', 'proof');
    const held = await done<{ ok: boolean; checks: { result: string }[] }>('score', 'check-band', out, ...to, '--network');
    expect(held.checks.filter(({ result }) => result !== 'holds')).to.deep.equal([]);
    expect(await refused('score', 'check-band', out, '--to', 'Landlord', '--challenge', challenge)).to.match(
      /^1 .*SCORE_CERTIFICATE_INVALID/,
    );
    expect(await refused('score', 'check-band', out, '--to', 'Insurer', '--challenge', `0x${'5d'.repeat(32)}`)).to.match(/^1 .*asker/);
    const better = join(folder.path, 'better.json');
    writeFileSync(better, text.replace(`"from": ${low}`, `"from": ${plainScore(3)}`));
    expect(await refused('score', 'check-band', better, ...to)).to.match(/^1 .*SCORE_CERTIFICATE_INVALID/);
    const outside = ['--from', String(plainScore(3) + 1), ...to, '--out', out];
    expect(await refused('score', 'band', ...as, score, ...outside)).to.match(/^1 .*SCORE_OUTSIDE_BAND/);
  });

  it('tells who listens how far a session is, to its end', async () => {
    consent = await scoreConsent(network, 2);
    const score = '22222222-2222-4333-8444-555555555555';
    const { clientUrl } = network.gateway(scoreConsumer);
    const { token } = readProfile(folder.path, 'bank.requester');
    const stream = await fetch(new URL(`/v1/scores/${score}/events`, clientUrl), { headers: { authorization: `Bearer ${token}` } });
    expect(stream.headers.get('content-type')).to.equal('text/event-stream');
    const [text] = await Promise.all([stream.text(), done<Score>(...asked(), '--score', score)]);
    const events = [...text.matchAll(/^data: (.*)$/gm)].map((match) => JSON.parse(match[1]!) as { event: string; outcome?: string });
    for (const round of ['proposals', 'commitments', 'openings']) expect(events.filter(({ event }) => event === round)).to.have.length(3);
    expect(events.at(-1)).to.deep.equal({ event: 'end', outcome: 'ok' });
  });
});
