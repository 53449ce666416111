import {
  copyTogether,
  migrateTogether,
  runTogether,
} from './__testUtils__/together';
import { until } from './__testUtils__/until';
import { Change, field, World } from './__testUtils__/world';
import { PostgresEngine } from './PostgresEngine';

/** Airports and the flights that refer to them, a migration of both. */
const key = { required: true, unique: true, primaryKeyPosition: 1 };

const airports: Change = {
  table: 'airports',
  from: [field('code', 'string', key), field('runways', 'string')],
  to: [field('iata', 'string', key), field('runways', 'integer')],
  steps: [
    { agent: 'rename-field', payload: { from: 'code', to: 'iata' } },
    {
      agent: 'cast-type',
      payload: { field: 'runways', onFailure: 'refuse' },
    },
  ],
};

const flights: Change = {
  table: 'flights',
  from: [
    field('id', 'integer', key),
    field('airport', 'string'),
    field('delay', 'string'),
  ],
  to: [
    field('id', 'integer', key),
    field('origin', 'string'),
    field('delay', 'integer'),
  ],
  steps: [
    { agent: 'rename-field', payload: { from: 'airport', to: 'origin' } },
    { agent: 'cast-type', payload: { field: 'delay', onFailure: 'refuse' } },
  ],
};

/** The same, without a cast that needs a copy. */
const inPlace = ({ steps, from, to, ...change }: Change): Change => ({
  ...change,
  from,
  to: to.map((item, index) => ({ ...item, type: from[index].type })),
  steps: steps!.filter(({ agent }) => agent === 'rename-field'),
});

