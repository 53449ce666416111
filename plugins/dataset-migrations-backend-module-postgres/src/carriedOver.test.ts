import { Field } from '@skein/backstage-plugin-dataset-migrations-common';
import { describeTable, renamed } from './__testUtils__/describeTable';
import { createScratchDatabase } from './__testUtils__/scratchDatabase';
import { copy, field, id, migrate, World } from './__testUtils__/world';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

const describeOne = (table: string) =>
  describeTable((text, values) => world.sql(text, values), table);

const before: Field[] = [
  id,
  field('code', 'string', { required: true }),
  field('amount', 'string'),
  field('state', 'string'),
  field('place', 'integer'),
  field('twin', 'integer'),
  field('area', 'string'),
  field('gone', 'string'),
];

const after: Field[] = [
  id,
  field('order_code', 'string', { required: true }),
  field('amount', { kind: 'decimal', precision: 10, scale: 2 }),
  field('state', 'string'),
  field('place', 'integer'),
  field('twin_of', 'integer'),
  field('area', 'string'),
  field('label', 'string'),
];

const steps = [
  { agent: 'rename-field', payload: { from: 'code', to: 'order_code' } },
  { agent: 'rename-field', payload: { from: 'twin', to: 'twin_of' } },
  { agent: 'cast-type', payload: { field: 'amount', onFailure: 'refuse' } },
  {
    agent: 'derive-field',
    payload: { field: 'label', expression: "order_code || '/' || state" },
  },
  { agent: 'drop-field', payload: { field: 'gone' } },
];

/** What an expert would have typed, on the live table. */
const byHand = (table: string) => [
  `ALTER TABLE ${table} RENAME code TO order_code`,
  `ALTER TABLE ${table} RENAME twin TO twin_of`,
  `ALTER TABLE ${table} ALTER amount TYPE numeric(10,2) USING amount::numeric`,
  `ALTER TABLE ${table} DROP gone`,
  `ALTER TABLE ${table} ADD label text`,
  `ANALYZE ${table}`,
];

/**
 * What is to hang on a table, and, where the columns before do not do, other
 * ones in their place.
 */
interface Case {
  what: string;
  statements: string[];
}

