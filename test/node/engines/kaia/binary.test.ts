import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { buildKaiaBinaries } from '../../../../node/engines/kaia/binary/build-binaries.ts';
import { withBuildLock } from '../../../../node/engines/kaia/binary/build-lock.ts';
import { type TemporaryFolder, temporaryFolder } from '../../../helpers/temporary-folder.ts';
import { nodeErrorOf } from '../../node-error-of.ts';

describe('building the Kaia node', () => {
  let place: TemporaryFolder;
  const path = process.env.PATH;
  const target = () => join(place.path, 'cache', 'kaia');
  /** A `go` that fails as told, and nothing else on the PATH but the system's own. */
  const goThatDoes = (script: string) => {
    mkdirSync(join(place.path, 'bin'));
    writeFileSync(join(place.path, 'bin', 'go'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    process.env.PATH = `${join(place.path, 'bin')}:/usr/bin:/bin`;
  };
  beforeEach(async () => {
    place = await temporaryFolder();
  });
  afterEach(async () => {
    process.env.PATH = path;
    await place.remove();
  });

  it('NODE_GO_MISSING: no Go on the PATH, and nothing is made', async () => {
    process.env.PATH = place.path;
    const error = await nodeErrorOf(buildKaiaBinaries({ folder: target() }));
    expect([error.code, error.detail]).to.deep.equal(['NODE_GO_MISSING', { needed: '1.22.1' }]);
    expect(existsSync(join(place.path, 'cache'))).to.equal(false);
  });

  it('NODE_GO_MISSING: a Go that is too old, with both versions', async () => {
    goThatDoes('echo go1.21.13');
    const error = await nodeErrorOf(buildKaiaBinaries({ folder: target() }));
    expect([error.code, error.detail]).to.deep.equal(['NODE_GO_MISSING', { needed: '1.22.1', found: '1.21.13' }]);
  });

  it('NODE_ENGINE_BUILD_FAILED: says what the compiler said last, and leaves no half-built node', async () => {
    goThatDoes('[ "$1" = env ] && { echo go1.26.8; exit; }; echo "# runtime/cgo" >&2; echo "cgo: C compiler not found" >&2; exit 1');
    const error = await nodeErrorOf(buildKaiaBinaries({ folder: target() }));
    expect([error.code, error.detail.reason]).to.deep.equal(['NODE_ENGINE_BUILD_FAILED', 'cgo: C compiler not found']);
    expect([existsSync(target()), existsSync(`${target()}.lock`)]).to.deep.equal([false, false]);
  });

  it('NODE_ENGINE_BUILD_FAILED: a build that is given up ends its compiler', async () => {
    goThatDoes('[ "$1" = env ] && { echo go1.26.8; exit; }; exec sleep 600');
    const error = await nodeErrorOf(buildKaiaBinaries({ folder: target(), signal: AbortSignal.timeout(300) }));
    expect(error.code).to.equal('NODE_ENGINE_BUILD_FAILED');
    expect(existsSync(`${target()}.lock`)).to.equal(false);
  });

  it('builds once at a time, and takes over from a builder that was killed', async () => {
    const lock = join(place.path, 'some.lock');
    const dead = spawn('true');
    await once(dead, 'exit');
    writeFileSync(lock, String(dead.pid));
    let inside = 0;
    let most = 0;
    let waits = 0;
    const build = () =>
      withBuildLock(
        lock,
        {
          onWait: () => {
            waits += 1;
          },
        },
        async () => {
          inside += 1;
          most = Math.max(most, inside);
          await delay(50);
          inside -= 1;
        },
      );
    await Promise.all([build(), build(), build()]);
    expect([most, waits]).to.deep.equal([1, 2]);
    expect(existsSync(lock)).to.equal(false);
  });

  it('NODE_ENGINE_BUILD_FAILED: gives up waiting for another builder when it is told to', async () => {
    const lock = join(place.path, 'other.lock');
    writeFileSync(lock, String(process.pid));
    const waiting = withBuildLock(lock, { onWait: () => {}, signal: AbortSignal.timeout(100) }, async () => expect.fail('ran'));
    const error = await nodeErrorOf(waiting);
    expect([error.code, error.detail.reason]).to.deep.equal(['NODE_ENGINE_BUILD_FAILED', 'another process still builds it']);
    expect(existsSync(lock)).to.equal(true);
  });
});
