import { Field } from '@skein/backstage-plugin-dataset-migrations-common';
import { describeTable, renamed } from './__testUtils__/describeTable';
import { field, id, migrate, World } from './__testUtils__/world';

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

/** What the statements of {@link byHand} leave, as if it were of another table. */
async function alterByHand(what: Case) {
  tables += 1;
  const hand = `x${tables}xhand`;
  await create(hand, what.statements);
  for (const statement of byHand(hand)) {
    await world.sql(statement);
  }
  const description = await describeOne(hand);
  return (table: string) => renamed(description, hand, table);
}

describe.each(cases)('$what', what => {
  let altered: (table: string) => Record<string, any[]>;

  beforeAll(async () => {
    altered = await alterByHand(what);
  });

  it('is what ALTER TABLE by hand would have left, and comes back', async () => {
    const { engine, run, table, original } = await change(what, 'switch');
    expect(await describeOne(table)).toEqual(altered(table));
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
    expect(await describeOne(table)).toEqual(altered(table));
  });

  it('stays when the new version beside it is given up', async () => {
    const { engine, run, table, original } = await change(what, 'coexist');
    await engine.rollback(run);
    expect(await describeOne(table)).toEqual(original);
  });
});
