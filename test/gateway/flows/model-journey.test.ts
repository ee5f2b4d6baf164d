import { expect } from 'chai';
import { encodeBytes32String } from 'ethers';
import type { DatasetId, MemberId, ModelId } from '../../../gateway/domain/ids.ts';
import { keysInForce } from '../../../gateway/domain/member-keys.ts';
import type { ModelDocument, ModelPartDocument } from '../../../gateway/domain/model-document.ts';
import { leakageWithin } from '../../../gateway/domain/model-leakage.ts';
import { acceptModel } from '../../../gateway/flows/accept-model.ts';
import { approveModelPart, disapproveModelPart } from '../../../gateway/flows/approve-model-part.ts';
import { declareDataset } from '../../../gateway/flows/declare-dataset.ts';
import { deliverModel } from '../../../gateway/flows/deliver-model.ts';
import { heldDocument, heldPart } from '../../../gateway/flows/held-models.ts';
import { modelClaims, partContext } from '../../../gateway/flows/model-delivery.ts';
import type { Modules } from '../../../gateway/flows/modules.ts';
import { registerModel } from '../../../gateway/flows/register-model.ts';
import { measureLeakage, reportLeakage } from '../../../gateway/flows/report-leakage.ts';
import { retireModel } from '../../../gateway/flows/retire-model.ts';
import { reportLeakage as reportCall } from '../../../gateway/ports/ledger-calls.ts';
import { hashPartDocument } from '../../../gateway/scoring/check-part.ts';
import { leakageOf } from '../../../gateway/scoring/leakage.ts';
import { seal } from '../../../gateway/sealing/jwe.ts';
import { messageTypes, sealTypes } from '../../../gateway/sealing/messages.ts';
import { codeOf, type GatewayNetwork, good } from '../../helpers/gateway-network.ts';
import { startModelledNetwork } from '../../helpers/modelled-network.ts';
import { modelDocument, modelledDatasets, modelParts, scoredSchema } from '../../helpers/scorecard-model.ts';

const id = modelDocument.id as ModelId;
const owner = 'chain-hub' as MemberId;
const auditor = 'audit-office' as MemberId;
const datasets = modelledDatasets as unknown as readonly DatasetId[];
const [gov, fin, grid] = datasets as readonly [DatasetId, DatasetId, DatasetId];
const providerOf = (dataset: DatasetId): string => dataset.split('.')[0]!;

