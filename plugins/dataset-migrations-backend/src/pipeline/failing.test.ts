import { amelia } from '../__testUtils__/controlPlane';
import { contract } from '../__testUtils__/MemoryEngine';
import { usePipeline } from '../__testUtils__/usePipeline';

jest.setTimeout(120_000);

describe('failures', () => {
  const given = usePipeline();

  it('G10: fails on what the scan finds, and keeps no value of a row', async () => {
    const w = await given.worker();
    given.world.engine.findings = [
      {
        kind: 'cast-fails',
        field: 'delay',
        rows: 2,
        message: "Values of 'delay' cannot be cast to integer",
        samples: ['abc', 'secret'],
      },
    ];
    const { id } = await w.start();
    const failed = await w.reaches(id, 'failed');
    expect(failed).toMatchObject({
      error: {
        name: 'InputError',
        message:
          "Values of 'delay' cannot be cast to integer (2 rows, field 'delay')",
        stage: 'validate',
      },
      actions: ['retry', 'cancel'],
    });
    expect(JSON.stringify(await given.knex('migrations'))).not.toContain(
      'secret',
    );
    expect(JSON.stringify(await given.knex('migration_events'))).not.toContain(
      'secret',
    );

    given.world.engine.findings = [];
    await w.migrations.retry(id, amelia);
    const done = await w.reaches(id, 'succeeded');
    expect(done.stages[1]).toMatchObject({ stage: 'validate', attempts: 2 });
  });

  it('goes on where the scan finds rows that will be set aside, and says so', async () => {
    const w = await given.worker();
    given.world.engine.findings = [
      {
        kind: 'rows-set-aside',
        field: 'delay',
        rows: 2,
        message: "'delay' cannot be cast to integer; these rows are set aside",
      },
    ];
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    expect(JSON.stringify(await given.knex('migration_events'))).toContain(
      "these rows are set aside (2 rows, field 'delay')",
    );
  });

  it('judges who started it anew when its changes became graver', async () => {
    const { contracts } = given.world.directory.dataset;
    contracts[1] = contract('2.0.0', ['id', 'delay']);
    const { id } = await (await given.worker({ slots: 0 })).start();
    contracts[1] = contract('2.0.0', ['id', 'arrival_delay']);
    given.world.mayMigrate = false;
    const w = await given.worker();
    expect(await w.reaches(id, 'failed')).toMatchObject({
      error: {
        name: 'NotAllowedError',
        message: `Its changes are breaking by now, which ${amelia.subject} may not make; somebody who may has to retry it`,
        stage: 'validate',
      },
    });
  });

  it('starts nothing for who may not once the dataset was read anew', async () => {
    const w = await given.worker();
    given.world.mayMigrate = false;
    await expect(w.start()).rejects.toThrow(
      `${amelia.subject} may not migrate resource:default/flights as it is now`,
    );
    expect(await given.knex('migrations')).toEqual([]);
  });

  it('fails on refusals of the engine and on drift of the version', async () => {
    const w = await given.worker();
    given.world.engine.refusals = ['The table has no primary key'];
    const first = await w.start();
    expect(await w.reaches(first.id, 'failed')).toMatchObject({
      error: { message: 'The table has no primary key' },
      enginePlan: { refusals: ['The table has no primary key'] },
    });

    given.world.engine.refusals = [];
    given.world.engine.store.version = '1.5.0';
    const second = await w.start();
    expect(await w.reaches(second.id, 'failed')).toMatchObject({
      error: {
        name: 'ConflictError',
        message: 'The store holds version 1.5.0 at test.flights, not 1.0.0',
      },
    });
  });

  it('G5: a failed verification cuts nothing over; a retry copies afresh', async () => {
    const w = await given.worker();
    given.world.engine.before = (method, run) => {
      if (method === 'verify') {
        given.world.engine.store.runs.get(run!.migrationId)!.shadow[7] = {
          id: '8',
          arrival_delay: '0',
        };
      }
    };
    const { id } = await w.start();
    expect(await w.reaches(id, 'failed')).toMatchObject({
      stage: 'verify',
      error: { name: 'VerificationError', message: 'id differs' },
      verification: { ok: false, mismatches: [{ ranges: ['id 1..9'] }] },
    });
    given.expectVersion('1.0.0');

    given.world.engine.before = undefined;
    await w.migrations.retry(id, amelia);
    await w.reaches(id, 'succeeded');
    given.expectVersion('2.0.0');
  });

  it('G11: keeps no key of a classified field in a report', async () => {
    const { dataset } = given.world.directory;
    dataset.contracts = [
      contract('1.0.0', ['id', 'delay'], 'restricted'),
      contract('2.0.0', ['id', 'arrival_delay']),
    ];
    const w = await given.worker();
    given.world.engine.before = (method, run) => {
      if (method === 'verify') {
        given.world.engine.store.runs.get(run!.migrationId)!.shadow.pop();
      }
    };
    const { id } = await w.start();
    expect(await w.reaches(id, 'failed')).toMatchObject({
      verification: {
        ok: false,
        mismatches: [{ column: 'id', ranges: ['•••'], message: 'id differs' }],
      },
    });
    expect(JSON.stringify(await given.knex('migrations'))).not.toContain(
      '1..9',
    );
  });

  it('G9: begins anew when the source changed under the copying', async () => {
    const w = await given.worker();
    given.world.engine.before = method => {
      if (method === 'cutOver') {
        given.world.engine.before = undefined;
        given.world.engine.write(rows => [...rows, { id: '96', delay: '1' }]);
      }
    };
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    expect(given.world.engine.store.rows).toHaveLength(96);
    expect(await w.log(id)).toContain('Begins anew: The source was written');
  });

  it('G9: a source that changes all the time fails it clean; a retry takes it along', async () => {
    const w = await given.worker();
    given.world.engine.before = method => {
      if (method === 'cutOver') {
        given.world.engine.write(rows => [
          ...rows.filter(row => row.id !== '96'),
          { id: '96', delay: '1' },
        ]);
      }
    };
    const { id } = await w.start();
    expect(await w.reaches(id, 'failed')).toMatchObject({
      stage: 'cut-over',
      error: { name: 'SourceChangedError' },
    });
    given.world.engine.before = undefined;
    await w.migrations.retry(id, amelia);
    await w.reaches(id, 'succeeded');
    expect(given.world.engine.store.rows).toHaveLength(96);
    expect(given.world.engine.store.rows[95]).toEqual({
      id: '96',
      arrival_delay: '1',
    });
  });

  it('tries again what may pass, with the reason in the log', async () => {
    const w = await given.worker();
    let failures = 2;
    given.world.engine.before = method => {
      if (method === 'copyChunk' && failures > 0) {
        failures -= 1;
        throw new Error(
          'connect ECONNREFUSED postgres://skein:hunter2@db/warehouse',
        );
      }
    };
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    given.expectVersion('2.0.0');
    const tries = (await w.log(id)).filter(line => line.startsWith('Try'));
    expect(tries).toEqual([
      'Try 1 did not succeed: connect ECONNREFUSED postgres://***@db/warehouse',
      'Try 2 did not succeed: connect ECONNREFUSED postgres://***@db/warehouse',
    ]);
  });

  it('fails when the retries are used up, and can be retried', async () => {
    const w = await given.worker();
    let broken = true;
    given.world.engine.before = method => {
      if (method === 'copyChunk' && broken) {
        throw new Error('the disk is full');
      }
    };
    const { id } = await w.start();
    expect(await w.reaches(id, 'failed')).toMatchObject({
      stage: 'transform',
      error: {
        name: 'RetriesExhaustedError',
        message: 'Given up after several tries: the disk is full',
        stage: 'transform',
      },
    });
    expect(given.world.announced.map(({ kind }) => kind)).toEqual([
      'announced',
      'starting',
      'failed',
    ]);
    broken = false;
    await w.migrations.retry(id, amelia);
    await w.reaches(id, 'succeeded');
    given.expectVersion('2.0.0');
  });
});
