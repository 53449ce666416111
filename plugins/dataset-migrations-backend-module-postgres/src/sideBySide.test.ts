import { castOfA } from './__testUtils__/castOfA';
import { until } from './__testUtils__/until';
import { field, id, migrate, World } from './__testUtils__/world';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

const text = (name: string) => field(name, 'string');

/** A table of names: one column renamed, one cast, one dropped, two added. */
const people = {
  from: [
    id,
    text('name'),
    text('born'),
    field('note', 'string', { required: false }),
  ],
  to: [
    id,
    text('full_name'),
    field('born', 'integer'),
    field('country', 'string', { default: 'PE', required: true }),
    text('greeting'),
  ],
  steps: [
    { agent: 'rename-field', payload: { from: 'name', to: 'full_name' } },
    { agent: 'cast-type', payload: { field: 'born' } },
    { agent: 'drop-field', payload: { field: 'note' } },
    { agent: 'add-field', payload: { field: 'country', default: 'PE' } },
    {
      agent: 'derive-field',
      payload: { field: 'greeting', expression: "'Hello ' || full_name" },
    },
  ],
};

async function createPeople(table: string) {
  await world.sql(
    `CREATE TABLE ${table} (id integer PRIMARY KEY, name text, born text, note text)`,
  );
  await world.sql(
    `INSERT INTO ${table} SELECT g, 'N' || g, (1900 + g)::text, 'note ' || g FROM generate_series(1, 100) AS g`,
  );
}

const old = (table: string, where: string) =>
  world.sql(
    `SELECT name, born, note FROM public_v1_0_0.${table} WHERE ${where}`,
  );
const fresh = (table: string, where: string) =>
  world.sql(
    `SELECT full_name, born, country, greeting FROM public_v2_0_0.${table} WHERE ${where}`,
  );

