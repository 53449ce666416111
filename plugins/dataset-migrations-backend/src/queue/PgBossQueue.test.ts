import { Knex } from 'knex';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connectionOf } from '../__testUtils__/connectionOf';
import { poll } from '../__testUtils__/poll';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { testQueue, workOptions } from './__testUtils__/testQueue';
import { DEAD_QUEUE, EARLIER_QUEUE, queueName } from './names';
import { PgBossQueue } from './PgBossQueue';
import { EnqueueOptions, JobHandler, JobPayload } from './types';

jest.setTimeout(120_000);

const migration = (migrationId: string): JobPayload => ({
  task: 'advance',
  migrationId,
  sequence: 0,
});

const delivery = (deliveryId: string): JobPayload => ({
  task: 'deliver',
  deliveryId,
});

const here: EnqueueOptions = { key: 'a', engine: 'memory' };

describe('PgBossQueue', () => {
  const database = useTestDatabase();
  let knex: Knex;
  let queues: PgBossQueue[];

  beforeEach(async () => {
    knex = database();
    queues = [];
  });

  afterEach(async () => {
    await Promise.all(queues.map(queue => queue.stop()));
  });

  async function start(
    overrides?: Parameters<typeof testQueue>[1],
  ): Promise<PgBossQueue> {
    const queue = testQueue(knex, { shutdownSeconds: 5, ...overrides });
    queues.push(queue);
    await queue.start();
    return queue;
  }

  function enqueue(
    queue: PgBossQueue,
    payload: JobPayload,
    options: Partial<EnqueueOptions> = {},
  ) {
    return knex.transaction(trx =>
      queue.enqueue(trx, payload, { ...here, ...options }),
    );
  }

  it('lets jobs with some keys wait longer, and none less long', async () => {
    const queue = await start();
    const deliver = (key: string, startAfterSeconds?: number) =>
      enqueue(queue, delivery(key), { key, startAfterSeconds });
    await deliver('a');
    await deliver('b');
    await deliver('a', 7200);
    await knex.transaction(trx =>
      queue.postpone(trx, { task: 'deliver', keys: ['a', 'c'], seconds: 3600 }),
    );
    expect(await queue.stats()).toMatchObject({ depth: 3, eligibleBacklog: 1 });
    const rows = await knex
      .withSchema('dataset_migrations_boss')
      .from('job')
      .where({ singleton_key: 'a' })
      .orderBy('start_after')
      .select(
        knex.raw(
          'round(extract(epoch FROM start_after - now()) / 3600)::int AS hours',
        ),
      );
    expect(rows).toEqual([{ hours: 1 }, { hours: 2 }]);
  });

  it('creates a job exactly if the transaction commits', async () => {
    const queue = await start();
    await expect(
      knex.transaction(async trx => {
        await queue.enqueue(trx, migration('lost'), here);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await queue.stats()).toMatchObject({ depth: 0 });

    await enqueue(queue, migration('kept'));
    expect(await queue.stats()).toMatchObject({
      depth: 1,
      eligibleBacklog: 1,
      running: 0,
    });
    expect(await queue.keysWithoutJob(['a', 'b'])).toEqual(['b']);

    const ran: JobPayload[] = [];
    await queue.work(async payload => void ran.push(payload), {
      ...workOptions,
      slots: 1,
    });
    await poll('the job', () => ran.length === 1);
    expect(ran).toEqual([migration('kept')]);
  });

  it('starts where a later release has raised the version of its tables', async () => {
    await (await start()).stop();
    const versions = () =>
      knex.withSchema('dataset_migrations_boss').from('version');
    await versions().increment('version');
    try {
      const [{ version }] = await versions();

      const queue = await start();
      await enqueue(queue, migration('1'));
      const ran: JobPayload[] = [];
      await queue.work(async payload => void ran.push(payload), workOptions);
      await poll('the job', () => ran.length === 1);
      expect(await versions()).toMatchObject([{ version }]);
    } finally {
      await versions().decrement('version');
    }
  });

  it('keeps ended jobs for as long as is set, in queues that are there already, too', async () => {
    const table = (name: string) =>
      knex.withSchema('dataset_migrations_boss').from(name);
    const used = [queueName('advance', 'memory'), EARLIER_QUEUE, DEAD_QUEUE];
    const keeps = async (of: string) =>
      table(of)
        .whereIn('name', used)
        .distinct('deletion_seconds')
        .pluck('deletion_seconds');

    await enqueue(await start({ deleteAfterSeconds: 60 }), migration('1'));
    expect(await keeps('queue')).toEqual([60]);
    expect(await keeps('job')).toEqual([60]);

    const changed = await start({ deleteAfterSeconds: 90 });
    await table('job').delete();
    await enqueue(changed, migration('2'));
    expect(await keeps('queue')).toEqual([90]);
    expect(await keeps('job')).toEqual([90]);
  });

  it('keeps a connection of the caller usable after an enqueue that failed', async () => {
    const queue = await start();
    await expect(
      knex.transaction(async trx => {
        await queue.enqueue(trx, migration('x'), here);
        await trx.raw('SELECT 1 / 0');
      }),
    ).rejects.toThrow('division by zero');
    for (let i = 0; i < 20; i++) {
      await knex.raw('SELECT 1');
    }
    await enqueue(queue, migration('y'));
    expect(await queue.stats()).toMatchObject({ depth: 1 });
  });

  it('wakes a worker of another process by notification', async () => {
    // A poll so slow that only the notification can be what wakes it.
    const worker = await start({ pollSeconds: 600 });
    const ran: JobPayload[] = [];
    await worker.work(async payload => void ran.push(payload), {
      ...workOptions,
      slots: 1,
    });
    const client = await start();
    await enqueue(client, migration('1'));
    await poll('the job', () => ran.length === 1);
    expect(ran).toEqual([migration('1')]);
  });

  it('finds a job by its poll of which no notification told', async () => {
    const queue = await start();
    const ran: JobPayload[] = [];
    await queue.work(async payload => void ran.push(payload), {
      ...workOptions,
      slots: 1,
    });
    await enqueue(queue, migration('1'), { startAfterSeconds: 1 });
    await poll('the job', () => ran.length === 1);
    expect(ran).toEqual([migration('1')]);
  });

  it('makes deliveries in the process that enqueued them, or in one whose poll found them', async () => {
    const worker = await start({ pollSeconds: 600 });
    const made: string[] = [];
    const note: JobHandler = async payload => {
      made.push((payload as { deliveryId: string }).deliveryId);
    };
    await worker.work(note, workOptions);
    await enqueue(worker, delivery('own'), { key: 'a' });
    await poll('its own', () => made.length === 1);

    const portal = await start();
    await enqueue(portal, delivery('of the portal'), { key: 'b' });
    const other = await start();
    await other.work(note, workOptions);
    await enqueue(portal, delivery('another of the portal'), { key: 'c' });
    await poll('those of the portal', () => made.length === 3);
    expect(made[0]).toBe('own');
  });

  it('runs one job of a key at a time, and other keys beside it', async () => {
    const queue = await start();
    const running = new Map<string, number>();
    let overlaps = 0;
    let most = 0;
    let done = 0;
    await queue.work(
      async payload => {
        const key = (payload as { migrationId: string }).migrationId;
        running.set(key, (running.get(key) ?? 0) + 1);
        overlaps += running.get(key)! > 1 ? 1 : 0;
        const sum = [...running.values()].reduce((a, b) => a + b);
        most = Math.max(most, sum);
        await poll('a job of another key', () => most > 1);
        await knex.raw('SELECT pg_sleep(0.02)');
        running.set(key, running.get(key)! - 1);
        done += 1;
      },
      { ...workOptions, slots: 4 },
    );
    await knex.transaction(async trx => {
      for (let i = 0; i < 40; i++) {
        const key = `k${i % 4}`;
        await queue.enqueue(trx, migration(key), { ...here, key });
      }
    });
    await poll('all jobs', () => done === 40);
    expect(overlaps).toBe(0);
  });

  it('retries with backoff, then hands the job to the dead letters once', async () => {
    const queue = await start();
    const runs: number[] = [];
    const dead: Array<[JobPayload, string]> = [];
    await queue.onDead(async (payload, error) => {
      dead.push([payload, error]);
    });
    await queue.work(
      async (_, { retryCount }) => {
        runs.push(retryCount);
        throw new Error(`failed run ${retryCount}`);
      },
      { ...workOptions, slots: 1 },
    );
    await enqueue(queue, migration('doomed'));
    await poll('the dead letter', () => dead.length > 0);
    expect(runs).toEqual([0, 1, 2]);
    expect(dead).toEqual([[migration('doomed'), 'failed run 2']]);
    expect(await queue.stats()).toMatchObject({ depth: 0, failed: 1 });
  });

  it('G10: keeps of a failure what it was, and nothing that the error carries', async () => {
    const queue = await start();
    await queue.work(
      async () => {
        throw Object.assign(
          new TypeError('no way to postgres://skein:hunter2@db/warehouse', {
            cause: new Error('hunter2'),
          }),
          { config: { auth: 'hunter2' } },
        );
      },
      { ...workOptions, slots: 1 },
    );
    await enqueue(queue, migration('doomed'));
    const kept = await poll('the failure', () =>
      knex
        .withSchema('dataset_migrations_boss')
        .from('job')
        .whereNotNull('output')
        .first(),
    );
    expect(kept.output).toEqual({
      name: 'TypeError',
      message: 'no way to postgres://***@db/warehouse',
    });
  });

  it('hands the job of a worker that hangs to the dead letters', async () => {
    const none = { limit: 0, delay: 1, maxDelay: 1 };
    const queue = await start({
      retries: { advance: none, preflight: none, deliver: none },
    });
    const dead: string[] = [];
    await queue.onDead(async (_, error) => void dead.push(error));
    let held = false;
    await queue.work(
      async (_, { signal }) => {
        held = true;
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        });
      },
      { ...workOptions, slots: 1 },
    );
    await enqueue(queue, migration('stuck'));
    await poll('the job', () => held);
    await poll('the dead letter', async () => {
      // As if it had given no sign of life for long.
      await knex
        .withSchema('dataset_migrations_boss')
        .from('job')
        .where({ state: 'active', name: queueName('advance', 'memory') })
        .update({ heartbeat_on: new Date(0) });
      return dead.length > 0;
    });
    expect(dead).toEqual(['job heartbeat timeout']);
  });

  it('passes a job on to its successor in one commit', async () => {
    const queue = await start();
    const runs: string[] = [];
    await queue.work(
      async (payload, context) => {
        const step = Number((payload as { migrationId: string }).migrationId);
        runs.push(`${step}/${context.retryCount}`);
        await knex.transaction(async trx => {
          await queue.enqueue(trx, migration(String(step + 1)), {
            ...here,
            startAfterSeconds: step === 3 ? 3600 : undefined,
          });
          await context.complete(trx);
        });
        // What happens after the commit costs nothing any more.
        throw new Error('crashed');
      },
      { ...workOptions, slots: 1 },
    );
    await enqueue(queue, migration('1'));
    await poll('the last successor', async () => {
      const { depth, eligibleBacklog } = await queue.stats();
      return runs.length === 3 && depth === 1 && eligibleBacklog === 0;
    });
    expect(runs).toEqual(['1/0', '2/0', '3/0']);
  });

  it('ends a job whose handler bore that the end of its own did not commit', async () => {
    const queue = await start();
    let runs = 0;
    await queue.work(
      async (_, { complete }) => {
        runs += 1;
        await knex
          .transaction(async trx => {
            await complete(trx);
            throw new Error('superseded');
          })
          .catch(() => {});
      },
      { ...workOptions, slots: 1 },
    );
    await enqueue(queue, migration('1'));
    const job = () =>
      knex.withSchema('dataset_migrations_boss').from('job').first();
    await poll('its end', async () => (await job()).state === 'completed');
    expect({ runs, retries: (await job()).retry_count }).toEqual({
      runs: 1,
      retries: 0,
    });
  });

  it('G4: does not let a worker end a job that was given to another', async () => {
    const queue = await start();
    let runs = 0;
    let committed = 0;
    let lost = 0;
    await queue.work(
      async (_, context) => {
        runs += 1;
        if (runs === 1) {
          // What the supervisor does to the job of a worker that looks dead.
          await knex
            .withSchema('dataset_migrations_boss')
            .from('job')
            .where({ id: context.jobId })
            .update({ state: 'retry', start_after: knex.fn.now() });
        }
        await knex
          .transaction(async trx => {
            await context.complete(trx);
          })
          .then(
            () => {
              committed += 1;
            },
            error => {
              lost += 1;
              throw error;
            },
          );
      },
      { ...workOptions, slots: 1 },
    );
    await enqueue(queue, migration('1'));
    await poll('the second run', () => committed === 1);
    expect({ runs, committed, lost }).toEqual({
      runs: 2,
      committed: 1,
      lost: 1,
    });
  });

  it('gives jobs back on shutdown without using up a retry', async () => {
    const first = await start();
    const started: string[] = [];
    await first.work(
      async (_, { signal }) => {
        started.push('first');
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        });
      },
      { ...workOptions, slots: 1 },
    );
    await enqueue(first, migration('1'));
    await poll('the first run', () => started.length === 1);

    const second = await start();
    const runs: number[] = [];
    await second.work(async (_, { retryCount }) => void runs.push(retryCount), {
      ...workOptions,
      slots: 1,
    });
    await first.stop();
    await poll('the second run', () => runs.length === 1);
    expect(runs).toEqual([0]);
    await poll('an empty queue', async () => {
      const { depth, running, failed } = await second.stats();
      return depth + running + failed === 0;
    });
  });

  it('G3: runs the job of a killed worker again, and no other of its dataset before', async () => {
    const queue = await start();
    const child = spawn(
      process.execPath,
      [
        '--require',
        require.resolve('@backstage/cli/config/nodeTransform.cjs'),
        require.resolve('./__testUtils__/jobHolder.ts'),
        JSON.stringify(connectionOf(knex)),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const runs: string[] = [];
    try {
      await enqueue(queue, migration('held'));
      const [output] = await Promise.race([
        once(child.stdout, 'data'),
        once(child, 'exit'),
      ]);
      const [, held] = /^holds (.*)\n$/.exec(String(output))!;
      expect(JSON.parse(held)).toEqual(migration('held'));

      await enqueue(queue, migration('next'));
      await enqueue(queue, migration('other'), { key: 'b' });
      await queue.work(
        async (payload, { retryCount }) => {
          const { migrationId } = payload as { migrationId: string };
          runs.push(`${migrationId}, retry ${retryCount}`);
        },
        { ...workOptions, slots: 1 },
      );
      await poll('a job of another dataset', () => runs.length === 1);
      expect(runs).toEqual(['other, retry 0']);
    } finally {
      child.kill('SIGKILL');
    }
    await poll('the runs after the kill', () => runs.length === 3);
    expect(runs.slice(1).sort()).toEqual(['held, retry 1', 'next, retry 0']);
  });

  it('takes no job of an engine that this process does not reach', async () => {
    const queue = await start();
    let reached = ['memory'];
    const ran: JobPayload[] = [];
    await queue.work(async payload => void ran.push(payload), {
      ...workOptions,
      engines: () => reached,
    });
    await enqueue(queue, migration('far'), { key: 'far', engine: 'files' });
    await enqueue(queue, migration('near'), { key: 'near' });
    await poll('the near one', () => ran.length === 1);
    expect(await queue.stats()).toMatchObject({ depth: 1, eligibleBacklog: 1 });
    const without = await poll('its end', async () => {
      const keys = await queue.keysWithoutJob(['far', 'near']);
      return keys.length > 0 && keys;
    });
    expect(without).toEqual(['near']);

    reached = ['memory', 'files'];
    await poll('the far one', () => ran.length === 2);
    expect(ran).toEqual([migration('near'), migration('far')]);
  });

  it('refuses a job on data that names no engine', async () => {
    const queue = await start();
    await expect(
      enqueue(queue, migration('1'), { engine: undefined }),
    ).rejects.toThrow(`needs the id of an engine`);
    await expect(
      enqueue(queue, migration('1'), { engine: `a'; DROP` }),
    ).rejects.toThrow(`not 'a'; DROP'`);
  });

  it('shares its slots among engines, within what each may have', async () => {
    const queue = await start({ engineSlots: { files: 1, none: 0 } });
    const running: string[] = [];
    const most = { all: 0, files: 0, none: 0 };
    let done = 0;
    await queue.work(
      async payload => {
        const { migrationId: engine } = payload as { migrationId: string };
        running.push(engine);
        const of = (one: string) => running.filter(each => each === one).length;
        most.all = Math.max(most.all, running.length);
        most.files = Math.max(most.files, of('files'));
        most.none = Math.max(most.none, of('none'));
        await poll('three jobs at a time', () => most.all === 3);
        await knex.raw('SELECT pg_sleep(0.02)');
        running.splice(running.indexOf(engine), 1);
        done += 1;
      },
      { ...workOptions, slots: 3, engines: () => ['memory', 'files', 'none'] },
    );
    await knex.transaction(async trx => {
      for (const engine of ['none', 'files', 'memory']) {
        for (const n of [1, 2, 3, 4]) {
          const key = `${engine} ${n}`;
          await queue.enqueue(trx, migration(engine), { key, engine });
        }
      }
    });
    await poll('all that may run', () => done === 8);
    expect(most).toEqual({ all: 3, files: 1, none: 0 });
    expect(await queue.stats()).toMatchObject({ depth: 4 });
  });

  it('delivers while migrations have all slots', async () => {
    const queue = await start();
    const delivered: JobPayload[] = [];
    await queue.work(
      async (payload, { signal }) => {
        if (payload.task === 'deliver') {
          delivered.push(payload);
          return;
        }
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        });
      },
      { ...workOptions, slots: 1 },
    );
    await enqueue(queue, migration('1'));
    await poll(
      'the migration',
      async () => (await queue.stats()).running === 1,
    );
    await enqueue(queue, delivery('1'), { key: 'd', engine: undefined });
    await poll('the delivery', () => delivered.length === 1);
    expect(delivered).toEqual([delivery('1')]);
  });

  it('runs an urgent job before those that have waited longer', async () => {
    const queue = await start();
    await enqueue(queue, migration('campaign 1'), { key: '1' });
    await enqueue(queue, migration('campaign 2'), { key: '2' });
    await enqueue(queue, migration('single'), { key: '3', priority: 10 });
    const ran: string[] = [];
    await queue.work(
      async payload => {
        ran.push((payload as { migrationId: string }).migrationId);
      },
      { ...workOptions, slots: 1 },
    );
    await poll('all of them', () => ran.length === 3);
    expect(ran).toEqual(['single', 'campaign 1', 'campaign 2']);
  });

  describe('beside an earlier release, which has one queue for everything', () => {
    async function enqueueEarlier(payload: object) {
      await knex.withSchema('dataset_migrations_boss').from('job').insert({
        name: EARLIER_QUEUE,
        data: payload,
        singleton_key: 'a',
        policy: 'singleton',
        priority: 5,
      });
    }

    it('passes its jobs on to the queue of their engine', async () => {
      const queue = await start();
      await enqueueEarlier(migration('files'));
      const ran: JobPayload[] = [];
      await queue.work(async payload => void ran.push(payload), {
        ...workOptions,
        engineOf: async () => 'files',
      });
      const waiting = await poll('the job in its queue', async () =>
        knex
          .withSchema('dataset_migrations_boss')
          .from('job')
          .where({ name: queueName('advance', 'files') })
          .first(),
      );
      expect(waiting).toMatchObject({
        state: 'created',
        data: migration('files'),
        singleton_key: 'a',
        priority: 5,
      });
      expect(await queue.stats()).toMatchObject({ depth: 1 });
      expect(ran).toEqual([]);
    });

    it('runs those that are about nothing that is there', async () => {
      const queue = await start();
      await enqueueEarlier(migration('gone'));
      const ran: JobPayload[] = [];
      await queue.work(async payload => void ran.push(payload), workOptions);
      await poll('the job', () => ran.length === 1);
      expect(ran).toEqual([migration('gone')]);
    });

    it('leaves a job of a task that it does not know to a later one', async () => {
      const queue = await start();
      const future = { task: 'teleport', to: 'the moon' };
      await enqueueEarlier(future);
      const ran: unknown[] = [];
      await queue.work(async payload => void ran.push(payload), workOptions);
      await queue.onDead(async payload => void ran.push(payload));
      const put = await poll('it to be put back', async () =>
        knex
          .withSchema('dataset_migrations_boss')
          .from('job')
          .where({ name: EARLIER_QUEUE, state: 'created' })
          .where('start_after', '>', knex.fn.now())
          .first(),
      );
      expect(put).toMatchObject({ data: future, retry_count: 0 });
      expect(ran).toEqual([]);
    });
  });

  it('goes on after PostgreSQL has cut all its connections', async () => {
    const queue = await start();
    const runs: JobPayload[] = [];
    await queue.work(async payload => void runs.push(payload), workOptions);
    await enqueue(queue, migration('1'));
    await poll('the first job', () => runs.length === 1);
    await knex.raw(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'dataset-migrations-queue'`,
    );
    await enqueue(queue, migration('2'));
    await poll('the second job', () => runs.length === 2);
    expect(runs).toEqual([migration('1'), migration('2')]);
  });
});
