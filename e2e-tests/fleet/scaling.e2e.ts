import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import {
  hasten,
  readAutoscaler,
} from '../../scripts/fleet-simulation/autoscaler.mjs';
import {
  Connection,
  ENGINE,
  makeTables,
  openQueue,
  workOptions,
} from '../../scripts/fleet-simulation/queue';
import { simulate } from '../../scripts/fleet-simulation/simulate';
import { eventually } from '../../scripts/lib/eventually';
import { stopEverything } from '../../scripts/lib/lifetime.mjs';
import { ROOT, STATE } from '../../scripts/lib/paths.mjs';
import { startPostgres } from '../../scripts/lib/postgres.mjs';

const manifestIn = (file: string) =>
  parse(readFileSync(join(ROOT, 'deploy/kubernetes/components', file), 'utf8'));

describe('the scaling of the fleet', () => {
  const dataDir = join(STATE, 'worlds', `scaling-${process.pid}`);
  let connection: Connection;
  let opened: Awaited<ReturnType<typeof openQueue>> | undefined;

  before(async () => {
    const postgres = await startPostgres({ dataDir });
    const { host, port, user, password, database } = postgres;
    connection = { host, port, user, password, database };
  });

  after(async () => {
    await opened?.queue.stop();
    await opened?.knex.destroy();
    await stopEverything();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('rises and falls with the backlog; no job is lost or done twice, though a worker is killed', async () => {
    const report = await simulate({
      connection,
      autoscaler: hasten(
        {
          ...readAutoscaler(manifestIn('hpa/horizontal-pod-autoscaler.yaml')),
          maxReplicas: 4,
          averageValue: 20,
        },
        60,
      ),
      load: {
        burst: 600,
        stream: { jobsPerSecond: 10, seconds: 4 },
        killBurst: { jobs: 200, kill: 1, whenReady: 2 },
      },
      slots: 2,
      jobMilliseconds: 200,
      everySeconds: 1,
      deadlineSeconds: 300,
      log: () => {},
    });
    assert.deepEqual(report.failures, []);
  });

  it('with KEDA asks what waits and what runs, and no more workers for deliveries that hang', async () => {
    const { triggers } = manifestIn('keda/scaled-object.yaml').spec;
    await makeTables(connection);
    opened = await openQueue(connection, 2);
    const { knex, queue } = opened;
    const ask = async (trigger: string) => {
      const { query } = triggers.find(
        ({ name }: { name: string }) => name === trigger,
      ).metadata;
      const [row] = (await knex.raw(query)).rows;
      return Number(Object.values(row));
    };
    const toAnswer = (
      what: string,
      expected: { waiting: number; migrating: number; anything: number },
    ) =>
      eventually(what, async () =>
        isDeepStrictEqual(
          {
            waiting: await ask('eligible-backlog'),
            migrating: await ask('running-migrations'),
            anything: await ask('anything-running'),
          },
          expected,
        ),
      );
    await toAnswer('nothing runs', { waiting: 0, migrating: 0, anything: 0 });

    const migrations = gate();
    const receivers = gate();
    await queue.work(
      ({ task }) => (task === 'deliver' ? receivers.opened : migrations.opened),
      { slots: 2, ...workOptions },
    );
    await knex.transaction(trx =>
      queue.enqueueAll(trx, [
        ...['a', 'b', 'c'].map(key => ({
          payload: { task: 'advance' as const, migrationId: key, sequence: 0 },
          key,
          engine: ENGINE,
        })),
        ...['x', 'y', 'z'].map(key => ({
          payload: { task: 'deliver' as const, deliveryId: key },
          key,
        })),
      ]),
    );
    await toAnswer('two migrations run beside all deliveries, one waits', {
      waiting: 1,
      migrating: 2,
      anything: 1,
    });
    migrations.open();
    await toAnswer('the deliveries hang', {
      waiting: 0,
      migrating: 0,
      anything: 1,
    });
    receivers.open();
    await toAnswer('all is over', { waiting: 0, migrating: 0, anything: 0 });
  });
});

/** What jobs wait at until it is opened. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>(resolve => (open = resolve));
  return { opened, open };
}
