import { applyAnchors } from './apply-anchors.ts';
import { applyCatalog } from './apply-catalog.ts';
import { applyConsents } from './apply-consents.ts';
import { applyDirectory } from './apply-directory.ts';
import { applyGrants } from './apply-grants.ts';
import { applyMembers } from './apply-members.ts';
import { applyModels } from './apply-models.ts';
import type { Change, Latest, RegistryEvent } from './entity.ts';

/** What one event of the block `block` changes in the state before it. Pure: the same history gives the same state in every gateway. */
export const apply = (latest: Latest, event: RegistryEvent, block: number): readonly Change[] => {
  switch (event.contract.name) {
    case 'directory':
      return applyDirectory(latest, event);
    case 'member-registry':
      return applyMembers(latest, event);
    case 'data-catalog':
      return applyCatalog(latest, event, block);
    case 'grant-registry':
      return applyGrants(latest, event);
    case 'consent-registry':
      return applyConsents(latest, event, block);
    case 'model-registry':
      return applyModels(latest, event, block);
    case 'audit-anchor':
      return applyAnchors(event, block);
    default:
      return [];
  }
};
