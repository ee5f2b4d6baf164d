import { encodeChainCode } from '../../../domain/chain-code.ts';
import type { Anchor } from '../../../domain/registry-state.ts';
import { hexOf, numberOf } from '../registry/read-event.ts';
import type { TablesView } from '../registry/view.ts';
import { fieldsOf, named, type RegistryCheck } from './registry-check.ts';

export function* anchorChecks(view: TablesView): Iterable<RegistryCheck> {
  const logs = new Map<string, Anchor[]>();
  for (const anchor of view.all('anchor')) {
    const key = `${anchor.member}/${anchor.log}/${anchor.suite}`;
    logs.set(key, [...(logs.get(key) ?? []), anchor]);
  }
  for (const [key, anchors] of logs) {
    const last = anchors.at(-1) as Anchor;
    const args = [encodeChainCode(last.member), last.log, encodeChainCode(last.suite)];
    const common = { contract: 'audit-anchor', of: 'any', args } as const;
    yield {
      ...common,
      what: `latest anchor of ${key}`,
      method: 'latest',
      expected: { size: last.size, root: last.root, block: last.block },
      found: (answer) => {
        const found = fieldsOf(answer);
        return { size: numberOf(found, 'size'), root: hexOf(found, 'root'), block: numberOf(found, 'blockNumber') };
      },
      isAbsent: (answer) => numberOf(fieldsOf(answer), 'size') === 0,
    };
    yield {
      ...common,
      what: `number of anchors of ${key}`,
      method: 'anchorCount',
      expected: anchors.length,
      found: (answer) => numberOf(named(answer), 'value'),
      isAbsent: (answer) => answer === 0n,
    };
  }
}

export function* parameterChecks(view: TablesView): Iterable<RegistryCheck> {
  for (const { name } of view.all('parameter')) {
    yield {
      what: `parameter ${name}`,
      contract: 'directory',
      of: 'current',
      method: 'parameterAt',
      args: [encodeChainCode(name), view.block.time],
      expected: view.parameter(name as 'max-block-age'),
      found: (answer) => numberOf(named(answer), 'value'),
    };
  }
}
