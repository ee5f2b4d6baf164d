import { auditStoreConformance } from '../../../conformance/audit-store.ts';
import { documentStoreConformance } from '../../../conformance/document-store.ts';
import { namespaceConformance } from '../../../conformance/namespace.ts';
import { levelStore } from '../../../helpers/level-store.ts';

auditStoreConformance('level', (member, log) => levelStore({ member, log }));
documentStoreConformance('level', () => levelStore());
namespaceConformance('level', async () => {
  const store = await levelStore();
  return { mirror: store.namespace('mirror'), records: store.namespace('records'), close: store.close };
});