const cases: Case[] = [
  {
    what: 'a foreign key to another table',
    statements: [
      'CREATE TABLE T_place (id integer PRIMARY KEY)',
      'INSERT INTO T_place SELECT generate_series(0, 9)',
      'ALTER TABLE T ADD CONSTRAINT T_at FOREIGN KEY (place) REFERENCES T_place ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED',
      `COMMENT ON CONSTRAINT T_at ON T IS 'where it is'`,
    ],
  },
  {
    what: 'a foreign key that was never checked',
    statements: [
      'CREATE TABLE T_place (id integer PRIMARY KEY)',
      'ALTER TABLE T ADD CONSTRAINT T_at FOREIGN KEY (place) REFERENCES T_place NOT VALID',
    ],
  },
  {
    what: 'a foreign key that is not enforced',
    statements: [
      'CREATE TABLE T_place (id integer PRIMARY KEY)',
      'ALTER TABLE T ADD CONSTRAINT T_at FOREIGN KEY (place) REFERENCES T_place NOT ENFORCED',
    ],
  },
  {
    what: 'foreign keys of other tables, to its key and to a renamed column',
    statements: [
      'ALTER TABLE T ADD CONSTRAINT T_unique UNIQUE (code)',
      'CREATE TABLE T_line (a integer CONSTRAINT T_of REFERENCES T ON DELETE CASCADE, b varchar(20) CONSTRAINT T_by REFERENCES T (code) ON UPDATE CASCADE)',
      `INSERT INTO T_line SELECT g, 'o' || g FROM generate_series(1, 100) AS g`,
    ],
  },
  {
    what: 'a foreign key to itself, of a renamed column',
    statements: [
      'ALTER TABLE T ADD CONSTRAINT T_twin FOREIGN KEY (twin) REFERENCES T (id)',
    ],
  },
  {
    what: 'a foreign key to a partitioned table',
    statements: [
      'CREATE TABLE T_place (id integer PRIMARY KEY) PARTITION BY RANGE (id)',
      'CREATE TABLE T_place_1 PARTITION OF T_place DEFAULT',
      'INSERT INTO T_place SELECT generate_series(0, 9)',
      'ALTER TABLE T ADD CONSTRAINT T_at FOREIGN KEY (place) REFERENCES T_place',
    ],
  },
  {
    what: 'triggers',
    statements: [
      'CREATE FUNCTION T_watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
      'CREATE TRIGGER T_1 BEFORE UPDATE OF code, state ON T FOR EACH ROW WHEN (OLD.code IS DISTINCT FROM NEW.code) EXECUTE FUNCTION T_watch()',
      'CREATE TRIGGER T_2 AFTER INSERT ON T REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION T_watch()',
      'CREATE CONSTRAINT TRIGGER T_3 AFTER INSERT ON T DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION T_watch()',
      'CREATE TRIGGER "T 4" BEFORE TRUNCATE ON T FOR EACH STATEMENT EXECUTE FUNCTION T_watch()',
      'ALTER TABLE T DISABLE TRIGGER T_1',
      'ALTER TABLE T ENABLE ALWAYS TRIGGER T_2',
      `COMMENT ON TRIGGER T_3 ON T IS 'looks later'`,
    ],
  },
  {
    what: 'row security',
    statements: [
      'ALTER TABLE T ENABLE ROW LEVEL SECURITY',
      'ALTER TABLE T FORCE ROW LEVEL SECURITY',
      `CREATE POLICY T_own ON T FOR UPDATE TO pg_monitor, pg_read_all_data USING (code = 'x') WITH CHECK (state IS NOT NULL)`,
      'CREATE POLICY T_less ON T AS RESTRICTIVE FOR SELECT USING (EXISTS (SELECT FROM T AS other WHERE other.state = T.state))',
      `COMMENT ON POLICY T_own ON T IS 'theirs'`,
    ],
  },
  {
    what: 'the policy of another table that looks into it',
    statements: [
      'CREATE TABLE T_note (code text)',
      'CREATE POLICY T_seen ON T_note USING (code IN (SELECT T.code FROM T))',
    ],
  },
  {
    what: 'views, on each other, and a materialized view of one',
    statements: [
      `CREATE VIEW T_open WITH (security_invoker = true, security_barrier) AS SELECT id, code, state FROM T WHERE state = 'open'`,
      'CREATE VIEW T_checked AS SELECT id, code FROM T WHERE id > 0 WITH LOCAL CHECK OPTION',
      'CREATE VIEW T_top AS SELECT code, count(*) FROM T_open JOIN T USING (code) GROUP BY code',
      'CREATE MATERIALIZED VIEW T_known AS SELECT code FROM T_open',
      'CREATE INDEX T_known_code ON T_known (code)',
      'CREATE VIEW T_keyed AS SELECT id, code AS called, max(place) FROM T GROUP BY id',
      'GRANT SELECT ON T_open TO pg_monitor WITH GRANT OPTION',
      'GRANT UPDATE (code) ON T_open TO pg_monitor',
      `COMMENT ON VIEW T_open IS 'the open ones'`,
      `COMMENT ON COLUMN T_open.code IS 'its code'`,
      'ALTER VIEW T_checked OWNER TO pg_read_all_data',
    ],
  },
  {
    what: 'functions that are parsed',
    statements: [
      'CREATE FUNCTION T_count(lowest text) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM T WHERE code >= lowest; END',
      'REVOKE EXECUTE ON FUNCTION T_count FROM PUBLIC',
    ],
  },
  {
    what: 'extended statistics',
    statements: [
      'CREATE STATISTICS T_both (ndistinct, mcv) ON code, state FROM T',
      'CREATE STATISTICS T_low ON lower(code) FROM T',
      'CREATE STATISTICS T_gone ON gone, state FROM T',
      'ALTER STATISTICS T_both SET STATISTICS 30',
      `COMMENT ON STATISTICS T_both IS 'go together'`,
      'ANALYZE T',
    ],
  },
  {
    what: 'publications',
    statements: [
      `CREATE PUBLICATION T_some FOR TABLE T (id, code) WHERE (id > 5)`,
      `CREATE PUBLICATION T_all FOR TABLE T WITH (publish = 'insert')`,
    ],
  },
  {
    what: 'an exclusion constraint',
    statements: [
      `ALTER TABLE T ADD CONSTRAINT T_apart EXCLUDE USING gist (area WITH &&) WHERE (code IS NOT NULL)`,
      `COMMENT ON CONSTRAINT T_apart ON T IS 'never overlap'`,
      `ALTER TABLE T ADD CONSTRAINT T_spans UNIQUE (id, code) DEFERRABLE`,
      `COMMENT ON CONSTRAINT T_spans ON T IS 'twice unique'`,
    ],
  },
  {
    what: 'checks that do not hold for all rows',
    statements: [
      `ALTER TABLE T ADD CONSTRAINT T_soon CHECK (code <> 'o7') NOT VALID`,
      `ALTER TABLE T ADD CONSTRAINT T_never CHECK (code <> 'o8') NOT ENFORCED`,
      `COMMENT ON CONSTRAINT T_soon ON T IS 'from now on'`,
      `ALTER TABLE T ADD CONSTRAINT T_gone CHECK (gone <> 'x') NOT VALID`,
    ],
  },
  {
    what: 'an index by which it replicates',
    statements: [
      'CREATE UNIQUE INDEX T_replicated ON T (code)',
      'ALTER TABLE T REPLICA IDENTITY USING INDEX T_replicated',
      'ALTER TABLE T CLUSTER ON T_replicated',
    ],
  },
  {
    what: 'columns with a life of their own',
    statements: [
      'ALTER TABLE T ALTER state SET STORAGE EXTERNAL, ALTER state SET COMPRESSION pglz, ALTER code SET (n_distinct = -0.5)',
      'ALTER TABLE T ALTER state TYPE text COLLATE "C"',
      'ALTER SEQUENCE T_id_seq INCREMENT 7 CACHE 3 MINVALUE -5 CYCLE',
      'GRANT USAGE ON SEQUENCE T_id_seq TO pg_monitor',
      `COMMENT ON SEQUENCE T_id_seq IS 'counts'`,
      'ALTER TABLE T SET (fillfactor = 70, toast.autovacuum_enabled = false)',
    ],
  },
];

