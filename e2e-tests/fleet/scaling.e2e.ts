import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
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

  it('with KEDA asks what waits and what runs', async () => {
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
    const answers = async () => [
      await ask('eligible-backlog'),
      await ask('running-jobs'),
    ];
    assert.deepEqual(await answers(), [0, 0]);

    let release = () => {};
    const released = new Promise<void>(resolve => (release = resolve));
    await queue.work(() => released, { slots: 2, ...workOptions });
    await knex.transaction(trx =>
      queue.enqueueAll(
        trx,
        ['a', 'b', 'c'].map(key => ({
          payload: { task: 'advance', migrationId: key, sequence: 0 },
          key,
          engine: ENGINE,
        })),
      ),
    );
    await eventually('two jobs run, one waits', async () => {
      const [waiting, running] = await answers();
      return waiting === 1 && running === 2;
    });
    release();
    await eventually('all of them are over', async () => {
      const [waiting, running] = await answers();
      return waiting + running === 0;
    });
  });
});
