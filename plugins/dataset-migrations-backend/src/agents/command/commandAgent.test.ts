import { readdirSync } from 'node:fs';
import path from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
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
});
