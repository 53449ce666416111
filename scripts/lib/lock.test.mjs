import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { holderOf, tryLock, withLock } from './lock.mjs';
import { processOf } from './processes.mjs';
import { temporaryFolder } from './temporary-folder.mjs';

describe('a lock file', () => {
  it('is held by one at a time', async t => {
    const file = join(temporaryFolder(t), 'lock');
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 5 }, () =>
        withLock(file, async () => {
          inside += 1;
          most = Math.max(most, inside);
          await new Promise(setImmediate);
          inside -= 1;
        }),
      ),
    );
    assert.equal(most, 1);
    assert.equal(holderOf(file), undefined);
  });

  it('says who holds it', t => {
    const file = join(temporaryFolder(t), 'lock');
    const lock = tryLock(file);
    assert.deepEqual(tryLock(file), { held: false, by: process.pid });
    lock.release();
    assert.equal(tryLock(file).held, true);
  });

  it('does not outlive its process', async t => {
    const file = join(temporaryFolder(t), 'lock');
    const child = spawn('sleep', ['60']);
    const { started } = processOf(child.pid);
    writeFileSync(file, `${child.pid} ${started}`);
    assert.equal(holderOf(file), child.pid);
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal(tryLock(file).held, true);
  });

  it('is not held by another process that got the same pid', t => {
    const file = join(temporaryFolder(t), 'lock');
    writeFileSync(file, `${process.pid} 1`);
    assert.equal(tryLock(file).held, true);
  });
});