describe('tables that are switched together', () => {
  let world: World;
  let engine: PostgresEngine;

  beforeAll(async () => {
    world = await World.create();
    engine = world.engine();
  });

  beforeEach(async () => {
    await world.sql(`
      CREATE TABLE airports (code text PRIMARY KEY, runways text);
      CREATE TABLE flights (id integer PRIMARY KEY, airport text, delay text,
        CONSTRAINT flights_airport FOREIGN KEY (airport) REFERENCES airports ON UPDATE CASCADE);
      CREATE INDEX ON flights (airport);
      INSERT INTO airports SELECT 'A' || g, g::text FROM generate_series(1, 50) AS g;
      INSERT INTO flights SELECT g, 'A' || (1 + g % 50), g::text FROM generate_series(1, 500) AS g;
    `);
  });

  afterEach(() => world.empty());
  afterAll(() => world.dispose());

  /** Foreign keys of public tables, by name. */
  const foreignKeys = () =>
    world.sql(`
      SELECT conname AS name, conrelid::regclass::text AS child, pg_get_constraintdef(oid) AS definition
      FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text !~ '^skein' ORDER BY conname`);

  /** Which version each of the tables is at, in one statement. */
  const versions = async () => {
    const [row] = await world.sql(`
      SELECT to_jsonb(a) ? 'iata' AS airports, to_jsonb(f) ? 'origin' AS flights
      FROM airports a, flights f LIMIT 1`);
    return [row.airports, row.flights].map(isNew => (isNew ? 'new' : 'old'));
  };

  const leftSchemas = async () =>
    (
      await world.sql(
        `SELECT nspname FROM pg_namespace WHERE nspname LIKE 'skein\\_%' ORDER BY 1`,
      )
    ).map(({ nspname }) => nspname);

  const before = [
    {
      name: 'flights_airport',
      child: 'flights',
      definition:
        'FOREIGN KEY (airport) REFERENCES airports(code) ON UPDATE CASCADE',
    },
  ];
  const after = [
    {
      name: 'flights_airport',
      child: 'flights',
      definition:
        'FOREIGN KEY (origin) REFERENCES airports(iata) ON UPDATE CASCADE',
    },
  ];

  const ways: Array<[string, Change[]]> = [
    ['both are copied', [airports, flights]],
    ['both are copied, the other first', [flights, airports]],
    [
      'one is altered in place, which is pointed to',
      [inPlace(airports), flights],
    ],
    [
      'one is altered in place, which points',
      [flights, airports].map((c, i) => (i === 0 ? inPlace(c) : c)),
    ],
    ['both are altered in place', [inPlace(airports), inPlace(flights)]],
  ];

  it.each(ways)(
    'G2: carries a foreign key between them over and back: %s',
    async (_, changes) => {
      const runs = await runTogether(world, changes);
      await migrateTogether(engine, runs);
      expect(await versions()).toEqual(['new', 'new']);
      expect(await foreignKeys()).toEqual(after);
      await expect(
        world.sql(`INSERT INTO flights (id, origin) VALUES (1000, 'nowhere')`),
      ).rejects.toThrow('flights_airport');
      await world.sql(`INSERT INTO flights (id, origin) VALUES (1000, 'A7')`);

      await engine.rollback(runs[0]);
      expect(await versions()).toEqual(['old', 'old']);
      expect(await foreignKeys()).toEqual(before);
      expect(
        await world.sql('SELECT airport FROM flights WHERE id = 1000'),
      ).toEqual([{ airport: 'A7' }]);
      for (const run of runs) {
        expect(await engine.phase(run)).toBe('rolled-back');
      }
      expect(await leftSchemas()).toEqual([]);
    },
  );

  it('carries foreign keys in both directions, and a view of both', async () => {
    await world.sql(`
      ALTER TABLE airports ADD last integer;
      ALTER TABLE airports ADD CONSTRAINT airports_last FOREIGN KEY (last) REFERENCES flights DEFERRABLE;
      CREATE VIEW departures AS SELECT f.id, a.code FROM flights f JOIN airports a ON a.code = f.airport;
    `);
    const last = field('last', 'integer');
    const runs = await runTogether(world, [
      {
        ...airports,
        from: [...airports.from, last],
        to: [...airports.to, last],
      },
      flights,
    ]);
    await migrateTogether(engine, runs);
    const back = {
      name: 'airports_last',
      child: 'airports',
      definition: 'FOREIGN KEY (last) REFERENCES flights(id) DEFERRABLE',
    };
    expect(await foreignKeys()).toEqual([back, ...after]);
    await world.sql(`UPDATE airports SET iata = 'B1' WHERE iata = 'A1'`);
    expect(
      await world.sql(
        `SELECT count(*)::int AS n FROM departures WHERE code = 'B1'`,
      ),
    ).toEqual([{ n: 10 }]);

    await engine.rollback(runs[0]);
    expect(await foreignKeys()).toEqual([back, ...before]);
    expect(
      await world.sql(
        `SELECT count(*)::int AS n FROM departures WHERE code = 'B1'`,
      ),
    ).toEqual([{ n: 10 }]);
  });

  it.each<[string, Change[]]>([
    ['the one that it points to first', [airports, flights]],
    ['the one that has it first', [flights, airports]],
  ])(
    'carries a foreign key of a single partition to the other table, %s',
    async (_, changes) => {
      await world.sql(`
        ALTER TABLE flights RENAME TO plain;
        CREATE TABLE flights (id integer PRIMARY KEY, airport text, delay text) PARTITION BY RANGE (id);
        CREATE TABLE flights_1 PARTITION OF flights FOR VALUES FROM (MINVALUE) TO (100);
        CREATE TABLE flights_2 PARTITION OF flights DEFAULT;
        INSERT INTO flights SELECT id, airport, delay FROM plain;
        DROP TABLE plain;
        ALTER TABLE flights_1 ADD CONSTRAINT first_airport FOREIGN KEY (airport) REFERENCES airports;
      `);
      const ofPartition = (definition: string) => [
        { name: 'first_airport', child: 'flights_1', definition },
      ];
      const runs = await runTogether(world, changes);
      await migrateTogether(engine, runs);
      expect(await foreignKeys()).toEqual(
        ofPartition('FOREIGN KEY (origin) REFERENCES airports(iata)'),
      );
      await engine.rollback(runs[0]);
      expect(await foreignKeys()).toEqual(
        ofPartition('FOREIGN KEY (airport) REFERENCES airports(code)'),
      );
    },
  );

  const POLICY = 'SELECT FROM airports a WHERE a.code = flights.airport';
  const policyOf = async () => {
    const [{ reads, visible }] = await world.sql(`
      SELECT pg_get_expr(polqual, polrelid) AS visible, ARRAY(
        SELECT DISTINCT refobjid::regclass::text FROM pg_depend
        WHERE classid = 'pg_policy'::regclass AND objid = p.oid AND refclassid = 'pg_class'::regclass ORDER BY 1) AS reads
      FROM pg_policy p WHERE polrelid = 'public.flights'::regclass`);
    return { reads, visible: visible.match(/WHERE \((.*?)\)/)[1] };
  };

  const orders: Array<[string, Change[]]> = [
    ['the one that it looks into first', [airports, flights]],
    ['the one that has it first', [flights, airports]],
  ];

  describe.each(orders)(
    'with a row security policy of one that looks into the other, %s',
    (_, changes) => {
      beforeEach(async () => {
        await world.sql(
          `CREATE POLICY departing ON flights USING (EXISTS (${POLICY}))`,
        );
      });

      const old = {
        reads: ['airports', 'flights'],
        visible: 'a.code = flights.airport',
      };
      const now = {
        reads: ['airports', 'flights'],
        visible: 'a.iata = flights.origin',
      };

      it('carries it over and back', async () => {
        const runs = await runTogether(world, changes);
        await migrateTogether(engine, runs);
        expect(await policyOf()).toEqual(now);
        await engine.rollback(runs[0]);
        expect(await policyOf()).toEqual(old);
        expect(await leftSchemas()).toEqual([]);
      });

      it('carries it over, and cleans up', async () => {
        const runs = await runTogether(world, changes);
        await migrateTogether(engine, runs);
        for (const run of runs) {
          await engine.cleanUp(run);
        }
        expect(await policyOf()).toEqual(now);
        expect(await leftSchemas()).toEqual([]);
      });

      it.each([
        ['retires', 'retire'],
        ['rolls back', 'rollback'],
      ] as const)('%s what stands beside each other', async (__, method) => {
        const runs = await runTogether(
          world,
          changes.map(change => ({ ...change, policy: 'coexist' })),
        );
        await migrateTogether(engine, runs);
        expect(await policyOf()).toEqual(old);
        await engine[method](runs[0]);
        expect(await policyOf()).toEqual(method === 'retire' ? now : old);
        for (const run of runs) {
          if (method === 'retire') {
            await engine.cleanUp(run);
          }
        }
        expect(await leftSchemas()).toEqual([]);
      });
    },
  );

  it('publishes them beside the old ones, and retires those together', async () => {
    const changes = [airports, flights].map(
      (change): Change => ({ ...change, policy: 'coexist' }),
    );
    const runs = await runTogether(world, changes);
    await migrateTogether(engine, runs);
    expect(await versions()).toEqual(['old', 'old']);
    expect(
      await world.sql(`SELECT count(*)::int AS n FROM public_v2_0_0.flights`),
    ).toEqual([{ n: 500 }]);

    await engine.retire(runs[0]);
    expect(await versions()).toEqual(['new', 'new']);
    expect(await foreignKeys()).toEqual(after);
    for (const run of runs) {
      expect(await engine.phase(run)).toBe('retired');
      await engine.cleanUp(run);
    }
    expect(await leftSchemas()).toEqual([]);
  });

  it('G9: keeps what is written to either of them meanwhile', async () => {
    const runs = await runTogether(world, [airports, flights]);
    await copyTogether(engine, runs);
    await world.sql(`
      INSERT INTO airports VALUES ('Z', '9');
      INSERT INTO flights VALUES (2000, 'Z', '5');
      DELETE FROM flights WHERE id = 1;`);
    await engine.cutOver(runs[0]);
    expect(
      await world.sql(
        `SELECT origin, delay FROM flights WHERE id IN (1, 2000)`,
      ),
    ).toEqual([{ origin: 'Z', delay: 5 }]);
    expect(
      await world.sql(`SELECT runways FROM airports WHERE iata = 'Z'`),
    ).toEqual([{ runways: 9 }]);
  });

  it.each([
    [
      'the source of one was truncated',
      'TRUNCATE flights',
      'SourceChangedError',
    ],
    [
      'a write to one does not fit',
      `UPDATE flights SET delay = 'late' WHERE id = 7`,
      'InputError',
    ],
  ])('G2: switches none when %s', async (_, statement, name) => {
    const runs = await runTogether(world, [airports, flights]);
    await copyTogether(engine, runs);
    await world.sql(statement);
    await expect(engine.cutOver(runs[0])).rejects.toMatchObject({
      name,
      message: expect.stringMatching(/flights|delay/),
    });
    const [{ there }] = await world.sql(
      `SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'airports'::regclass AND attname = 'code') AS there`,
    );
    expect(there).toBe(true);
    for (const run of runs) {
      expect(await engine.phase(run)).toBe('copied');
      await engine.abandon(run);
    }
    expect(await foreignKeys()).toEqual(before);
    expect(await leftSchemas()).toEqual([]);
  });

  it('G4: switches none when one of them has a higher fence', async () => {
    const runs = await runTogether(world, [airports, flights]);
    await copyTogether(engine, runs);
    await engine.fence({ ...runs[1], fence: 2 });
    await expect(engine.cutOver(runs[0])).rejects.toMatchObject({
      name: 'FencedError',
    });
    expect(await versions()).toEqual(['old', 'old']);
  });

  it('G2: shows a reader both old or both new versions', async () => {
    const impatient = world.engine({ settings: { oldSnapshotSeconds: 0 } });
    const runs = await runTogether(world, [airports, flights]);
    await copyTogether(impatient, runs);
    const reader = await World.connect(world.connectionString);
    try {
      // Whoever has read one of them keeps the other from being switched.
      await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await reader.query('SELECT code FROM airports LIMIT 1');
      const tries = runs[0].logger.debug as jest.Mock;
      const switched = impatient.cutOver(runs[0]);
      await until(async () => tries.mock.calls.length > 0);
      await reader.query('SELECT airport FROM flights LIMIT 1');
      await reader.query('COMMIT');
      await switched;
      const { rowCount } = await reader.query(
        'SELECT origin, iata FROM flights, airports LIMIT 1',
      );
      expect(rowCount).toBe(1);
    } finally {
      await reader.end();
    }
  });

  it('plans the disk that all of them take', async () => {
    const [first, second] = await runTogether(world, [airports, flights]);
    const [{ size }] = await world.sql(
      `SELECT pg_database_size(current_database())::int8::float8 AS size`,
    );
    const limited = world.engine();
    const { bytes: own = 0 } = await limited.inspect(first.location);
    const { bytes: other = 0 } = await limited.inspect(second.location);
    expect(own).toBeGreaterThan(0);
    const settings = world.settings();
    const strict = world.engine({
      settings: {
        connections: settings.connections.map(connection => ({
          ...connection,
          maxDatabaseBytes: size + own + other / 2,
        })),
      },
    });
    const request = { ...first, policy: 'switch' as const };
    expect((await strict.plan(request)).refusals).toEqual([
      expect.stringContaining('maxDatabaseBytes'),
    ]);
    const { together, ...alone } = request;
    expect((await strict.plan(alone)).refusals).toEqual([]);
  });
});
