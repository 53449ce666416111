import { Field } from '@skein/backstage-plugin-dataset-migrations-common';
import { describeTable, renamed } from './__testUtils__/describeTable';
import { field, migrate, World } from './__testUtils__/world';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

const key = { required: true } as const;

const before: Field[] = [
  field('id', 'integer', { ...key, primaryKeyPosition: 1 }),
  field('day', 'date', { ...key, primaryKeyPosition: 2 }),
  field('region', 'string', key),
  field('amount', 'string'),
  field('note', 'string'),
  field('gone', 'string'),
];

const after: Field[] = [
  field('id', 'integer', { ...key, primaryKeyPosition: 1 }),
  field('on_day', 'date', { ...key, primaryKeyPosition: 2 }),
  field('region', 'string', key),
  field('amount', { kind: 'decimal', precision: 10, scale: 2 }),
  field('note', 'string'),
  field('label', 'string'),
];

const steps = [
  { agent: 'rename-field', payload: { from: 'day', to: 'on_day' } },
  { agent: 'cast-type', payload: { field: 'amount', onFailure: 'refuse' } },
  {
    agent: 'derive-field',
    payload: { field: 'label', expression: "region || '/' || id::text" },
  },
  { agent: 'drop-field', payload: { field: 'gone' } },
];

/** What an expert would have typed, on the live table. */
const byHand = (table: string) => [
  `ALTER TABLE ${table} RENAME day TO on_day`,
  `ALTER TABLE ${table} ALTER amount TYPE numeric(10,2) USING amount::numeric`,
  `ALTER TABLE ${table} DROP gone`,
  `ALTER TABLE ${table} ADD label text`,
];

const COLUMNS =
  'id integer NOT NULL, day date NOT NULL, region text NOT NULL, amount text, note text, gone text';

/** How a table is partitioned, and what is special about its partitions. */
interface Case {
  what: string;
  statements: string[];
}

const FILL = `INSERT INTO T (id, day, region, amount, note, gone)
  SELECT g, date '2024-01-20' + g / 10, 'r' || g % 4, (g / 4.0)::text, 'n' || g, 'g' FROM generate_series(1, 500) AS g`;

const byMonth = [
  `CREATE TABLE T (${COLUMNS}) PARTITION BY RANGE (day)`,
  `CREATE TABLE T_1 PARTITION OF T FOR VALUES FROM (MINVALUE) TO ('2024-02-01')`,
  `CREATE TABLE T_2 PARTITION OF T FOR VALUES FROM ('2024-02-01') TO ('2024-03-01')`,
  `CREATE TABLE T_empty PARTITION OF T FOR VALUES FROM ('2030-01-01') TO (MAXVALUE)`,
  'CREATE TABLE T_rest PARTITION OF T DEFAULT',
  'ALTER TABLE T ADD PRIMARY KEY (id, day)',
];

