import { ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { poll } from '../../__testUtils__/poll';
import {
  commandAgent,
  node,
  runOn,
  SHOUT,
  useTempDirectory,
} from './__testUtils__/commandAgents';

// Processes are started, and the machine may be busy.
jest.setTimeout(60_000);

const base = useTempDirectory();
const batches = path.join(base, 'batches');

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('the program of an agent', () => {
  it('is ended when its time is over', async () => {
    const agent = commandAgent(batches, node('setInterval(() => {}, 1000)'), {
      timeout: '300ms',
    });
    await expect(runOn(agent, ['a'])).rejects.toThrow(
      'was still running after 0.3 seconds',
    );
  });

  it('gets no more memory than it may have', async () => {
    const take = (megabytes: number) =>
      node(
        `const all = Buffer.alloc(${megabytes} * 1e6, 1); ${SHOUT}
         if (all.length > 1e8) setInterval(() => {}, 1000);`,
      );
    const limit = { memoryLimit: '256MB' };
    await expect(
      runOn(commandAgent(batches, take(10), limit), ['a']),
    ).resolves.toMatchObject({ rowsAffected: 1 });
    await expect(
      runOn(commandAgent(batches, take(1000), limit), ['a']),
    ).rejects.toThrow('used more than 256000000 bytes of memory');
  });

  it('writes no more than it may', async () => {
    const fill = (bytes: number) =>
      node(`fs.writeFileSync('other', Buffer.alloc(${bytes})); ${SHOUT}`);
    const limit = { maxOutput: '100KB' };
    await expect(
      runOn(commandAgent(batches, fill(50_000), limit), ['a']),
    ).resolves.toMatchObject({ rowsAffected: 1 });
    const lavish = node(
      `process.on('SIGXFSZ', () => {});
       write(read().map(() => ({ name: 'x'.repeat(200_000) })));`,
    );
    await expect(
      runOn(commandAgent(batches, lavish, limit), ['a']),
    ).rejects.toThrow('wrote a file of more than 100000 bytes');
  });

  describe('leaves no process behind', () => {
    /** Says in a file which processes it is, then never ends. */
    const stubborn = (file: string) =>
      node(
        `const { spawn } = require('child_process');
         process.on('SIGTERM', () => {});
         const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'],
           { stdio: 'ignore' });
         fs.writeFileSync(${JSON.stringify(
           file,
         )} + '~', process.pid + ' ' + child.pid);
         fs.renameSync(${JSON.stringify(file)} + '~', ${JSON.stringify(file)});
         setInterval(() => {}, 1000);`,
      );

    const pidsIn = (file: string) =>
      poll('the program has started', () => {
        try {
          return readFileSync(file, 'utf8').split(' ').map(Number);
        } catch {
          return undefined;
        }
      });

    const gone = (pids: number[]) =>
      poll('all processes are gone', () => !pids.some(isAlive));

    it('when it is aborted', async () => {
      const file = path.join(base, 'aborted');
      const controller = new AbortController();
      const reason = new Error('cancelled');
      const running = runOn(commandAgent(batches, stubborn(file)), ['a'], {
        signal: controller.signal,
      });
      const pids = await pidsIn(file);
      controller.abort(reason);
      await expect(running).rejects.toBe(reason);
      await gone(pids);
    });

    it('when it has ended', async () => {
      const file = path.join(base, 'ended');
      const forking = node(
        `const { spawn } = require('child_process');
         const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'],
           { stdio: 'ignore' });
         child.unref();
         fs.writeFileSync(${JSON.stringify(file)}, String(child.pid));
         ${SHOUT}`,
      );
      const { rowsAffected } = await runOn(commandAgent(batches, forking), [
        'a',
      ]);
      expect(rowsAffected).toBe(1);
      await gone(await pidsIn(file));
    });

    it('G4: when its worker is killed', async () => {
      const file = path.join(base, 'orphaned');
      const folder = path.join(base, 'orphan');
      mkdirSync(folder);
      const worker: ChildProcess = fork(
        path.join(__dirname, '__testUtils__/runOnce.ts'),
        [folder, JSON.stringify(stubborn(file))],
        {
          execArgv: [
            '--require',
            require.resolve('@backstage/cli/config/nodeTransform.cjs'),
          ],
        },
      );
      const pids = await pidsIn(file);
      const exited = once(worker, 'exit');
      worker.kill('SIGKILL');
      expect(await exited).toEqual([null, 'SIGKILL']);
      await gone(pids);
    });
  });
});