describe('a model from its owner to its approvals', () => {
  let network: GatewayNetwork;
  const at = (member: string): Modules => network.gateway(member).modules;
  const model = (version: number) => at(owner).ledger.head().model(id, version)!;
  const register = async (document: ModelDocument = modelDocument): Promise<void> => {
    good(await registerModel(at(owner), { document, parts: modelParts }));
    await network.settled();
  };
  const partsAt = async (member: string, version: number): Promise<DatasetId[]> => {
    const held = await Promise.all(datasets.map((dataset) => heldPart(at(member), model(version), dataset)));
    return datasets.filter((_, place) => held[place] !== undefined);
  };

  before(async () => {
    network = await startModelledNetwork();
    for (const _ of [1, 2]) await register();
  });
  after(() => network.remove());

  describe('delivery', () => {
    it('brings the document to every gateway, each part to its provider and all to the auditor named', async () => {
      const delivered = good(await deliverModel(at(owner), { model: id, version: 1, auditors: [auditor] }));
      const others = ['gov-credit', 'fin-weihe', 'grid-qinchuan', auditor];
      // bank-changan is a member without a running gateway here: it stays on the work list.
      expect(delivered.to).to.have.members([...others, 'bank-changan']);
      expect(delivered.delivered).to.have.members(others);
      for (const member of others) expect(await heldDocument(at(member), model(1))).to.deep.equal(modelDocument);
      for (const dataset of datasets) expect(await partsAt(providerOf(dataset), 1)).to.deep.equal([dataset]);
      expect(await partsAt(auditor, 1)).to.deep.equal(datasets);
      expect(good(await deliverModel(at(owner), { model: id, version: 1, auditors: [] })).delivered).to.have.members(others);
    });

    it('shows nothing of a part outside the sealed text', async () => {
      const claims = good(await modelClaims(at(owner), { kind: 'model', to: auditor, model: id, version: 1, parts: datasets }));
      const shown = JSON.stringify(claims);
      for (const dataset of datasets) {
        const { salt } = (await heldPart(at(owner), model(1), dataset))!;
        for (const secret of [salt, salt.slice(2), '"bins"', '"points"']) expect(shown).not.to.include(secret);
      }
    });

    it('is for the owner, of a model that there is, to auditors that are some', async () => {
      const deliver = async (from: string, version: number, auditors: string[] = []) =>
        codeOf(await deliverModel(at(from), { model: id, version, auditors: auditors as MemberId[] }));
      expect(await deliver('gov-credit', 1)).to.equal('MODEL_NOT_OURS');
      expect(await deliver(owner, 9)).to.equal('MODEL_UNKNOWN');
      expect(await deliver(owner, 1, ['gov-credit'])).to.equal('MEMBER_ROLE_MISSING');
      expect(await partsAt('gov-credit', 1)).to.deep.equal([gov]);
    });

    describe('a gateway keeps nothing', () => {
      const sealed = async (to: string, dataset: DatasetId, part: unknown, context = partContext(id, 2, dataset)) => {
        const view = at(owner).ledger.head();
        const key = keysInForce(view.member(to as MemberId)!.keys, 'seal', view.block.number).at(-1)!;
        const bytes = Buffer.from(JSON.stringify(part), 'utf8');
        return { dataset, part: good(seal(key.data, bytes, { typ: sealTypes.modelPart, context }, at(owner).randomness.bytes(44))) };
      };
      const message = async (from: string, to: string, claims: object): Promise<string> => {
        const iat = Math.floor(Date.now() / 1000);
        const envelope = { v: 1, chain: at(from).ledger.chainId, iss: from, aud: to, iat, exp: iat + 60 };
        return at(from).keys.sign(messageTypes.model, {
          ...envelope,
          model: id,
          version: 2,
          document: modelDocument,
          sealed: [],
          ...claims,
        });
      };
      const own = async (dataset: DatasetId = fin): Promise<ModelPartDocument> => (await heldPart(at(owner), model(2), dataset))!;
      const refused = async (claims: object, from: string = owner): Promise<string> => {
        const receiver = at('fin-weihe');
        const code = codeOf(await acceptModel(receiver, { from: from as MemberId, message: await message(from, 'fin-weihe', claims) }));
        expect(await partsAt('fin-weihe', 2)).to.deep.equal([]);
        return code;
      };

      it('of a version that is not on chain, or from another than the owner', async () => {
        expect(await refused({ version: 9 })).to.equal('LEDGER_BEHIND');
        expect(await refused({}, 'gov-credit')).to.equal('MODEL_NOT_OURS');
      });

      it('of a document that is none or another', async () => {
        expect(await refused({ document: { ...modelDocument, base: 'x' } })).to.equal('MODEL_INVALID');
        expect(await refused({ document: { ...modelDocument, base: 601 } })).to.equal('MODEL_MISMATCH');
      });

      it('of a part that is altered, of another version, or has no form', async () => {
        const part = await own();
        const [feature] = part.features;
        const dearer = { ...part, features: [{ ...feature, missing: { points: 1 } }] };
        const resalted = { ...part, salt: `0x${'01'.padStart(64, '0')}` };
        for (const altered of [dearer, resalted, (await heldPart(at(owner), model(1), fin))!])
          expect(await refused({ sealed: [await sealed('fin-weihe', fin, altered)] })).to.equal('MODEL_MISMATCH');
        expect(await refused({ sealed: [await sealed('fin-weihe', fin, part, partContext(id, 1, fin))] })).to.equal('SEAL_CONTEXT');
        expect(await refused({ sealed: [await sealed('gov-credit', fin, part)] })).to.equal('SEAL_UNOPENABLE');
        expect(await refused({ sealed: [await sealed('fin-weihe', fin, { ...part, v: 2 })] })).to.equal('MODEL_PART_INVALID');
      });

      it("of another provider's part", async () => {
        expect(await refused({ sealed: [await sealed('fin-weihe', gov, await own(gov))] })).to.equal('MODEL_PART_NOT_OURS');
      });

      it('of a model whose registration says otherwise than its document', async () => {
        const lax: ModelDocument = { ...modelDocument, title: 'Lax' };
        const submit: Modules['writer']['submit'] = (call) => {
          const [name, version, registration] = call.args as [string, number, object];
          return at(owner).writer.submit({ ...call, args: [name, version, { ...registration, reasonsToConsumer: true }] });
        };
        good(await registerModel({ ...at(owner), writer: { ...at(owner).writer, submit } }, { document: lax, parts: modelParts }));
        expect(await refused({ version: 3, document: lax })).to.equal('MODEL_MISMATCH');
      });
    });
  });

  describe('the leakage report', () => {
    it('is what an auditor measures from all parts, and stands on chain by its hash', async () => {
      const { report, reportHash, block } = good(await reportLeakage(at(auditor), id, 1));
      await network.settled();
      const parts = await Promise.all(
        datasets.map(async (dataset, place) => {
          const { features } = modelDocument.parts[place]!;
          return good(hashPartDocument(features, (await heldPart(at(owner), model(1), dataset))!)).part;
        }),
      );
      const { attainable, pinned, byPart } = leakageOf(parts);
      expect([attainable, pinned]).to.deep.equal([43, 2]);
      expect(report).to.deep.include({ attainable, pinned, documentHash: model(1).documentHash });
      expect(report.parts.map((part) => part.pinned)).to.deep.equal(byPart);
      expect(model(1).reports).to.deep.equal([{ auditor, pinned, attainable, reportHash, block }]);
      expect(good(await measureLeakage(at(owner), id, 1))).to.deep.equal({ report, reportHash });
    });

    it('is for auditors, of a model of another that they hold in full', async () => {
      const report = async (member: string, version: number) => codeOf(await reportLeakage(at(member), id, version));
      expect(await report('gov-credit', 1)).to.equal('MEMBER_ROLE_MISSING');
      expect(await report(auditor, 2)).to.equal('MODEL_UNDELIVERED');
      expect(await report(auditor, 9)).to.equal('MODEL_UNKNOWN');
      const itsOwn = { ...modelDocument, id: 'audited' };
      good(await registerModel(at(auditor), { document: itsOwn, parts: modelParts }));
      expect(codeOf(await reportLeakage(at(auditor), 'audited' as ModelId, 1))).to.equal('MODEL_OWN');
      expect(
        at(auditor)
          .ledger.head()
          .model('audited' as ModelId, 1)!.reports,
      ).to.deep.equal([]);
      expect(model(2).reports).to.deep.equal([]);
    });

    it('is refused for points that spread so widely that counting the totals would stop the gateway', async () => {
      const wide = modelDocument.parts.map(({ features }) => ({
        features: features
          .filter(({ kind }) => kind === 'numeric')
          .map(({ name }) => ({ name, kind: 'numeric', missing: { points: -2048 }, bins: [{ points: 2047 }] })),
      }));
      const document = { ...modelDocument, id: 'wide' };
      good(await registerModel(at(owner), { document, parts: wide }));
      good(await deliverModel(at(owner), { model: 'wide' as ModelId, version: 1, auditors: [auditor] }));
      expect(codeOf(await reportLeakage(at(auditor), 'wide' as ModelId, 1))).to.equal('MODEL_TOO_WIDE');
      expect(
        at(auditor)
          .ledger.head()
          .model('wide' as ModelId, 1)!.reports,
      ).to.deep.equal([]);
    });

    it('counts when it is by neither owner nor consumer', () => {
      const view = at(owner).ledger.head();
      expect(codeOf(leakageWithin(view, model(1)))).to.equal('ok');
      expect(codeOf(leakageWithin(view, model(1), auditor))).to.equal('MODEL_UNREPORTED');
      expect(codeOf(leakageWithin(view, { ...model(1), owner: auditor }))).to.equal('MODEL_UNREPORTED');
    });
  });

  describe("a provider's approval", () => {
    const approve = async (dataset: DatasetId, version: number, member = providerOf(dataset)) =>
      codeOf(await approveModelPart(at(member), { model: id, version, dataset }));
    const approved = async (version: number) => {
      await network.settled();
      return model(version).approvedParts;
    };
    const usable = (version: number): Promise<boolean> =>
      network.chain.contract('model-registry').getFunction('isUsable')(encodeBytes32String(id), version) as Promise<boolean>;

    it('is refused without the part, without a report, and for a leak above the bound', async () => {
      expect(await approve(gov, 2)).to.equal('MODEL_UNDELIVERED');
      good(await deliverModel(at(owner), { model: id, version: 2, auditors: [auditor] }));
      expect(await approve(gov, 2)).to.equal('MODEL_UNREPORTED');
      good(await at(auditor).writer.submit(reportCall(id, 2, 6, 100, `0x${'11'.repeat(32)}`)));
      await network.settled();
      expect(await approve(gov, 2)).to.equal('MODEL_LEAKS');
      // One good report beside it does not help.
      good(await reportLeakage(at(auditor), id, 2));
      await network.settled();
      expect(await approve(gov, 2)).to.equal('MODEL_LEAKS');
      expect(await approved(2)).to.deep.equal([]);
    });

    it('is for the provider of the part only', async () => {
      expect(await approve(gov, 1, 'fin-weihe')).to.equal('MODEL_PART_NOT_OURS');
      expect(await approve('chain-hub.order' as DatasetId, 1, owner)).to.equal('MODEL_UNKNOWN');
      expect(codeOf(await disapproveModelPart(at('fin-weihe'), { model: id, version: 1, dataset: gov }))).to.equal('MODEL_PART_NOT_OURS');
      expect(await approved(1)).to.deep.equal([]);
    });

    it('of every part makes the model usable, until one is taken back', async () => {
      for (const dataset of datasets) expect(await approve(dataset, 1)).to.equal('ok');
      expect(await approved(1)).to.have.members([...datasets]);
      expect(await usable(1)).to.equal(true);
      good(await disapproveModelPart(at('gov-credit'), { model: id, version: 1, dataset: gov }));
      expect(await approved(1)).to.have.members([fin, grid]);
      expect(await usable(1)).to.equal(false);
    });

    it('is refused once the dataset declares other features', async () => {
      const schema = scoredSchema(grid);
      const changed = { ...schema, features: schema.features!.slice(1) };
      good(await declareDataset(at('grid-qinchuan'), { schema: changed }));
      await network.settled();
      expect(await approve(grid, 1)).to.equal('MODEL_FEATURES_CHANGED');
    });

    it('and the report are refused for a retired model, which only its owner retires, once', async () => {
      expect(codeOf(await retireModel(at('gov-credit'), id, 1))).to.equal('MODEL_NOT_OURS');
      good(await retireModel(at(owner), id, 1));
      await network.settled();
      expect(codeOf(await retireModel(at(owner), id, 1))).to.equal('MODEL_RETIRED');
      expect(await approve(gov, 1)).to.equal('MODEL_RETIRED');
      expect(codeOf(await reportLeakage(at(auditor), id, 1))).to.equal('MODEL_RETIRED');
      expect([model(1).retired, await usable(1)]).to.deep.equal([true, false]);
    });
  });
});
