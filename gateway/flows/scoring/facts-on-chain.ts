import { featuresCommitment } from '../../domain/feature.ts';
import { modelDocumentHash } from '../../domain/model-document.ts';
import type { RegistryView } from '../../domain/registry-view.ts';
import type { SessionFacts } from '../../sealing/score-certificate.ts';

/** One thing that a certificate takes from the chain, and whether it stands there. */
export type ChainFact = { readonly what: string; readonly holds: boolean };

const sameAddress = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase();

/** Everything that `verifyCertificate` has to take as it is, held against the registries at the session's block. */
export const factsOnChain = (view: RegistryView, certificate: SessionFacts): readonly ChainFact[] => {
  const { terms, consumer, contributions, model } = certificate;
  const registered = view.model(terms.model, terms.modelVersion);
  const account = (member: typeof consumer.member) => view.member(member)?.account;
  return [
    { what: `block ${terms.blockNumber} ${terms.blockHash}`, holds: view.block.hash === terms.blockHash },
    { what: `account of ${consumer.member}`, holds: sameAddress(account(consumer.member), consumer.account) },
    { what: `model ${terms.model} version ${terms.modelVersion}`, holds: registered?.documentHash === modelDocumentHash(model) },
    { what: 'commitment of the consent', holds: view.consent(terms.authorization)?.subject === terms.subject },
    { what: `consent to ${consumer.member}`, holds: view.consent(terms.authorization)?.grantee === consumer.member },
    ...contributions.flatMap(({ member, account: signer, partHash }, place) => {
      const { dataset, version, root } = terms.contributions[place]!;
      const committed = view.datasetVersion(dataset, version)?.commitments.find(({ name }) => name === featuresCommitment.name);
      return [
        { what: `${dataset} of ${member}`, holds: view.dataset(dataset)?.owner === member },
        { what: `account of ${member}`, holds: sameAddress(account(member), signer) },
        { what: `features of ${dataset} version ${version}`, holds: committed?.root === root },
        { what: `part of ${dataset}`, holds: registered?.parts[place]?.partHash === partHash },
      ];
    }),
  ];
};
