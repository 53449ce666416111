import { ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import { poll } from '../../__testUtils__/poll';
import {
  commandAgent,
  field,
  node,
  runOn,
  SHOUT,
  useTempDirectory,
} from './__testUtils__/commandAgents';

// Processes are started, and the machine may be busy.
jest.setTimeout(60_000);

const base = useTempDirectory();
const batches = path.join(base, 'batches');

/** What a program tells of itself, instead of doing anything. */
const telling = (expression: string) =>
  node(`write(read().map(() => ({ name: String(${expression}) })));`);

async function told(expression: string): Promise<unknown> {
  const agent = commandAgent(batches, telling(expression));
  const { batch } = await runOn(agent, ['a']);
  return batch.rows[0].name;
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('a command agent', () => {
  it('leaves no batch behind', async () => {
    await runOn(commandAgent(batches, node(SHOUT)), ['a']);
    const failing = commandAgent(batches, node('process.exit(1)'));
    await runOn(failing, ['a']).catch(() => {});
    expect(readdirSync(batches)).toEqual([]);
  });

  it('changes the fields that it writes and leaves the others alone', async () => {
    const agent = commandAgent(batches, node(SHOUT));
    await expect(runOn(agent, ['a', 'B', null])).resolves.toMatchObject({
      rowsAffected: 1,
      batch: {
        rows: [
          { id: '0', name: 'A' },
          { id: '1', name: 'B' },
          { id: '2', name: null },
        ],
      },
    });
  });

  it('exchanges batches in Arrow with what reads and writes Arrow', async () => {
    const agent = commandAgent(
      batches,
      node(
        `const arrow = require(${JSON.stringify(
          require.resolve('apache-arrow'),
        )});
         const { name } = arrow.tableFromIPC(fs.readFileSync(request.input))
           .toArray().reduce(
             (all, row) => ({ name: [...all.name, row.name] }), { name: [] });
         const lengths = name.map(text => text === null ? null : BigInt(text.length));
         const table = new arrow.Table({
           length: arrow.vectorFromArray(lengths, new arrow.Int64()),
         });
         fs.writeFileSync(request.output, arrow.tableToIPC(table, 'file'));`,
      ),
      { format: 'arrow', writes: [{ name: 'length', type: 'bigint' }] },
    );
    const { batch } = await runOn(agent, ['Amélie', null, '']);
    expect(batch.rows.map(row => row.length)).toEqual(['6', null, '0']);
  });

  it('G11: gets the fields that it reads, the payload, and nothing else', async () => {
    expect(await told('fs.readFileSync(request.input)')).toBe('{"name":"a"}\n');
    expect(
      JSON.parse((await told('JSON.stringify(request)')) as string),
    ).toEqual({
      protocol: 1,
      agent: 'shout',
      payload: { field: 'name' },
      format: 'ndjson',
      input: 'input.ndjson',
      output: 'output.ndjson',
      rows: 1,
      reads: [{ name: 'name', type: 'text' }],
      writes: [{ name: 'name', type: 'text' }],
    });
  });

  it('G10: has no variable of its worker', async () => {
    process.env.SKEIN_TEST_SECRET = 'hush';
    const names = await told('Object.keys(process.env).sort()');
    delete process.env.SKEIN_TEST_SECRET;
    // PWD and the like are what the shell adds itself.
    expect(
      String(names)
        .split(',')
        .filter(name => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name)),
    ).toEqual(['HOME', 'LANG', 'PATH', 'TMPDIR', 'TZ']);
  });

  it('runs in a folder that is for nobody else, without an input', async () => {
    expect(await told('(fs.statSync(".").mode & 0o777).toString(8)')).toBe(
      '700',
    );
    expect(await told('process.cwd() === process.env.TMPDIR')).toBe('true');
    expect(await told('fs.readFileSync(0).length')).toBe('0');
  });

  it.each([
    ['process.exit(3)', 'ended with code 3'],
    ['process.kill(process.pid, "SIGSEGV")', 'crashed with SIGSEGV'],
    ['', 'ended without writing its output'],
    ['fs.mkdirSync(request.output)', 'ended without writing its output'],
    ['write([])', 'returned 0 rows for 2'],
    ['write([...read(), ...read()])', 'returned 4 rows for 2'],
    ['write(read().map(() => ({})))', "no field 'name' in line 1"],
    ['write(read().map(r => ({ ...r, x: 1 })))', 'more fields in line 1'],
    ['write(read().map(() => ({ name: 7 })))', "a number in the field 'name'"],
    ['write(read().map(() => [1]))', 'no JSON object in line 1'],
    ['fs.writeFileSync(request.output, "secret")', 'no JSON in line 1'],
    ['fs.writeFileSync(request.output, Buffer.of(255))', 'not UTF-8'],
  ])('G10: says of %s what is wrong, and no value', async (body, what) => {
    const agent = commandAgent(batches, node(body));
    const failure = await runOn(agent, ['secret', 'b']).catch(error => error);
    expect(failure).toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(what),
    });
    expect(failure.message).toContain("Agent 'shout'");
    expect(failure.message).not.toContain('secret');
  });

  it.each([
    ['process.exit(75)', 'asks to be tried again'],
    ['process.kill(process.pid, "SIGKILL")', 'ended by SIGKILL'],
  ])('is tried again after %s', async (body, what) => {
    const agent = commandAgent(batches, node(body));
    await expect(runOn(agent, ['a'])).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringContaining(what),
    });
  });

  it('is told to be missing by the key of the configuration', async () => {
    const agent = commandAgent(batches, ['skein-no-such-program']);
    await expect(runOn(agent, ['a'])).rejects.toMatchObject({
      name: 'NotFoundError',
      message: expect.stringContaining(
        'datasetMigrations.agents.commands[0].command',
      ),
    });
  });

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

  it('G11: says nothing of what its program said, unless it shall', async () => {
    const failing = node(`console.error('row of Ada'); process.exit(1)`);
    const logger = mockServices.logger.mock();
    const context = { logger };
    await runOn(commandAgent(batches, failing), ['a'], context).catch(() => {});
    expect(logger.warn).not.toHaveBeenCalled();
    const logMessages = true;
    await runOn(
      commandAgent(batches, failing, { logMessages }),
      ['a'],
      context,
    ).catch(() => {});
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('row of Ada'),
    );
  });

  it('plans new fields with the type that it declares', () => {
    const agent = commandAgent(batches, node(SHOUT), {
      writes: [
        { name: 'name', type: 'bigint' },
        { name: 'at', type: 'date' },
      ],
    });
    const given = [field('id'), field('name')];
    const target = (name: string) =>
      name === 'at' ? { ...field('at'), description: 'When' } : undefined;
    const payload = { field: 'name' };
    expect(agent.output(payload, given, target)).toEqual([
      field('id'),
      field('name', { kind: 'integer', bits: 64 }),
      { ...field('at', { kind: 'date' }), description: 'When' },
    ]);
    expect(agent.changes!(payload, given)).toEqual(['name']);
  });

  it('does not take links for its folder', async () => {
    writeFileSync(path.join(base, 'file'), '');
    const agent = commandAgent(path.join(base, 'file'), node(SHOUT));
    await expect(runOn(agent, ['a'])).rejects.toThrow(/EEXIST|tempDirectory/);
  });
});
