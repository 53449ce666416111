import { describeTable } from './__testUtils__/describeTable';
import { createScratchDatabase } from './__testUtils__/scratchDatabase';
import { copy, field, id, migrate, World } from './__testUtils__/world';
import { namesOf } from './RunContext';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

const describeOne = (table: string) =>
  describeTable((text, values) => world.sql(text, values), table);

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

    it('lets a transaction through that holds a table at the other end', async () => {
      await createFamily('tribe');
      const engine = world.engine();
      const run = await world.run({
        table: 'tribe',
        from: fields,
        to: target,
        steps: changes,
      });
      await copy(engine, run);
      const other = await World.connect(world.connectionString);
      try {
        await other.query('BEGIN');
        await other.query('UPDATE tribe_parent SET id = id WHERE id = 5');
        const switching = engine.cutOver(run);
        await other.query(`INSERT INTO tribe VALUES (301, 5, '301')`);
        await other.query('INSERT INTO tribe_child VALUES (301)');
        await other.query('COMMIT');
        await switching;
      } finally {
        await other.end();
      }
      await expect(
        world.sql('SELECT parent_id, doubled FROM tribe WHERE id = 301'),
      ).resolves.toEqual([{ parent_id: 5, doubled: 10 }]);
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
    const parts = [run, again].flatMap(({ migrationId }) => {
      const { next, old } = namesOf(migrationId);
      return [next, old];
    });
    await expect(
      world.sql(`SELECT FROM pg_namespace WHERE nspname = ANY ($1)`, [parts]),
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
