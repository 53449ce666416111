import { MigrationPlan } from '@skein/backstage-plugin-dataset-migrations-common';
import {
  createPlan,
  initPlanning,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { randomUUID } from 'node:crypto';
import { amelia } from '../../../__testUtils__/controlPlane';
import { contract, locationOf } from '../../../__testUtils__/MemoryEngine';
import { useTestDatabase } from '../../../__testUtils__/testDatabase';
import { AgentRegistry } from '../../../agents/AgentRegistry';
import { createMigrations, NewMigration } from './createMigrations';

describe('createMigrations', () => {
  const database = useTestDatabase();
  const from = contract('1.0.0', ['id', 'delay']);
  const to = contract('2.0.0', ['id', 'late']);

  let plan: MigrationPlan;

  beforeAll(async () => {
    await initPlanning();
    plan = createPlan({
      from,
      to,
      agents: new AgentRegistry().definitions({
        entityRef: 'resource:default/a',
      }),
    });
  });

  function migrationOf(name: string, ...places: string[]): NewMigration {
    const [location, ...furtherLocations] = (
      places.length > 0 ? places : [name]
    ).map(locationOf);
    return {
      id: randomUUID(),
      datasetRef: `resource:default/${name}`,
      locationKey: location.key,
      location,
      furtherLocations:
        furtherLocations.length > 0 ? furtherLocations : undefined,
      fromVersion: from.version,
      toVersion: to.version,
      policy: 'switch',
      startedBy: amelia.subject,
      initiator: amelia,
      sourceContract: from,
      targetContract: to,
      plan,
    };
  }

  async function created(...migrations: NewMigration[]): Promise<string[]> {
    const knex = database();
    const records = await knex.transaction(async trx => {
      const written = await createMigrations(trx, migrations);
      // Whatever was refused.
      await trx.raw('SELECT 1');
      return written;
    });
    // What is written is told, as it gets its job by that.
    const rows = await knex('migrations')
      .whereIn(
        'id',
        migrations.map(({ id }) => id),
      )
      .pluck('id');
    expect(rows.sort()).toEqual(records.map(({ id }) => id).sort());
    return records.map(({ datasetRef }) => datasetRef.split('/')[1]);
  }

  it('writes many in their order, queued', async () => {
    const names = Array.from({ length: 600 }, (_, index) => `d${index}`);
    // Every third in several places.
    const all = names.map((name, index) =>
      migrationOf(name, ...(index % 3 ? [] : [name, `${name}-2`, `${name}-3`])),
    );
    expect(await created(...all)).toEqual(names);
    expect(await database()('migrations').distinct('state', 'stage')).toEqual([
      { state: 'queued', stage: 'discover' },
    ]);
  });

  it('writes nothing for none', async () => {
    expect(await created()).toEqual([]);
  });

  it.each([
    ['of the dataset', ['a', 'elsewhere']],
    ['of its place', ['twin', 'a']],
    ['of its place beside others', ['twin', 'elsewhere', 'a']],
  ])(
    'G1: leaves out those that have an active migration %s',
    async (_, [name, ...places]) => {
      await created(migrationOf(name, ...places));
      expect(
        await created(migrationOf('b'), migrationOf('a'), migrationOf('c')),
      ).toEqual(['b', 'c']);
    },
  );

  it('G1: lets the first of several have a place', async () => {
    expect(
      await created(
        migrationOf('a', 'one', 'two'),
        migrationOf('b', 'two'),
        migrationOf('c'),
        migrationOf('d', 'three', 'one'),
        migrationOf('e', 'one'),
        migrationOf('f', 'three'),
      ),
    ).toEqual(['a', 'c', 'f']);
  });

  it('lets the first of several have an idempotency key', async () => {
    const keyed = (name: string) => ({
      ...migrationOf(name),
      idempotencyKey: 'k',
      requestHash: name,
    });
    expect(await created(keyed('a'), keyed('b'), migrationOf('c'))).toEqual([
      'a',
      'c',
    ]);
  });
});