let tables = 0;

/** A table of 100 rows with that on it, under a name of its own. */
async function create(table: string, statements: string[]): Promise<void> {
  const all = [
    `CREATE TABLE T (
      id integer GENERATED BY DEFAULT AS IDENTITY (START 100 INCREMENT 3 CACHE 5) PRIMARY KEY,
      code varchar(20) NOT NULL, amount text, state text, place integer, twin integer, area int4range, gone text)`,
    `INSERT INTO T SELECT g, 'o' || g, (g / 4.0)::text, 'open', g % 10, g, int4range(2 * g, 2 * g + 1), 'g' FROM generate_series(1, 100) AS g`,
    ...statements,
  ];
  for (const statement of all) {
    await world.sql(statement.replace(/\bT(?=_|\b)/g, table));
  }
}

async function change(
  what: Case,
  policy: 'switch' | 'coexist',
  work: (table: string) => Promise<void> = async () => {},
) {
  tables += 1;
  const table = `x${tables}x`;
  await create(table, what.statements);
  const run = await world.run({
    table,
    from: before,
    to: after,
    steps,
    policy,
  });
  const original = await describeOne(table);
  const engine = world.engine();
  const plan = await engine.plan(run);
  expect(plan.refusals).toEqual([]);
  await work(table);
  await migrate(engine, run);
  return { engine, run, table, original };
}

