import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { openGatewayStore } from '../../../gateway/adapters/store/open-store.ts';
import type { MemberId } from '../../../gateway/domain/ids.ts';
import { usageOf } from '../../helpers/append-requests.ts';
import { naiveRoot } from '../../helpers/naive-merkle.ts';
import { collect } from '../../helpers/rejection.ts';
import { systemRandomness } from '../../helpers/system-randomness.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { killedRequest } from './killed-request.ts';

const limitedProcess = fileURLToPath(new URL('./limited-process.ts', import.meta.url));

describe('faults: a disk that is full', () => {
  it('refuses appends with STORE_WRITE_FAILED and keeps all that was answered; with room again, it goes on', async function () {
    // The kernel refuses writes past the limit (EFBIG) as it does on a full disk; only POSIX shells can set it.
    if (process.platform !== 'linux') return this.skip();
    const temporary = await temporaryFolder();
    const folder = join(temporary.path, 'store');
    const limited = `trap '' XFSZ; ulimit -f 192; exec "$0" "$@"`;
    const { stdout } = await promisify(execFile)('bash', ['-c', limited, process.execPath, limitedProcess, folder]);
    const lines = stdout.trimEnd().split('\n');
    const answered = lines.filter((line) => !line.startsWith('failed')).map((line) => line.split(' '));
    expect(answered.length).to.be.greaterThan(20);
    expect(lines.filter((line) => line.startsWith('failed'))).to.deep.equal(Array(5).fill('failed STORE_WRITE_FAILED'));

    const store = await openGatewayStore({ folder, member: 'gov-credit' as MemberId, log: 1, create: false, randomness: systemRandomness });
    const { audit } = store;
    for (const [number, index, leafHash] of answered) {
      const recalled = await audit.recall(usageOf(Number(number)), 'served');
      expect(recalled?.position).to.deep.equal({ log: 1, index: Number(index), leafHash });
    }
    expect((await audit.append(killedRequest(1_000_000))).kind).to.equal('appended');
    const leaves = (await collect(audit.leaves(0, audit.size()))).map(({ leaf }) => leaf);
    expect(await audit.root(leaves.length)).to.equal(naiveRoot(leaves));
    expect(audit.count('grant/all')).to.equal(leaves.length);
    await store.close();
    await temporary.remove();
  });
});
