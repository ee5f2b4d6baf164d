import type { EngineKind } from '../engines/engine.ts';
import type { MemberRole, Sector } from '../vocabulary.ts';
import type { Manifest } from './manifest.ts';

export const demoPortBase = 18_800;

type Row = readonly [id: string, name: string, nameZh: string, sector: Sector, roles: readonly MemberRole[]];

const rows: readonly Row[] = [
  ['gov-credit', 'Credit Information Centre', '信用信息中心', 'government', ['provider', 'issuer', 'regulator', 'council']],
  ['bank-changan', "Bank of Chang'an", '长安银行', 'finance', ['consumer', 'council']],
  ['fin-weihe', 'Weihe Financial Data', '渭河金融数据', 'finance', ['provider']],
  ['grid-qinchuan', 'Qinchuan Power Supply', '秦川供电', 'utilities', ['provider', 'council']],
  ['chain-hub', 'Supply Chain Data Centre', '产业链数据中心', 'supply-chain', ['provider', 'council']],
  ['audit-office', 'Audit Office', '审计办', 'government', ['auditor', 'council']],
];

/** One of each sector: none holds a third. */
const validators = ['gov-credit', 'bank-changan', 'grid-qinchuan', 'chain-hub'];

/**
 * The consortium that `npm start` founds: all four sectors on one machine. Ledger at `portBase` (validators: from there on, and from +20 for each other), clients
 * from +10, peers from +30.
 */
export function demoManifest(portBase: number = demoPortBase, engine: EngineKind = 'embedded'): Manifest {
  return {
    version: 1,
    network: 'xinshu-demo',
    chainId: 619_900,
    engine:
      engine === 'embedded'
        ? { kind: engine, port: portBase }
        : {
            kind: engine,
            validators: validators.map((member, index) => ({ member, ports: { rpc: portBase + index, peer: portBase + 20 + index } })),
          },
    members: rows.map(([id, name, nameZh, sector, roles], index) => ({
      id,
      name,
      nameZh,
      sector,
      roles: [...roles],
      host: '127.0.0.1',
      ports: { client: portBase + 10 + index, peer: portBase + 30 + index },
    })),
    // Government holds two of the five seats, so three are needed for no sector to decide alone.
    council: { quorum: 3, delaySeconds: 86_400, votingSeconds: 7 * 86_400, windowSeconds: 7 * 86_400 },
    emergency: { few: 2 },
    parameters: {
      'max-block-age': 60,
      'max-anchor-lag': 3_600,
      // Three of the five others: no sector has as many.
      'witness-quorum': 3,
      'max-witness-lag': 300,
      'model-approval': 1,
      'min-contributors': 3,
      'max-leak-ppm': 50_000,
      'unproven-scores': 1,
      'trial-proving-keys': 1,
      'refuse-forked': 1,
    },
  };
}