const cases: Case[] = [
  { what: 'ranges and a default partition', statements: byMonth },
  {
    what: 'lists',
    statements: [
      `CREATE TABLE T (${COLUMNS}) PARTITION BY LIST (region)`,
      `CREATE TABLE T_1 PARTITION OF T FOR VALUES IN ('r0', 'it''s')`,
      `CREATE TABLE T_2 PARTITION OF T FOR VALUES IN ('r1', 'r2', 'r3')`,
      'ALTER TABLE T ADD CONSTRAINT T_unique UNIQUE NULLS NOT DISTINCT (region, day, id) DEFERRABLE',
    ],
  },
  {
    what: 'hashes',
    statements: [
      `CREATE TABLE T (${COLUMNS}, PRIMARY KEY (id, day)) PARTITION BY HASH (id)`,
      ...[0, 1, 2].map(
        remainder =>
          `CREATE TABLE T_${remainder} PARTITION OF T FOR VALUES WITH (MODULUS 3, REMAINDER ${remainder})`,
      ),
    ],
  },
  {
    what: 'expressions, of a renamed column',
    statements: [
      `CREATE TABLE T (${COLUMNS}) PARTITION BY RANGE (extract(year FROM day), lower(region))`,
      `CREATE TABLE T_1 PARTITION OF T FOR VALUES FROM (MINVALUE, MINVALUE) TO (2025, 'x')`,
    ],
  },
  {
    what: 'partitions of partitions',
    statements: [
      `CREATE TABLE T (${COLUMNS}) PARTITION BY LIST (region)`,
      'CREATE TABLE T_some PARTITION OF T DEFAULT PARTITION BY RANGE (day)',
      `CREATE TABLE T_1 PARTITION OF T_some FOR VALUES FROM (MINVALUE) TO ('2024-02-01')`,
      'CREATE TABLE T_2 PARTITION OF T_some DEFAULT PARTITION BY HASH (id)',
      'CREATE TABLE T_2h PARTITION OF T_2 FOR VALUES WITH (MODULUS 1, REMAINDER 0)',
      `CREATE TABLE T_0 PARTITION OF T FOR VALUES IN ('r0')`,
      'ALTER TABLE T ADD PRIMARY KEY (id, day, region)',
      'CREATE INDEX T_note ON T (lower(note))',
      'CREATE INDEX T_own ON T_2 (note)',
    ],
  },
  {
    what: 'partitions that are not alike',
    statements: [
      ...byMonth.slice(0, 3),
      // Another order of columns, and one that was dropped.
      `CREATE TABLE T_odd (gone text, note text DEFAULT 'odd', old text, amount text, region text CONSTRAINT T_region NOT NULL, day date NOT NULL, id integer NOT NULL,
        CONSTRAINT T_own CHECK (note <> 'x'))`,
      'ALTER TABLE T_odd DROP old',
      'ALTER TABLE T ATTACH PARTITION T_odd DEFAULT',
      'ALTER TABLE T ADD PRIMARY KEY (id, day)',
      'ALTER INDEX T_odd_pkey RENAME TO T_strange',
      `ALTER TABLE T ADD CONSTRAINT T_all CHECK (region <> '')`,
      `ALTER TABLE T ADD CONSTRAINT T_soon CHECK (region <> 'r9') NOT VALID`,
      'ALTER TABLE T_1 SET (fillfactor = 50, toast.autovacuum_enabled = false)',
      `ALTER TABLE T_1 ALTER note SET STORAGE EXTERNAL, ALTER note SET STATISTICS 7, ALTER region SET (n_distinct = 5), ALTER note SET DEFAULT 'first'`,
      `COMMENT ON TABLE T_1 IS 'the first'`,
      `COMMENT ON COLUMN T_1.note IS 'its note'`,
      'GRANT SELECT ON T_1 TO pg_monitor',
      'GRANT UPDATE (day) ON T_odd TO PUBLIC',
      'ALTER TABLE T_2 OWNER TO pg_read_all_data',
      'ALTER TABLE T_2 REPLICA IDENTITY FULL',
      'CREATE INDEX T_two ON T_2 (note) WHERE id > 5',
      'CREATE UNIQUE INDEX T_days ON T (day, id) INCLUDE (note)',
      'CREATE INDEX T_days_too ON T (day, id)',
      `COMMENT ON INDEX T_days IS 'all of them'`,
      `COMMENT ON INDEX T_1_day_id_note_idx IS 'one of them'`,
      `COMMENT ON TABLE T IS 'the whole'`,
      'GRANT SELECT, INSERT ON T TO pg_monitor',
    ],
  },
  {
    what: 'what hangs on the table, and on its partitions',
    statements: [
      ...byMonth,
      'CREATE FUNCTION T_watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
      'CREATE TRIGGER T_all AFTER INSERT ON T FOR EACH ROW EXECUTE FUNCTION T_watch()',
      'CREATE TRIGGER T_once BEFORE UPDATE ON T FOR EACH STATEMENT EXECUTE FUNCTION T_watch()',
      'CREATE TRIGGER T_one BEFORE INSERT ON T_1 FOR EACH ROW EXECUTE FUNCTION T_watch()',
      'ALTER TABLE T DISABLE TRIGGER T_all',
      'CREATE VIEW T_view AS SELECT id, note FROM T',
      'CREATE VIEW T_view_1 AS SELECT id, note FROM T_1',
      FILL,
      'CREATE TABLE T_child (a integer, b date, CONSTRAINT T_of FOREIGN KEY (a, b) REFERENCES T ON DELETE CASCADE)',
      'INSERT INTO T_child SELECT id, day FROM T LIMIT 10',
      'CREATE TABLE T_place (note text PRIMARY KEY)',
      'INSERT INTO T_place SELECT note FROM T',
      'ALTER TABLE T ADD CONSTRAINT T_at FOREIGN KEY (note) REFERENCES T_place DEFERRABLE',
      'CREATE TABLE T_line (id integer, day date, CONSTRAINT T_up FOREIGN KEY (id, day) REFERENCES T) PARTITION BY HASH (id)',
      'CREATE TABLE T_line_0 PARTITION OF T_line FOR VALUES WITH (MODULUS 1, REMAINDER 0)',
      'ALTER TABLE T_1 ADD CONSTRAINT T_self FOREIGN KEY (id, day) REFERENCES T',
      'ALTER TABLE T_empty ADD CONSTRAINT T_sibling FOREIGN KEY (id, day) REFERENCES T_1',
      'ALTER TABLE T_2 ENABLE ROW LEVEL SECURITY',
      'CREATE POLICY T_mine ON T_2 USING (id > 0)',
      'CREATE STATISTICS T_both ON region, note FROM T_rest',
      'CREATE PUBLICATION T_some FOR TABLE T',
      'CREATE PUBLICATION T_one FOR TABLE T_2',
    ],
  },
];

