import { expect } from 'chai';
import { derivationHash } from '../../../gateway/domain/dataset-schema.ts';
import type { ModelId } from '../../../gateway/domain/ids.ts';
import { modelDocumentHash } from '../../../gateway/domain/model-document.ts';
import { heldPart, registeredModel } from '../../../gateway/flows/held-models.ts';
import type { Modules } from '../../../gateway/flows/modules.ts';
import { exportModel, registerModel } from '../../../gateway/flows/register-model.ts';
import { hashPartDocument } from '../../../gateway/scoring/check-part.ts';
import { codeOf, type GatewayNetwork, good } from '../../helpers/gateway-network.ts';
import { startModelledNetwork } from '../../helpers/modelled-network.ts';
import { modelDocument, modelledDatasets, modelParts } from '../../helpers/scorecard-model.ts';

const id = modelDocument.id as ModelId;

describe('models', () => {
  let network: GatewayNetwork;
  const at = (member: string): Modules => network.gateway(member).modules;
  before(async () => {
    network = await startModelledNetwork();
  });
  after(() => network.remove());

  it('registers each version with the hashes of the document and of every part, and gives it back as it was written', async () => {
    const owner = at('chain-hub');
    for (const version of [1, 2]) {
      const registered = good(await registerModel(owner, { document: modelDocument, parts: modelParts }));
      expect(registered).to.deep.include({ kind: 'registered', model: id, version });
      const onChain = good(registeredModel(owner.ledger.head(), id, version));
      expect(onChain).to.deep.include({ owner: 'chain-hub', documentHash: modelDocumentHash(modelDocument), output: 'score' });
      for (const [place, dataset] of modelledDatasets.entries()) {
        const { features } = modelDocument.parts[place]!;
        const part = (await heldPart(owner, onChain, onChain.parts[place]!.dataset))!;
        expect(onChain.parts[place]).to.deep.equal({
          dataset,
          derivation: derivationHash(features),
          partHash: good(hashPartDocument(features, part)).partHash,
        });
      }
      expect(good(await exportModel(owner, id, version))).to.deep.equal({ document: modelDocument, parts: modelParts });
    }
    const hashes = [1, 2].map((version) => owner.ledger.head().model(id, version)!.parts[0]!.partHash);
    expect(new Set(hashes).size).to.equal(2);
  });

  it('gives every fault with its place and registers nothing', async () => {
    const owner = at('chain-hub');
    const faulty = async (document: unknown, parts: readonly unknown[] = modelParts) => {
      const outcome = good(await registerModel(owner, { document, parts }));
      return outcome.kind === 'rejected' ? outcome.faults.map(({ path, code }) => `${code} ${path}`) : [];
    };
    const other = { ...modelDocument, id: 'other' };
    expect(await faulty({ ...other, base: 0.5 })).to.deep.equal(['MODEL_INVALID /document/base']);
    expect(await faulty(other, modelParts.slice(1))).to.deep.equal(['MODEL_PART_INVALID /parts']);
    const gap = { features: [{ name: 'penalties', kind: 'numeric', bins: [{ below: 0, points: 1 }, { points: 2 }] }] };
    expect(await faulty(other, [gap, { features: 3 }, modelParts[2]])).to.deep.equal([
      'MODEL_PART_INVALID /parts/0',
      'MODEL_INVALID /parts/1/features',
    ]);
    expect(
      owner.ledger
        .head()
        .models()
        .some((model) => model.id === 'other'),
    ).to.equal(false);
  });

  it('refuses what is not there', async () => {
    const owner = at('chain-hub');
    expect(codeOf(registeredModel(owner.ledger.head(), id, 9))).to.equal('MODEL_UNKNOWN');
    expect(codeOf(await exportModel(owner, id, 9))).to.equal('MODEL_UNKNOWN');
    await network.settled();
    expect(codeOf(await exportModel(at('fin-weihe'), id, 1))).to.equal('MODEL_UNKNOWN');
  });

  it("refuses a version of another member's model", async () => {
    const other = at('fin-weihe');
    expect(codeOf(await registerModel(other, { document: modelDocument, parts: modelParts }))).to.equal('MODEL_NOT_OURS');
    expect(other.ledger.head().model(id, 3)).to.equal(undefined);
  });
});