async function expectAsByHand(what: Case, table: string): Promise<void> {
  const hand = `${table}hand`;
  await create(hand, what.statements);
  for (const statement of byHand(hand)) {
    await world.sql(statement);
  }
  const theirs = renamed(await describeOne(hand), hand, table);
  expect(await describeOne(table)).toEqual(theirs);
}

describe.each(cases)('$what', what => {
  it('is what ALTER TABLE by hand would have left, and comes back', async () => {
    const { engine, run, table, original } = await change(what, 'switch');
    await expectAsByHand(what, table);
    await engine.rollback(run);
    expect(await describeOne(table)).toEqual(original);
  });

  it('goes over when the old version is retired', async () => {
    const { engine, run, table, original } = await change(what, 'coexist');
    expect(await describeOne(table)).toEqual({
      ...original,
      // Each version gives out every second number meanwhile.
      sequences: expect.anything(),
    });
    await engine.retire(run);
    await expectAsByHand(what, table);
  });

  it('stays when the new version beside it is given up', async () => {
    const { engine, run, table, original } = await change(what, 'coexist');
    await engine.rollback(run);
    expect(await describeOne(table)).toEqual(original);
  });
});

describe('what is carried over', () => {
  const cast = {
    from: [id, field('a', 'string'), field('b', 'string')],
    to: [id, field('a', 'integer'), field('b', 'string')],
    steps: [
      { agent: 'cast-type', payload: { field: 'a', onFailure: 'refuse' } },
    ],
  };

  async function createCast(table: string): Promise<void> {
    await world.sql(
      `CREATE TABLE ${table} (id integer PRIMARY KEY, a text, b text)`,
    );
    await world.sql(
      `INSERT INTO ${table} SELECT g, g::text, 'b' FROM generate_series(1, 300) AS g`,
    );
  }

  it('G3: checks the rows under a foreign key though it was killed before', async () => {
    await createCast('checked');
    await world.sql(
      'CREATE TABLE checking (r integer CONSTRAINT points REFERENCES checked)',
    );
    await world.sql('INSERT INTO checking SELECT generate_series(1, 300)');
    const run = await world.run({ table: 'checked', ...cast });
    await migrate(world.engine(), run);
    // As a worker leaves it that is killed after the commit of the switch.
    await world.sql(
      `UPDATE pg_constraint SET convalidated = false WHERE conname = 'points'`,
    );
    const validated = async () =>
      (
        await world.sql(
          `SELECT convalidated FROM pg_constraint WHERE conname = 'points'`,
        )
      )[0].convalidated;
    expect(await validated()).toBe(false);
    await world.engine().cutOver(run);
    expect(await validated()).toBe(true);
    await world.sql('ALTER TABLE checking DROP CONSTRAINT points');
    await world.engine().cutOver(run);
  });

  it('G2: holds in the new version from its first row on', async () => {
    await createCast('held');
    await world.sql('CREATE TABLE holder (id integer PRIMARY KEY)');
    await world.sql('INSERT INTO holder SELECT generate_series(1, 300)');
    await world.sql('ALTER TABLE held ADD FOREIGN KEY (id) REFERENCES holder');
    await world.sql('CREATE TABLE holds (r integer REFERENCES held)');
    await world.sql('INSERT INTO holds VALUES (7)');
    await world.sql('CREATE VIEW seen AS SELECT id, b FROM held');
    const engine = world.engine();
    const run = await world.run({ table: 'held', ...cast });
    await migrate(engine, run);
    await expect(world.sql('INSERT INTO held VALUES (301)')).rejects.toThrow(
      'held_id_fkey',
    );
    await expect(world.sql('DELETE FROM held WHERE id = 7')).rejects.toThrow(
      'holds_r_fkey',
    );
    await expect(world.sql('INSERT INTO holds VALUES (301)')).rejects.toThrow(
      'holds_r_fkey',
    );
    // Rows that only the old table still has are in nobody's way.
    await engine.cleanUp(run).catch(() => {});
    await world.sql('DELETE FROM held WHERE id = 9');
    await world.sql('DELETE FROM holder WHERE id = 9');
    await world.sql(`UPDATE seen SET b = 'through the view' WHERE id = 8`);
    await expect(
      world.sql('SELECT a, b FROM held WHERE id = 8'),
    ).resolves.toEqual([{ a: 8, b: 'through the view' }]);
  });

  it('fires no trigger for a row that is copied', async () => {
    await createCast('fired');
    await world.sql('CREATE TABLE shots (id integer)');
    await world.sql(
      `CREATE FUNCTION shoot() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.shots VALUES (NEW.id); RETURN NEW; END $$`,
    );
    await world.sql(
      'CREATE TRIGGER shoots BEFORE INSERT OR UPDATE ON fired FOR EACH ROW EXECUTE FUNCTION shoot()',
    );
    const engine = world.engine();
    const run = await world.run({ table: 'fired', ...cast });
    await migrate(engine, run);
    await expect(world.sql('SELECT id FROM shots')).resolves.toEqual([]);
    await world.sql('INSERT INTO fired VALUES (1000)');
    await expect(world.sql('SELECT id FROM shots')).resolves.toEqual([
      { id: 1000 },
    ]);
  });

  describe('G9: with writes meanwhile and after', () => {
    const fields = [
      id,
      field('parent', 'integer'),
      field('amount', 'string'),
      field('twice', 'integer'),
    ];
    const target = [
      id,
      field('parent_id', 'integer'),
      field('amount', 'integer'),
      field('doubled', 'integer'),
    ];
    const changes = [
      { agent: 'rename-field', payload: { from: 'parent', to: 'parent_id' } },
      { agent: 'rename-field', payload: { from: 'twice', to: 'doubled' } },
      { agent: 'cast-type', payload: { field: 'amount', onFailure: 'refuse' } },
    ];

    async function createFamily(t: string): Promise<void> {
      for (const statement of [
        `CREATE TABLE ${t}_parent (id integer PRIMARY KEY)`,
        `INSERT INTO ${t}_parent SELECT generate_series(1, 300)`,
        `CREATE TABLE ${t} (id integer PRIMARY KEY, parent integer REFERENCES ${t}_parent ON DELETE CASCADE,
          amount text, twice integer GENERATED ALWAYS AS (parent * 2) STORED)`,
        `INSERT INTO ${t} SELECT g, g, g::text FROM generate_series(1, 300) AS g`,
        `CREATE TABLE ${t}_child (of integer REFERENCES ${t} ON DELETE CASCADE)`,
        `INSERT INTO ${t}_child SELECT generate_series(1, 300)`,
        `CREATE TABLE ${t}_seen (id integer, op text)`,
        `CREATE FUNCTION ${t}_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          INSERT INTO public.${t}_seen VALUES (coalesce(NEW.id, OLD.id), TG_OP); RETURN NULL; END $$`,
        `CREATE TRIGGER notes AFTER INSERT OR UPDATE OR DELETE ON ${t} FOR EACH ROW EXECUTE FUNCTION ${t}_note()`,
      ]) {
        await world.sql(statement);
      }
    }

    const rowsOf = (t: string, columns: string) =>
      world.sql(
        `SELECT count(*)::int AS rows, sum(id)::int AS ids, sum(${columns})::int AS sum FROM ${t}`,
      );

    it('keeps keys and triggers right in the new version, and going back', async () => {
      await createFamily('kin');
      const engine = world.engine();
      const run = await world.run({
        table: 'kin',
        from: fields,
        to: target,
        steps: changes,
      });
      await copy(engine, run);
      // Once the copy is complete: a row goes with its parent, one comes, one moves.
      await world.sql('DELETE FROM kin_parent WHERE id = 10');
      await world.sql(`INSERT INTO kin VALUES (301, 20, '301')`);
      await world.sql('UPDATE kin SET parent = 30 WHERE id = 11');
      const copied = await rowsOf('kin', 'twice');
      await engine.verify(run);
      await engine.cutOver(run);
      expect(await rowsOf('kin', 'doubled')).toEqual(copied);

      await world.sql('DELETE FROM kin_parent WHERE id = 40');
      await world.sql('INSERT INTO kin VALUES (302, 50, 302)');
      await world.sql('UPDATE kin SET parent_id = 60 WHERE id = 12');
      await expect(
        world.sql('INSERT INTO kin VALUES (303, 1000, 1)'),
      ).rejects.toThrow('kin_parent_fkey');
      const written = await rowsOf('kin', 'doubled');
      await engine.rollback(run);
      expect(await rowsOf('kin', 'twice')).toEqual(written);
      await expect(
        world.sql('INSERT INTO kin VALUES (303, 1000, 1)'),
      ).rejects.toThrow('kin_parent_fkey');
      // Each write of an application was seen once, and nothing else.
      await expect(
        world.sql('SELECT id, op FROM kin_seen ORDER BY id'),
      ).resolves.toEqual([
        { id: 10, op: 'DELETE' },
        { id: 11, op: 'UPDATE' },
        { id: 12, op: 'UPDATE' },
        { id: 40, op: 'DELETE' },
        { id: 301, op: 'INSERT' },
        { id: 302, op: 'INSERT' },
      ]);
      await expect(
        world.sql('SELECT of FROM kin_child WHERE of IN (10, 40)'),
      ).resolves.toEqual([]);
    });

    it('keeps them right in two versions beside each other', async () => {
      await createFamily('clan');
      const engine = world.engine();
      const run = await world.run({
        table: 'clan',
        from: fields,
        to: target,
        steps: changes,
        policy: 'coexist',
      });
      await migrate(engine, run);
      await world.sql('DELETE FROM clan_parent WHERE id = 10');
      await world.sql(`INSERT INTO public_v1_0_0.clan VALUES (301, 20, '301')`);
      await world.sql('INSERT INTO public_v2_0_0.clan VALUES (302, 50, 302)');
      await world.sql(
        'UPDATE public_v2_0_0.clan SET parent_id = 60 WHERE id = 12',
      );
      await expect(
        world.sql('INSERT INTO public_v2_0_0.clan VALUES (303, 1000, 1)'),
      ).rejects.toThrow('clan_parent_fkey');
      const both = await rowsOf('clan', 'twice');
      expect(await rowsOf('public_v2_0_0.clan', 'doubled')).toEqual(both);
      await engine.retire(run);
      expect(await rowsOf('clan', 'doubled')).toEqual(both);
      await world.sql('DELETE FROM clan_parent WHERE id = 40');
      await expect(
        world.sql('SELECT id, op FROM clan_seen ORDER BY id'),
      ).resolves.toEqual([
        { id: 10, op: 'DELETE' },
        { id: 12, op: 'UPDATE' },
        { id: 40, op: 'DELETE' },
        { id: 301, op: 'INSERT' },
        { id: 302, op: 'INSERT' },
      ]);
    });
  });

  it('G11: shows nobody more of a version beside the old one', async () => {
    const role = `skein_limited_${process.pid}`;
    await createCast('veiled');
    await world.sql(`CREATE ROLE ${role}`);
    try {
      await world.sql(`GRANT SELECT ON veiled TO ${role}`);
      await world.sql(`CREATE POLICY few ON veiled TO ${role} USING (id <= 3)`);
      await world.sql('ALTER TABLE veiled ENABLE ROW LEVEL SECURITY');
      const run = await world.run({
        table: 'veiled',
        ...cast,
        policy: 'coexist',
      });
      await migrate(world.engine(), run);
      await world.sql(`SET ROLE ${role}`);
      for (const schema of ['public', 'public_v1_0_0', 'public_v2_0_0']) {
        expect(
          await world.sql(`SELECT id FROM ${schema}.veiled ORDER BY id`),
        ).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
      }
    } finally {
      await world.sql('RESET ROLE');
      await world.sql(`DROP OWNED BY ${role}`);
      await world.sql(`DROP ROLE ${role}`);
    }
  });

  it('leaves nothing behind when the migration is given up', async () => {
    await createCast('given_up');
    await world.sql('CREATE STATISTICS up_stats ON id, b FROM given_up');
    await world.sql('CREATE POLICY up_policy ON given_up USING (id > 0)');
    await world.sql('CREATE VIEW up_view AS SELECT id FROM given_up');
    const original = await describeOne('given_up');
    const engine = world.engine();
    const run = await world.run({ table: 'given_up', ...cast });
    await copy(engine, run);
    await engine.abandon(run);
    expect(await describeOne('given_up')).toEqual(original);
    const again = await world.run({
      table: 'given_up',
      ...cast,
      migrationId: 'again',
    });
    await migrate(engine, again);
    await engine.cleanUp(again);
    await expect(
      world.sql(
        `SELECT nspname FROM pg_namespace WHERE nspname LIKE 'skein\\_%\\_old'`,
      ),
    ).resolves.toEqual([]);
  });

  it('G10: refuses before a row is copied what only PostgreSQL finds', async () => {
    await createCast('grouped');
    await world.sql('UPDATE grouped SET b = id');
    await world.sql('ALTER TABLE grouped ALTER b SET NOT NULL');
    await world.sql(
      'CREATE VIEW by_key AS SELECT id, b, count(*) FROM grouped GROUP BY id',
    );
    const key = { required: true, primaryKeyPosition: 1 };
    const run = await world.run({
      table: 'grouped',
      from: [
        id,
        field('a', 'string'),
        field('b', 'string', { required: true }),
      ],
      to: [
        field('id', 'integer', { required: true }),
        field('a', 'string'),
        field('b', 'string', key),
      ],
    });
    const engine = world.engine();
    await engine.fence(run);
    await expect(engine.prepare(run)).rejects.toThrow(
      /definition of warehouse.public.grouped does not go with .*GROUP BY/,
    );
    expect(await engine.phase(run)).toBe('none');
    await expect(
      world.sql('SELECT id, count FROM by_key WHERE id = 1'),
    ).resolves.toEqual([{ id: 1, count: '1' }]);
  });

  it('is carried over by a role that is no superuser', async () => {
    const role = `skein_plain_${process.pid}`;
    await world.sql(`CREATE ROLE ${role} LOGIN PASSWORD 'plain'`);
    const scratch = await createScratchDatabase();
    try {
      const own = new URL(scratch.connectionString);
      await scratch.client.query(
        `GRANT CREATE ON DATABASE ${own.pathname.slice(1)} TO ${role}`,
      );
      await scratch.client.query(`GRANT CREATE ON SCHEMA public TO ${role}`);
      own.username = role;
      own.password = 'plain';
      const client = await World.connect(own.href);
      for (const statement of [
        'CREATE TABLE parent (id integer PRIMARY KEY)',
        'CREATE TABLE plain (id integer PRIMARY KEY REFERENCES parent, a text, b text)',
        'CREATE TABLE child (r integer REFERENCES plain)',
        'CREATE VIEW shown AS SELECT id, b FROM plain',
        'CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
        'CREATE TRIGGER looks BEFORE INSERT ON plain FOR EACH ROW EXECUTE FUNCTION look()',
        'CREATE POLICY mine ON plain USING (id > 0)',
        'ALTER TABLE plain ENABLE ROW LEVEL SECURITY',
        'CREATE STATISTICS both_of ON id, b FROM plain',
        'CREATE PUBLICATION news FOR TABLE plain',
        'INSERT INTO parent VALUES (1)',
        `INSERT INTO plain VALUES (1, '1', 'b')`,
        'INSERT INTO child VALUES (1)',
      ]) {
        await client.query(statement);
      }
      await client.end();
      const engine = world.engine({ connectionString: own.href });
      const run = await world.run({ table: 'plain', ...cast });
      expect((await engine.plan(run)).refusals).toEqual([]);
      const sql = async (text: string, values?: unknown[]) =>
        (await scratch.client.query(text, values)).rows;
      const original = await describeTable(sql, 'plain');
      await migrate(engine, run);
      await engine.rollback(run);
      expect(await describeTable(sql, 'plain')).toEqual(original);
      await engine.close();
    } finally {
      await scratch.drop();
      await world.sql(`DROP ROLE ${role}`);
    }
  });
});

