import { cp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkOpening, decodeLeaf } from '../../../gateway/audit/leaf.ts';
import { chinaDate } from '../../../gateway/domain/calendar.ts';
import type { ConsentId, MemberId } from '../../../gateway/domain/ids.ts';
import { erasableFrom } from '../../../gateway/domain/retention.ts';
import { anchorLog } from '../../../gateway/flows/anchor-log.ts';
import { decideReview } from '../../../gateway/flows/decide-review.ts';
import type { Modules } from '../../../gateway/flows/modules.ts';
import { openReview } from '../../../gateway/flows/open-review.ts';
import { planErasure } from '../../../gateway/flows/plan-erasure.ts';
import { relayWithdrawal } from '../../../gateway/flows/relay-withdrawal.ts';
import { requestRecord } from '../../../gateway/flows/request-record.ts';
import { type Erasure, runErasure } from '../../../gateway/flows/run-erasure.ts';
import { showConsent } from '../../../gateway/flows/show-consent.ts';
import type { AuditStore } from '../../../gateway/ports/audit-store.ts';
import { monthOf } from '../../../gateway/ports/erasable-keys.ts';
import {
  believes,
  consumer,
  dataset,
  giveConsent,
  members,
  provider,
  publish,
  query,
  signWithdrawal,
  subjects,
} from '../../helpers/electricity.ts';
import { codeOf, type GatewayNetwork, good, startGatewayNetwork } from '../../helpers/gateway-network.ts';
import { collect } from '../../helpers/rejection.ts';

const staff = { name: 'Op Ma', roles: ['operator' as const] };
const yearMs = 365.25 * 86_400_000;

