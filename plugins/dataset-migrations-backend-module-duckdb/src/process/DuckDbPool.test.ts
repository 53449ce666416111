import { execFile } from 'child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'fs/promises';
import { tmpdir } from 'os';
import path from 'path';
import { promisify } from 'util';
import { DuckDbPool } from './DuckDbPool';
import { QueryError } from './QueryError';
import { Session } from './Session';

// Processes are started, and the machine may be busy.
jest.setTimeout(60_000);

describe('DuckDbPool', () => {
  let base: string;
  /** For what no statement can spoil. */
  let lasting: DuckDbPool;
  let pool: DuckDbPool;
  const calm = new AbortController().signal;

  const makePool = (temp: string) =>
    new DuckDbPool({
      memoryLimit: '256MB',
      threads: 2,
      processes: 1,
      tempDirectory: path.join(base, temp),
    });

  beforeAll(async () => {
    base = await mkdtemp(path.join(tmpdir(), 'skein-pool-'));
    for (const name of ['ours', 'theirs']) {
      await mkdir(path.join(base, name));
      await writeFile(path.join(base, name, 'a.csv'), 'a\n1\n');
    }
    lasting = makePool('lasting');
  });

  afterAll(async () => {
    await lasting.close();
    await rm(base, { recursive: true });
  });

  beforeEach(() => {
    pool = makePool('temp');
  });

  afterEach(() => pool.close());

  const run = (sql: string, folder = 'ours') =>
    pool.withSession(path.join(base, folder), calm, ({ query }) => query(sql));

  it('reaches the folder of its dataset, by process after process', async () => {
    const count = (folder: string) =>
      `SELECT count(*) AS n FROM read_csv('${base}/${folder}/a.csv')`;
    await expect(run(count('ours'))).resolves.toEqual([{ n: '1' }]);
    await expect(run(count('theirs'), 'theirs')).resolves.toEqual([{ n: '1' }]);
    await expect(run(count('ours'), 'theirs')).rejects.toThrow(/Permission/);
  });

  it.each([
    `SELECT * FROM read_text('/etc/passwd')`,
    `SELECT * FROM read_csv('../theirs/a.csv')`,
    `COPY (SELECT 1) TO '/tmp/skein-escape.csv'`,
    `ATTACH '/tmp/skein-escape.db'`,
    `INSTALL httpfs`,
    `LOAD httpfs`,
    `SELECT * FROM read_csv('https://169.254.169.254/')`,
    `SET enable_external_access = true`,
    `SET allowed_directories = ['/']`,
    `SET memory_limit = '64GB'`,
    `SELECT getenv('PATH')`,
    `SELECT * FROM glob('/etc/*')`,
    `SELECT * FROM read_parquet('s3://bucket/a.parquet')`,
    `COPY (SELECT 1) TO '../theirs/b.csv'`,
    `EXPORT DATABASE '/tmp/skein-escape'`,
    `PRAGMA temp_directory = '/tmp'`,
    `PRAGMA disable_object_cache; RESET allowed_directories`,
    `RESET lock_configuration`,
    `SET GLOBAL TimeZone = 'CET'`,
    `SET SESSION disabled_optimizers = ''`,
  ])('G11: gets nowhere by %s', async sql => {
    const ours = path.join(base, 'ours');
    await expect(
      lasting.withSession(ours, calm, ({ query }) => query(sql)),
    ).rejects.toBeInstanceOf(QueryError);
    await lasting.withSession(
      ours,
      calm,
      async ({ query, lanes }) => {
        const all = Array.from({ length: lanes }, () => query(sql));
        for (const outcome of await Promise.allSettled(all)) {
          expect(outcome).toMatchObject({ reason: expect.any(QueryError) });
        }
      },
      'lanes',
    );
  });

  it('runs statements side by side, each in the time zone of all', async () => {
    const zone = `SELECT current_setting('TimeZone') AS zone, count(*) AS n FROM range(100000)`;
    await pool.withSession(
      path.join(base, 'ours'),
      calm,
      async ({ query, lanes }) => {
        expect(lanes).toBe(2);
        const both = await Promise.all([query(zone), query(zone)]);
        expect(both.flat()).toEqual([
          { zone: 'UTC', n: '100000' },
          { zone: 'UTC', n: '100000' },
        ]);
      },
      'lanes',
    );
  });

  it('stops a query when it is cancelled, and goes on with the next', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const endless = pool.withSession(
      path.join(base, 'ours'),
      controller.signal,
      ({ query }) => {
        const running = query(
          'SELECT sum(a.i * b.i) FROM range(10000000) a(i), range(10000000) b(i)',
        );
        controller.abort(reason);
        return running;
      },
    );
    await expect(endless).rejects.toBe(reason);
    await expect(run('SELECT 1 AS x')).resolves.toEqual([{ x: 1 }]);
  });

  it('kills a process that does not listen', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const deaf = pool.withSession(
      path.join(base, 'ours'),
      controller.signal,
      async ({ query, pid }) => {
        process.kill(pid, 'SIGSTOP');
        const running = query('SELECT 1');
        controller.abort(reason);
        return running;
      },
    );
    await expect(deaf).rejects.toBe(reason);
    await expect(run('SELECT 1 AS x')).resolves.toEqual([{ x: 1 }]);
  });

  it('outlives the death of a process', async () => {
    await expect(
      pool.withSession(path.join(base, 'ours'), calm, async session => {
        process.kill(session.pid, 'SIGKILL');
        return session.query('SELECT 1');
      }),
    ).rejects.toThrow(/SIGKILL/);
    await expect(run('SELECT 1 AS x')).resolves.toEqual([{ x: 1 }]);
  });

  it('has one process for all who look at metadata, and stops what one of them gave up', async () => {
    await pool.close();
    pool = new DuckDbPool({
      memoryLimit: '256MB',
      threads: 2,
      processes: 2,
      tempDirectory: path.join(base, 'temp'),
    });
    const ours = path.join(base, 'ours');
    const reason = new Error('enough');
    const controller = new AbortController();
    const look = <T>(
      signal: AbortSignal,
      work: (session: Session) => Promise<T>,
    ) => pool.withSession(ours, signal, work, 'metadata');
    const long = (rows: string) =>
      `SELECT sum(a.i * b.i)::VARCHAR AS s FROM range(${rows}) a(i), range(${rows}) b(i)`;

    const begun = new Map<string, number>();
    const first = look(controller.signal, async ({ query, pid }) => {
      begun.set('first', pid);
      return query(long('10000000'));
    });
    const second = look(calm, async ({ query, pid }) => {
      begun.set('second', pid);
      const running = query(long('20000'));
      controller.abort(reason);
      return running;
    });
    await expect(first).rejects.toBe(reason);
    await expect(second).resolves.toEqual([{ s: '39996000100000000' }]);
    expect(new Set(begun.values()).size).toBe(1);

    // Who comes after it died gets another one.
    await expect(
      look(calm, async ({ query, pid }) => {
        process.kill(pid, 'SIGKILL');
        return query('SELECT 1');
      }),
    ).rejects.toThrow(/SIGKILL/);
    await expect(
      look(calm, ({ query }) => query('SELECT 1 AS x')),
    ).resolves.toEqual([{ x: 1 }]);
  });

  it('lets who waits give up', async () => {
    const reason = new Error('tired');
    const controller = new AbortController();
    await pool.withSession(path.join(base, 'ours'), calm, async () => {
      const second = pool.withSession(
        path.join(base, 'ours'),
        controller.signal,
        async () => 'never',
      );
      controller.abort(reason);
      await expect(second).rejects.toBe(reason);
    });
    await expect(run('SELECT 1 AS x')).resolves.toEqual([{ x: 1 }]);
  });

  it('knows nothing of the secrets of the worker', async () => {
    process.env.SKEIN_TEST_SECRET = 'hush';
    const environment = await pool.withSession(
      path.join(base, 'ours'),
      calm,
      ({ pid }) => readFile(`/proc/${pid}/environ`, 'utf8'),
    );
    delete process.env.SKEIN_TEST_SECRET;
    expect(environment).not.toContain('hush');
  });

  it('keeps its worker alive while a process is at work, and not longer', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--require',
      require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      path.join(__dirname, '../__testUtils__/twoFolders.ts'),
      path.join(base, 'temp'),
      path.join(base, 'ours'),
      path.join(base, 'theirs'),
    ]);
    expect(stdout).toBe('done');
  });

  it('leaves no temporary folder behind', async () => {
    await run('SELECT 1');
    await pool.close();
    await expect(readdir(path.join(base, 'temp'))).resolves.toEqual([]);
  });
});
