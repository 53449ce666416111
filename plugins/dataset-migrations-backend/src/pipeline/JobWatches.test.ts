import { mockServices } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { insertMigration } from '../__testUtils__/insertMigration';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { MigrationRecord } from '../database/MigrationRecord';
import { acquireLease } from '../leases/acquireLease';
import { Lease } from '../leases/types';
import { JobWatches } from './JobWatches';

const FAR_BACK = -1e6;

describe('JobWatches', () => {
  const database = useTestDatabase();
  let knex: Knex;
  let watches: JobWatches;

  beforeEach(() => {
    knex = database();
    watches = new JobWatches({ knex, logger: mockServices.logger.mock() });
  });

  async function migration(): Promise<MigrationRecord> {
    const id = await insertMigration(knex, {
      state: 'transforming',
      sequence: 3,
    });
    return { id, sequence: 3 } as MigrationRecord;
  }

  const lease = async (key: string): Promise<Lease> => ({
    ...(await knex.transaction(trx =>
      acquireLease(trx, {
        locationKeys: [key],
        migrationId: randomUUID(),
        holder: 'w',
      }),
    )),
    renewedAt: FAR_BACK,
  });

  const aborted = (signal: AbortSignal) =>
    new Promise(resolve => {
      signal.addEventListener('abort', () => resolve(signal.reason));
    });

  it('aborts the job whose migration went on, and no other', async () => {
    const [one, other] = [await migration(), await migration()];
    const watched = [one, other].map(record => watches.watch({ record }));
    await knex('migrations').where({ id: one.id }).update({ sequence: 4 });
    expect(await aborted(watched[0].signal)).toMatchObject({
      name: 'SupersededError',
    });
    expect(watched[1].signal.aborted).toBe(false);
    watched[1].stop();
  });

  it('aborts the job of a migration that is gone', async () => {
    const record = { id: randomUUID(), sequence: 0 } as MigrationRecord;
    expect(await aborted(watches.watch({ record }).signal)).toMatchObject({
      name: 'SupersededError',
    });
  });

  it('G4: renews a lease, and aborts the job whose lease has passed on', async () => {
    const [held, lost] = [await lease('a'), await lease('b')];
    await knex('leases').where({ location_key: 'b' }).increment('token');
    const kept = watches.watch({ record: await migration(), lease: held });
    const ended = watches.watch({ record: await migration(), lease: lost });
    expect(await aborted(ended.signal)).toMatchObject({ name: 'FencedError' });
    while (held.renewedAt === FAR_BACK) {
      await new Promise(resolve => setImmediate(resolve));
    }
    expect(kept.signal.aborted).toBe(false);
    kept.stop();
  });
});