describe('flows: erasure', () => {
  let network: GatewayNetwork;
  // Each has a log of its own: times in one never go back, and these begin in the past.
  beforeEach(async () => {
    network = await startGatewayNetwork(members, believes);
    await publish(network);
  });
  afterEach(() => network.remove());
  const grid = (): Modules => network.gateway(provider).modules;
  const bank = (): Modules => network.gateway(consumer).modules;

  /** The same gateway, whose log was written so many years ago by its clock. */
  const earlier = (modules: Modules, years: number): Modules => {
    const audit: AuditStore = {
      ...modules.audit,
      append: (request) => modules.audit.append({ ...request, draft: { ...request.draft, time: request.draft.time - years * yearMs } }),
    };
    return { ...modules, audit };
  };
  const month = (years: number): string => monthOf(Date.now() - years * yearMs);
  const files = async (member: string): Promise<Buffer> => {
    const store = join(network.folder(member), 'store');
    const parts = await readdir(store, { recursive: true, withFileTypes: true });
    return Buffer.concat(
      await Promise.all(parts.filter((part) => part.isFile()).map((part) => readFile(join(part.parentPath, part.name)))),
    );
  };
  /** Every leaf, with what is behind it where that is left. */
  const audited = async ({ audit }: Modules) => {
    const [opened, erased]: [{ step: string; values: Readonly<Record<string, string>> }[], number[]] = [[], []];
    for await (const { index, leaf } of audit.leaves(0, audit.size())) {
      const [decoded, opening] = [good(decodeLeaf(leaf)), await audit.opening(index)];
      if (opening === undefined) erased.push(index);
      else opened.push({ step: decoded.step, values: good(checkOpening(decoded, opening)) });
    }
    return { opened, erased };
  };

  it('keeps what must be kept, and says until when', async () => {
    const consent = await giveConsent(network);
    good(await requestRecord(bank(), query(consent)));
    const today = chinaDate(grid().ledger.head().block.time);
    const keptUntil = erasableFrom(month(0), today);
    const plan = good(await planErasure(grid(), {}));
    expect(plan.due).to.deep.equal([]);
    expect(plan.kept.next).to.equal(keptUntil);
    const refused = await planErasure(grid(), { consent: consent.id });
    expect(refused).to.deep.equal({ ok: false, refusal: { code: 'ERASURE_TOO_EARLY', detail: { consent: consent.id, keptUntil } } });
    expect(codeOf(await planErasure(grid(), { before: '9999-12' }))).to.equal('ERASURE_TOO_EARLY');
    const size = grid().audit.size();
    expect(codeOf(await runErasure(grid(), { before: '9999-12', plan: plan.plan, staff }))).to.equal('ERASURE_TOO_EARLY');
    expect(codeOf(await runErasure(grid(), { plan: `0x${'00'.repeat(32)}`, staff }))).to.equal('ERASURE_PLAN_CHANGED');
    expect(good(await runErasure(grid(), { plan: plan.plan, staff }))).to.deep.equal({ erased: 0 });
    expect(grid().audit.size()).to.equal(size);
  });

  it('erases what is due under an ended consent at the consumer: openings, evidence, review, opening of the consent; the log stays whole', async () => {
    const consent = await giveConsent(network, { subject: subjects[1]! });
    const review = good(
      await openReview(
        { ...bank(), clock: { now: () => Date.now() - 4 * yearMs } },
        {
          subject: subjects[1]!,
          datasets: [dataset],
          purpose: 'loan-approval',
          consent: consent.id,
          staff: { name: 'Li Na', roles: ['requester'] },
        },
      ),
    );
    const asked = query(consent, { subject: subjects[1]! });
    const { usage } = good(await requestRecord(earlier(bank(), 4), asked));
    good(await anchorLog(bank()));
    await network.settled();
    // Live: only the month is due.
    expect(good(await planErasure(bank(), { consent: consent.id })).due).to.deep.equal([{ consent: consent.id, month: month(4) }]);
    good(await relayWithdrawal(bank(), await signWithdrawal(network, consent)));
    await network.settled();
    const plan = good(await planErasure(bank(), { consent: consent.id }));
    expect(plan.due).to.deep.equal([
      { consent: consent.id, month: month(4) },
      { consent: consent.id, month: undefined },
    ]);

    const { historyKey: _, ...shown } = consent.opening;
    expect(await showConsent(bank(), consent.id)).to.deep.equal({ consent: consent.id, opening: shown, erased: false });
    const before = { size: bank().audit.size(), root: await bank().audit.root(bank().audit.size()) };
    expect(good(await runErasure(bank(), { consent: consent.id, plan: plan.plan, staff }))).to.deep.equal({ erased: 2 });
    expect(await bank().audit.root(before.size)).to.equal(before.root);
    expect(bank().audit.size()).to.equal(before.size + 2);
    expect(await bank().openings.find(consent.id)).to.equal(undefined);
    expect(await showConsent(bank(), consent.id)).to.deep.equal({ consent: consent.id, opening: undefined, erased: true });
    const never = `0x${'31'.repeat(32)}` as ConsentId;
    expect(await showConsent(bank(), never)).to.deep.equal({ consent: never, opening: undefined, erased: false });
    expect(await bank().documents.get('review', review.id)).to.equal(undefined);
    expect(codeOf(await decideReview(bank(), { review: review.id, approve: true, staff: { name: 'Wu', roles: ['reviewer'] } }))).to.equal(
      'REVIEW_UNKNOWN',
    );
    expect((await bank().audit.recall(usage, 'received'))?.attachment).to.equal('erased');
    expect(codeOf(await requestRecord(bank(), { ...asked, usage }))).to.equal('USAGE_CLOSED');
    // Tagged: the subject finds the erasure where the usages were.
    expect((await bank().audit.tagged(consent.id, 3))?.index).to.equal(before.size + 1);
    const log = await audited(bank());
    expect(log.erased).to.have.length(2);
    expect(log.opened.filter(({ step }) => step === 'erased').map(({ values }) => values.period)).to.deep.equal([month(4), '-']);
    const bytes = await files(consumer);
    for (const needle of [subjects[1]!.code, consent.opening.historyKey.slice(2), consent.opening.credential])
      expect(bytes.includes(needle), needle).to.equal(false);
    // Again: nothing is left to do, nothing is logged twice.
    const nothing = good(await planErasure(bank(), { consent: consent.id }));
    expect(nothing.due).to.deep.equal([]);
  });

  it('answers the provider’s erased usages as closed, and refuses without counting', async () => {
    const consent = await giveConsent(network, { subject: subjects[2]! });
    let message: string | undefined;
    const peer: Modules['peer'] = {
      send: (to, protocol, text) => {
        if (protocol === 'usages') message = text;
        return bank().peer.send(to, protocol, text);
      },
    };
    good(await requestRecord({ ...bank(), peer }, query(consent, { subject: subjects[2]! })));
    await grid().erasable.destroy([{ consent: consent.id, month: month(0) }]);
    const uses = grid().audit.count(`consent/${consent.id}/${dataset}`);
    const answer = good(await bank().peer.send(provider as MemberId, 'usages', message!));
    const claims = JSON.parse(Buffer.from(answer.split('.')[1]!, 'base64url').toString('utf8'));
    expect(claims.outcome).to.equal('USAGE_CLOSED');
    expect(grid().audit.count(`consent/${consent.id}/${dataset}`)).to.equal(uses);
  });

  it('destroys again what a copy of the keys brings back, and what a crash left undone', async () => {
    const consent = await giveConsent(network, { subject: subjects[3]! });
    good(await requestRecord(earlier(bank(), 5), query(consent, { subject: subjects[3]! })));
    const keys = join(network.folder(consumer), 'store', 'opening-keys');
    await network.stop(consumer);
    await cp(keys, `${keys}.copy`, { recursive: true });
    await network.start(consumer);
    const plan = good(await planErasure(bank(), { consent: consent.id }));
    good(await runErasure(bank(), { consent: consent.id, plan: plan.plan, staff }));
    const gone = { consent: consent.id, month: month(5) };
    const present = async () => (await collect(bank().erasable.list())).some((scope) => JSON.stringify(scope) === JSON.stringify(gone));
    expect(await present()).to.equal(false);

    await network.stop(consumer);
    await rm(keys, { recursive: true });
    await cp(`${keys}.copy`, keys, { recursive: true });
    await network.start(consumer);
    expect(await present()).to.equal(false);

    // As if the process had ended between the entry and the keys.
    const unfinished = { consent: consent.id, month: undefined };
    await bank().documents.put<Erasure>('erasure', `${consent.id}/-`, { ...unfinished, at: Date.now(), done: false });
    await network.stop(consumer);
    await network.start(consumer);
    expect(await bank().openings.find(consent.id)).to.equal(undefined);
    expect((await bank().documents.get<Erasure>('erasure', `${consent.id}/-`))?.done).to.equal(true);
  });
});
