import { memoryAuditStore } from '../helpers/memory-audit-store.ts';
import { memoryDocumentStore } from '../helpers/memory-document-store.ts';
import { memoryNamespace } from '../helpers/memory-namespace.ts';
import { seededRandomness } from '../helpers/seeded-randomness.ts';
import { auditStoreConformance } from './audit-store.ts';
import { documentStoreConformance } from './document-store.ts';
import { namespaceConformance } from './namespace.ts';

const close = async (): Promise<void> => undefined;

auditStoreConformance('memory', async (member, log) => ({ audit: memoryAuditStore(member, log, seededRandomness('memory')), close }));
documentStoreConformance('memory', async () => ({ documents: memoryDocumentStore(), close }));
namespaceConformance('memory', async () => ({ mirror: memoryNamespace(), records: memoryNamespace(), close }));