describe('two versions side by side', () => {
  async function coexisting(table: string) {
    await createPeople(table);
    const run = await world.run({ table, ...people, policy: 'coexist' });
    const engine = world.engine();
    await migrate(engine, run);
    return { run, engine };
  }

  it('G9: show what is written to the old one in the new one', async () => {
    await coexisting('forward');
    await world.sql(`INSERT INTO forward VALUES (101, 'Ana', '1999', 'x')`);
    await world.sql(`UPDATE forward SET name = 'Eva' WHERE id = 1`);
    await world.sql(`DELETE FROM public_v1_0_0.forward WHERE id = 2`);
    await world.sql(`UPDATE forward SET id = 203 WHERE id = 3`);
    await expect(fresh('forward', 'id = 101')).resolves.toEqual([
      { full_name: 'Ana', born: 1999, country: 'PE', greeting: 'Hello Ana' },
    ]);
    await expect(fresh('forward', 'id = 1')).resolves.toMatchObject([
      { full_name: 'Eva', greeting: 'Hello Eva' },
    ]);
    await expect(fresh('forward', 'id IN (2, 3, 203)')).resolves.toMatchObject([
      { full_name: 'N3' },
    ]);
  });

  it('G9: show what is written to the new one in the old one', async () => {
    await coexisting('backward');
    await world.sql(
      `INSERT INTO public_v2_0_0.backward VALUES (101, 'Ana', 1999, 'CL', 'Hola')
       ON CONFLICT (id) DO NOTHING`,
    );
    await world.sql(
      `UPDATE public_v2_0_0.backward SET full_name = 'Eva', country = 'AR' WHERE id = 1`,
    );
    await world.sql(`DELETE FROM public_v2_0_0.backward WHERE id = 2`);
    await expect(old('backward', 'id = 101')).resolves.toEqual([
      { name: 'Ana', born: '1999', note: null },
    ]);
    await expect(old('backward', 'id = 1')).resolves.toEqual([
      { name: 'Eva', born: '1901', note: 'note 1' },
    ]);
    await expect(old('backward', 'id = 2')).resolves.toEqual([]);
  });

  it('keep what only one of them has when the other is written', async () => {
    await coexisting('kept');
    await world.sql(
      `UPDATE public_v2_0_0.kept SET country = 'CL', greeting = 'Hola' WHERE id = 1`,
    );
    await world.sql(`UPDATE kept SET born = '2000' WHERE id = 1`);
    await expect(fresh('kept', 'id = 1')).resolves.toEqual([
      { full_name: 'N1', born: 2000, country: 'CL', greeting: 'Hola' },
    ]);
    await world.sql(
      `UPDATE public_v2_0_0.kept SET full_name = 'Eva', greeting = 'Salve' WHERE id = 1`,
    );
    await expect(fresh('kept', 'id = 1')).resolves.toMatchObject([
      { full_name: 'Eva', greeting: 'Salve' },
    ]);
    await expect(old('kept', 'id = 1')).resolves.toEqual([
      { name: 'Eva', born: '2000', note: 'note 1' },
    ]);
  });

  it('mirror what triggers of the application write in turn', async () => {
    const { engine, run } = await coexisting('chained');
    await world.sql(
      `CREATE FUNCTION follow() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF NEW.id < 1000 THEN
           INSERT INTO public.chained VALUES (NEW.id + 1000, 'after ' || NEW.name, '1', 'by trigger');
           UPDATE public.chained SET note = 'followed' WHERE id = NEW.id;
         END IF;
         RETURN NULL;
       END $$`,
    );
    await world.sql(
      'CREATE TRIGGER follow AFTER INSERT ON chained FOR EACH ROW EXECUTE FUNCTION follow()',
    );
    await world.sql(
      `INSERT INTO public_v2_0_0.chained VALUES (500, 'Ana', 1999)`,
    );
    await world.sql(`INSERT INTO chained VALUES (501, 'Eva', '2001')`);
    await expect(
      world.sql(
        `SELECT id, full_name FROM public_v2_0_0.chained WHERE id > 100 ORDER BY id`,
      ),
    ).resolves.toEqual([
      { id: 500, full_name: 'Ana' },
      { id: 501, full_name: 'Eva' },
      { id: 1500, full_name: 'after Ana' },
      { id: 1501, full_name: 'after Eva' },
    ]);
    await world.sql('DROP TRIGGER follow ON chained');
    await engine.rollback(run);
  });

  it('G8: keep all writes when the new one goes', async () => {
    const { engine, run } = await coexisting('returned');
    await world.sql(`INSERT INTO returned VALUES (101, 'Ana', '1999', 'x')`);
    await world.sql(
      `INSERT INTO public_v2_0_0.returned VALUES (102, 'Eva', 2001)`,
    );
    await engine.rollback(run);
    await expect(
      world.sql('SELECT * FROM returned WHERE id > 100 ORDER BY id'),
    ).resolves.toEqual([
      { id: 101, name: 'Ana', born: '1999', note: 'x' },
      { id: 102, name: 'Eva', born: '2001', note: null },
    ]);
    await expect(leftovers()).resolves.toEqual([]);
  });

  it('G6: keep all writes when the old one goes', async () => {
    const { engine, run } = await coexisting('retired');
    await world.sql(`INSERT INTO retired VALUES (101, 'Ana', '1999', 'x')`);
    await world.sql(
      `INSERT INTO public_v2_0_0.retired VALUES (102, 'Eva', 2001, 'CL', 'Hola')`,
    );
    await engine.retire(run);
    await expect(
      world.sql(
        'SELECT full_name, country FROM retired WHERE id > 100 ORDER BY id',
      ),
    ).resolves.toEqual([
      { full_name: 'Ana', country: 'PE' },
      { full_name: 'Eva', country: 'CL' },
    ]);
    await world.sql(`INSERT INTO retired VALUES (103, 'Ida', 1, 'BO', '')`);
    await expect(leftovers()).resolves.toEqual([]);
  });

  it('are both empty after TRUNCATE of either', async () => {
    await coexisting('emptied');
    await world.sql('TRUNCATE emptied');
    await expect(fresh('emptied', 'true')).resolves.toEqual([]);
  });

  it('G10: refuse what the other cannot hold, and change neither', async () => {
    await coexisting('misfits');
    await expect(
      world.sql(`UPDATE misfits SET born = 'long ago' WHERE id = 1`),
    ).rejects.toMatchObject({ code: '22P02' });
    await expect(old('misfits', 'id = 1')).resolves.toMatchObject([
      { born: '1901' },
    ]);
  });

  it('get their keys from one series', async () => {
    await world.sql(
      'CREATE TABLE numbered (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text)',
    );
    await world.sql(
      `INSERT INTO numbered (a) SELECT g::text FROM generate_series(1, 10) AS g`,
    );
    const run = await world.run({
      table: 'numbered',
      ...castOfA,
      policy: 'coexist',
    });
    const engine = world.engine();
    await migrate(engine, run);
    for (let turn = 0; turn < 5; turn += 1) {
      await world.sql(`INSERT INTO numbered (a) VALUES ('1'), ('2')`);
      await world.sql(`INSERT INTO public_v2_0_0.numbered (a) VALUES (3)`);
    }
    const [{ rows }] = await world.sql(
      'SELECT count(DISTINCT id)::int AS rows FROM numbered',
    );
    expect(rows).toBe(25);
    await engine.retire(run);
    await world.sql(`INSERT INTO numbered (a) VALUES (4), (5)`);
    const ids = await world.sql(
      'SELECT id FROM numbered ORDER BY id DESC LIMIT 2',
    );
    expect(ids[0].id - ids[1].id).toBe(1);
  });

  it('can be read only in the new one where nothing leads back', async () => {
    await createPeople('oneway');
    const run = await world.run({
      table: 'oneway',
      from: people.from,
      to: [id, text('name'), text('born'), text('note')],
      steps: [
        {
          agent: 'derive-field',
          payload: { field: 'name', expression: 'upper(name)', replace: true },
        },
      ],
      policy: 'coexist',
    });
    const engine = world.engine();
    await migrate(engine, run);
    await expect(
      world.sql(`UPDATE public_v2_0_0.oneway SET name = 'X' WHERE id = 1`),
    ).rejects.toThrow('can be read only until 1.0.0 is retired');
    await world.sql(`UPDATE oneway SET name = 'eva' WHERE id = 1`);
    await expect(
      world.sql('SELECT name FROM public_v2_0_0.oneway WHERE id = 1'),
    ).resolves.toEqual([{ name: 'EVA' }]);
    await engine.retire(run);
    await world.sql(`UPDATE oneway SET name = 'X' WHERE id = 1`);
  });

  it('refuse a transaction whose snapshot is older than the new one', async () => {
    await createPeople('stale');
    const run = await world.run({
      table: 'stale',
      ...people,
      policy: 'coexist',
    });
    // With patience the publication waits for it.
    const engine = world.engine({ settings: { oldSnapshotSeconds: 0 } });
    const application = await World.connect(world.connectionString);
    try {
      await application.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await application.query('SELECT txid_current_snapshot()');
      await migrate(engine, run);
      await expect(
        application.query(`DELETE FROM stale WHERE id = 1`),
      ).rejects.toMatchObject({ code: '40001' });
    } finally {
      await application.end();
    }
    await expect(fresh('stale', 'id = 1')).resolves.toHaveLength(1);
  });

  it('G9: lose no count when a row is written through both at a time', async () => {
    await world.sql('CREATE TABLE counters (id integer PRIMARY KEY, a text)');
    await world.sql(`INSERT INTO counters VALUES (1, '0')`);
    const run = await world.run({
      table: 'counters',
      ...castOfA,
      policy: 'coexist',
    });
    await migrate(world.engine(), run);
    const other = await World.connect(world.connectionString);
    try {
      await world.sql('BEGIN');
      await world.sql(`UPDATE counters SET a = (a::int + 1)::text`);
      const second = other.query('UPDATE public_v2_0_0.counters SET a = a + 1');
      const watcher = await World.connect(world.connectionString);
      await until(
        async () =>
          (
            await watcher.query(
              `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
            )
          ).rows.length > 0,
      ).finally(() => watcher.end());
      await world.sql('COMMIT');
      await second;
    } finally {
      await other.end();
    }
    await expect(world.sql('SELECT a FROM counters')).resolves.toEqual([
      { a: '2' },
    ]);
  });
});

/** Tables, functions and schemas of runs that are over. */
async function leftovers(): Promise<string[]> {
  const rows = await world.sql(
    `SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'skein\\_%' AND EXISTS
       (SELECT FROM pg_class WHERE relnamespace = pg_namespace.oid AND relname IN ('returned', 'retired'))
     UNION ALL SELECT relname FROM pg_class WHERE relname LIKE 'changes\\_%' AND relnamespace = 'skein'::regnamespace
       AND relname NOT IN (SELECT 'changes_' || (state ->> 'watch') || '_target' FROM skein.runs)`,
  );
  return rows.map(({ name }) => name);
}