describe('columns that are computed', () => {
  const computed = [
    id,
    field('a', 'string'),
    field('b', 'integer'),
    field('twice', 'integer'),
    field('thrice', 'integer'),
  ];

  async function createComputed(table: string): Promise<void> {
    await world.sql(`CREATE TABLE ${table} (
      id integer PRIMARY KEY, a text, b integer,
      twice integer GENERATED ALWAYS AS (b * 2) STORED,
      thrice integer GENERATED ALWAYS AS (b * 3) VIRTUAL)`);
    await world.sql(
      `INSERT INTO ${table} SELECT g, g::text, g FROM generate_series(1, 300) AS g`,
    );
    await world.sql(`CREATE INDEX ${table}_twice ON ${table} (twice)`);
  }

  it.each(['switch', 'coexist'] as const)(
    'stay computed, under new names, too (%s)',
    async policy => {
      const table = `computed_${policy}`;
      await createComputed(table);
      await createComputed(`${table}_hand`);
      const engine = world.engine();
      const run = await world.run({
        table,
        policy,
        from: computed,
        to: [
          id,
          field('a', 'integer'),
          field('base', 'integer'),
          field('doubled', 'integer'),
          field('thrice', 'integer'),
        ],
        steps: [
          { agent: 'cast-type', payload: { field: 'a', onFailure: 'refuse' } },
          { agent: 'rename-field', payload: { from: 'b', to: 'base' } },
          { agent: 'rename-field', payload: { from: 'twice', to: 'doubled' } },
        ],
      });
      const original = await describeOne(table);
      await migrate(engine, run);
      if (policy === 'coexist') {
        await engine.retire(run);
      }
      for (const statement of [
        'ALTER a TYPE integer USING a::integer',
        'RENAME b TO base',
        'RENAME twice TO doubled',
      ]) {
        await world.sql(`ALTER TABLE ${table}_hand ${statement}`);
      }
      const theirs = await describeOne(`${table}_hand`);
      expect(await describeOne(table)).toEqual(
        renamed(theirs, `${table}_hand`, table),
      );
      await expect(
        world.sql(
          `UPDATE ${table} SET base = 7 WHERE id = 5 RETURNING doubled, thrice`,
        ),
      ).resolves.toEqual([{ doubled: 14, thrice: 21 }]);
      expect(original.columns).toHaveLength(5);
    },
  );

  it('may go, before what they are computed from', async () => {
    await createComputed('uncomputed');
    const run = await world.run({
      table: 'uncomputed',
      from: computed,
      to: [id, field('a', 'string')],
      steps: ['b', 'twice', 'thrice'].map(name => ({
        agent: 'drop-field',
        payload: { field: name },
      })),
    });
    await migrate(world.engine(), run);
    await expect(
      world.sql('SELECT * FROM uncomputed WHERE id = 1'),
    ).resolves.toEqual([{ id: 1, a: '1' }]);
  });
});