let tables = 0;

async function create(table: string, statements: string[]): Promise<void> {
  const filled = statements.includes(FILL) ? statements : [...statements, FILL];
  for (const statement of [...filled, 'ANALYZE T']) {
    await world.sql(statement.replace(/\bT(?=_|\b)/g, table));
  }
}

/** Everything about the table and each of its partitions. */
async function describeAll(table: string) {
  const tree = await world.sql(
    'SELECT relid::regclass::text AS name FROM pg_partition_tree($1) ORDER BY 1',
    [table],
  );
  const ask: World['sql'] = (text, values) => world.sql(text, values);
  const described: Record<string, unknown> = {};
  for (const { name } of tree) {
    described[name] = await describeTable(ask, name);
  }
  return described;
}

const rowsOf = (table: string) =>
  world.sql(
    `SELECT tableoid::regclass::text AS partition, to_jsonb(t) FROM ${table} AS t ORDER BY id, region`,
  );

describe.each(cases)('$what', ({ statements }) => {
  it('is what ALTER TABLE by hand would have left, and comes back', async () => {
    tables += 1;
    const table = `x${tables}x`;
    await create(table, statements);
    const original = await describeAll(table);
    const rows = await rowsOf(table);
    const run = await world.run({ table, from: before, to: after, steps });
    const engine = world.engine();
    const plan = await engine.plan(run);
    expect(plan.refusals).toEqual([]);
    expect(plan).toMatchObject({ strategy: 'shadow-copy', rows: 500 });
    await migrate(engine, run);

    const hand = `${table}hand`;
    await create(hand, statements);
    for (const statement of byHand(hand)) {
      await world.sql(statement);
    }
    await world.sql(`ANALYZE ${hand}`);
    await world.sql(`UPDATE ${hand} SET label = region || '/' || id`);
    const asByHand = renamed(await describeAll(hand), hand, table);
    expect(await describeAll(table)).toEqual(asByHand);
    expect(await rowsOf(table)).toEqual(
      renamed(await rowsOf(hand), hand, table),
    );

    await engine.rollback(run);
    expect(await describeAll(table)).toEqual(original);
    expect(await rowsOf(table)).toEqual(rows);
  });
});
