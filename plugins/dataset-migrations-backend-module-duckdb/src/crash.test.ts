import { ChildProcess, fork } from 'child_process';
import { once } from 'events';
import { mkdir, readFile, writeFile } from 'fs/promises';
import path from 'path';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { fileList, query } from './__testUtils__/independentReader';
import { filesBelow } from './__testUtils__/publishedFiles';
import { takeOver } from './__testUtils__/takeOver';
import {
  World,
  bigint,
  contract,
  field,
  locateOrFail,
  makeRun,
  makeWorld,
  mappingOf,
  usePool,
} from './__testUtils__/world';
import { WorkerTask } from './__testUtils__/worker';
import { resolveDataset } from './publishing/resolveDataset';

const ROWS = 300_000;

jest.setTimeout(180_000);

const pool = usePool();

/** Processes that are killed for good, not asked to stop. */
describe('G3: kill -9 of a worker', () => {
  let world: World;
  let folder: string;
  let run: EngineRun;
  const workers: ChildProcess[] = [];

  beforeEach(async () => {
    world = await makeWorld({ pool: pool(), chunkRows: 120_000 });
    folder = path.join(world.root, 'data');
    await mkdir(folder);
    await query(
      `COPY (SELECT i AS a FROM range(${ROWS}) t(i)) TO '${folder}/a.parquet' (FORMAT parquet, ROW_GROUP_SIZE 50000)`,
    );
    const from = contract('1.0.0', [field('a', bigint)], 'data', {
      format: 'parquet',
    });
    const to = contract(
      '2.0.0',
      [field('a', bigint), field('b', bigint)],
      'data',
      { format: 'parquet' },
    );
    const mapping = mappingOf(from, to, [
      {
        agent: 'derive-field',
        payload: { field: 'b', expression: 'a * 2' },
      },
    ]);
    const location = await locateOrFail(world.engine, from);
    run = makeRun(location, from, to, mapping);
  });

  afterEach(async () => {
    workers.splice(0).forEach(worker => worker.kill('SIGKILL'));
    await world.close();
  });

  /** Starts a worker process that stops, and resolves with what it says then. */
  async function work(
    stopAt: WorkerTask['stopAt'],
  ): Promise<{ worker: ChildProcess; says: string }> {
    const worker = fork(path.join(__dirname, '__testUtils__/worker.ts'), [], {
      execArgv: [
        '--require',
        require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      ],
    });
    workers.push(worker);
    const { signal, logger, agents, ...rest } = run;
    const task: WorkerTask = {
      settings: world.settings,
      run: rest,
      stopAt,
    };
    worker.send(task);
    return { worker, says: await hear(worker) };
  }

  /** The next word of a worker; the loader that reads TypeScript talks too. */
  async function hear(worker: ChildProcess): Promise<string> {
    for (;;) {
      const [says] = await once(worker, 'message');
      if (typeof says === 'string') {
        return says;
      }
    }
  }

  /** The worker of this process, which shares nothing with those, ends it. */
  const goOn = (fence: number) => takeOver(world.engine, { ...run, fence });

  async function assertSource(): Promise<void> {
    await expect(resolveDataset(folder)).resolves.toEqual({
      format: 'parquet',
      files: [path.join(folder, 'a.parquet')],
      partitionedBy: [],
    });
  }

  async function assertTarget(): Promise<void> {
    const { version, files } = await resolveDataset(folder);
    expect(version).toBe('2.0.0');
    await expect(
      query(
        `SELECT count(*) AS n, count(DISTINCT a) AS different, count(*) FILTER (WHERE b <> a * 2) AS wrong FROM read_parquet(${fileList(
          files,
        )})`,
      ),
    ).resolves.toEqual([
      { n: String(ROWS), different: String(ROWS), wrong: '0' },
    ]);
  }

  it.each([
    ['before part', 2, 'before'],
    ['after part', 2, 'before'],
    ['after sync', 1, 'before'],
    ['after rename', 3, 'before'],
    // Links: 1 is the fence, 2 the plan, 3 to 6 the chunks, 7 the manifest.
    ['before link', 2, 'before'],
    ['after link', 3, 'before'],
    ['before link', 7, 'before'],
    ['after link', 7, 'after'],
  ] as const)(
    '%s (%d): the next one ends it',
    async (step, occurrence, when) => {
      const { worker, says } = await work({ step, occurrence });
      expect(says).toBe('stopped');
      worker.kill('SIGKILL');
      await once(worker, 'exit');
      await (when === 'before' ? assertSource() : assertTarget());

      await goOn(2);
      await assertTarget();
    },
  );

  it.each([
    ['a part and its journal entry', 3],
    ['its last check and its manifest', 7],
  ])(
    'G4: a worker paused between %s changes nothing when it wakes up',
    async (_between, occurrence) => {
      const stopAt = { step: 'before link', occurrence };
      const { worker, says } = await work(stopAt);
      expect(says).toBe('stopped');
      worker.kill('SIGSTOP');
      await world.engine.fence({ ...run, fence: 2 });
      worker.kill('SIGCONT');
      worker.send('go on');
      await expect(hear(worker)).resolves.toContain('FencedError');
      await assertSource();
      await goOn(3);
      await assertTarget();
    },
  );

  it('takes the DuckDB process along, whatever it is doing', async () => {
    const { worker } = await work({ step: 'after part', occurrence: 1 });
    const children = await readFile(
      `/proc/${worker.pid}/task/${worker.pid}/children`,
      'utf8',
    );
    const [child, ...others] = children.trim().split(' ');
    expect(others).toEqual([]);
    worker.kill('SIGKILL');
    await once(worker, 'exit');
    // Gone, or dead and not yet reaped by whoever inherited it.
    const isDead = () =>
      readFile(`/proc/${child}/stat`, 'utf8').then(
        stat => /\) [ZX] /.test(stat),
        () => true,
      );
    while (!(await isDead())) {
      await new Promise(resolve => setImmediate(resolve));
    }
  });

  async function assertNothingLeft(): Promise<void> {
    const { files } = await resolveDataset(folder);
    const left = await filesBelow(path.join(folder, '_skein/versions'));
    expect(left.sort()).toEqual(files.sort());
    await assertTarget();
  }

  it('leaves no file that is not a version, from the cut over on', async () => {
    const stopAt = { step: 'after rename', occurrence: 2 };
    const { worker, says } = await work(stopAt);
    expect(says).toBe('stopped');
    worker.kill('SIGKILL');
    await once(worker, 'exit');
    await goOn(2);
    await assertNothingLeft();
    await world.engine.cleanUp({ ...run, fence: 3 });
    await assertNothingLeft();
  });

  it('G4: cleans up what was given up, and nothing of later tokens', async () => {
    await goOn(2);
    const versions = path.join(folder, '_skein/versions');
    // Neither has a journal, as that of one given up or cleaned up is gone.
    for (const name of ['given-up-2', 'of-a-later-worker-99']) {
      await mkdir(path.join(versions, '3.0.0', name), { recursive: true });
      await writeFile(path.join(versions, '3.0.0', name, 'part.parquet'), '');
    }
    await world.engine.cleanUp({ ...run, fence: 3 });
    const left = await filesBelow(path.join(versions, '3.0.0'));
    expect(left.map(file => path.relative(versions, file))).toEqual([
      '3.0.0/of-a-later-worker-99/part.parquet',
    ]);
  });

  it.each([
    // Folders: 1 and 2 are for manifests, 3 and 4 for the journal, 5 for parts.
    ['before folder', 5],
    // Its folder is gone when it writes.
    ['before part', 1],
    // Its part is gone when it is read back or named.
    ['before sync', 1],
    ['before rename', 2],
  ])(
    'G4: a worker that wakes up %s (%d) after the cut over takes its parts away',
    async (step, occurrence) => {
      const { worker, says } = await work({ step, occurrence });
      expect(says).toBe('stopped');
      worker.kill('SIGSTOP');
      await goOn(2);
      worker.kill('SIGCONT');
      worker.send('go on');
      await expect(hear(worker)).resolves.toContain('FencedError');
      await assertNothingLeft();
    },
  );
});
