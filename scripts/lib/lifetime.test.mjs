import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { processOf } from './processes.mjs';

const LIFETIME = new URL('./lifetime.mjs', import.meta.url).href;

/** Waits for something that happens soon, or fails. */
async function eventually(condition) {
  for (let i = 0; i < 1200 && !condition(); i++) await delay(25);
  assert.ok(condition());
}

/**
 * A command that starts a child, which starts a grandchild and prints both pids.
 * A stubborn child does not end when it is asked to.
 */
async function startFamily(t, { stubborn = false } = {}) {
  const parent = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { launch, stopOnSignals } from '${LIFETIME}';
       stopOnSignals();
       const trap = ${stubborn} ? 'trap "" TERM;' : '';
       const family = trap + 'sleep 60 & echo $$ $!; wait';
       const { child } = launch('sh', ['-c', family], {
         stdio: ['ignore', 'pipe', 'inherit'],
         patience: 200,
       });
       child.stdout.pipe(process.stdout);
       setInterval(() => {}, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  t.after(() => parent.kill('SIGKILL'));
  const [line] = await once(createInterface({ input: parent.stdout }), 'line');
  const children = line.split(' ').map(Number);
  for (const pid of children) assert.ok(processOf(pid));
  return { parent, children };
}

describe('what a command starts', () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ]) {
    it(`ends with it on ${signal}, grandchildren too`, async t => {
      const { parent, children } = await startFamily(t);
      parent.kill(signal);
      assert.deepEqual(await once(parent, 'exit'), [code, null]);
      await eventually(() => children.every(pid => !processOf(pid)));
    });
  }

  it('ends with it though it does not want to', async t => {
    const { parent, children } = await startFamily(t, { stubborn: true });
    parent.kill('SIGTERM');
    await eventually(() => children.every(pid => !processOf(pid)));
  });

  it('ends after a SIGKILL of it though it does not want to', async t => {
    const { parent, children } = await startFamily(t, { stubborn: true });
    parent.kill('SIGKILL');
    await eventually(() => children.every(pid => !processOf(pid)));
  });

  it('ends with it on SIGKILL, when it can do nothing about it', async t => {
    const { parent, children } = await startFamily(t);
    parent.kill('SIGKILL');
    await eventually(() => children.every(pid => !processOf(pid)));
  });
});
