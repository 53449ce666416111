import { Field } from '@skein/backstage-plugin-dataset-migrations-common';
import { field, id, migrate, World } from './__testUtils__/world';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

const from: Field[] = [id, field('a', 'string'), field('b', 'string')];
const to: Field[] = [id, field('a', 'integer'), field('b', 'string')];
const steps = [
  { agent: 'cast-type', payload: { field: 'a', onFailure: 'refuse' } },
];

async function refusalsOf(
  table: string,
  change: Partial<Parameters<World['run']>[0]> = {},
  connectionString?: string,
): Promise<string[]> {
  const run = await world.run({ table, from, to, steps, ...change });
  const engine = world.engine({ connectionString });
  const { refusals } = await engine.plan(run);
  if (refusals.length > 0) {
    await expect(
      engine.fence(run).then(() => engine.prepare(run)),
    ).rejects.toThrow();
  }
  return refusals;
}

const create = (table: string) =>
  world.sql(`CREATE TABLE ${table} (id integer PRIMARY KEY, a text, b text)`);

describe('a plan', () => {
  it('refuses nothing about an ordinary table', async () => {
    await create('ordinary');
    expect(await refusalsOf('ordinary')).toEqual([]);
  });

  it.each`
    what                        | statements                                                                                                                                                              | named
    ${'inbound foreign key'}    | ${['CREATE TABLE t_child (r integer CONSTRAINT points REFERENCES t)']}                                                                                                  | ${'points of public.t_child'}
    ${'outbound foreign key'}   | ${['CREATE TABLE t_parent (id integer PRIMARY KEY)', 'ALTER TABLE t ADD CONSTRAINT up FOREIGN KEY (id) REFERENCES t_parent']}                                           | ${'foreign key up'}
    ${'view'}                   | ${['CREATE VIEW t_view AS SELECT a FROM t']}                                                                                                                            | ${'view public.t_view'}
    ${'materialized view'}      | ${['CREATE MATERIALIZED VIEW t_mat AS SELECT a FROM t']}                                                                                                                | ${'materialized view public.t_mat'}
    ${'trigger'}                | ${['CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$', 'CREATE TRIGGER watch BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()']} | ${'trigger watch'}
    ${'rule'}                   | ${['CREATE RULE quiet AS ON DELETE TO t DO ALSO NOTHING']}                                                                                                              | ${'rule quiet'}
    ${'row security'}           | ${['ALTER TABLE t ENABLE ROW LEVEL SECURITY']}                                                                                                                          | ${'Row security'}
    ${'policy'}                 | ${['CREATE POLICY mine ON t USING (true)']}                                                                                                                             | ${'policy mine'}
    ${'publication'}            | ${['CREATE PUBLICATION news FOR TABLE t']}                                                                                                                              | ${'publication news'}
    ${'publication of all'}     | ${['CREATE PUBLICATION everything FOR ALL TABLES']}                                                                                                                     | ${'publication everything'}
    ${'inheritance'}            | ${['CREATE TABLE t_heir () INHERITS (t)']}                                                                                                                              | ${'public.t_heir'}
    ${'extended statistics'}    | ${['CREATE STATISTICS stats ON a, b FROM t']}                                                                                                                           | ${'statistics stats'}
    ${'exclusion constraint'}   | ${['ALTER TABLE t ADD CONSTRAINT apart EXCLUDE USING btree (b WITH =)']}                                                                                                | ${'apart'}
    ${'unvalidated check'}      | ${['ALTER TABLE t ADD CONSTRAINT later CHECK (b IS NOT NULL) NOT VALID']}                                                                                               | ${'later is not validated'}
    ${'generated column'}       | ${["ALTER TABLE t DROP b, ADD b text GENERATED ALWAYS AS (a || '') STORED"]}                                                                                            | ${'column b is generated'}
    ${'unlogged table'}         | ${['ALTER TABLE t SET UNLOGGED']}                                                                                                                                       | ${'not logged'}
    ${'replica identity'}       | ${['ALTER TABLE t REPLICA IDENTITY USING INDEX t_pkey']}                                                                                                                | ${'REPLICA IDENTITY'}
    ${'use of its row type'}    | ${['CREATE TABLE t_user (x t)']}                                                                                                                                        | ${'t_user'}
    ${'use by a function'}      | ${['CREATE FUNCTION g() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t; END']}                                                                         | ${'function'}
    ${'column not in contract'} | ${['ALTER TABLE t ADD extra text']}                                                                                                                                     | ${'column extra'}
    ${'missing column'}         | ${['ALTER TABLE t DROP b']}                                                                                                                                             | ${'column b'}
    ${'another type'}           | ${['ALTER TABLE t ALTER b TYPE integer USING 1']}                                                                                                                       | ${'column b'}
  `('refuses $what by name', async ({ statements, named }) => {
    await create('t');
    try {
      for (const statement of statements) {
        await world.sql(statement);
      }
      const refusals = await refusalsOf('t');
      expect(refusals).toEqual([expect.stringContaining(named)]);
    } finally {
      await world.sql('DROP SCHEMA public CASCADE');
      await world.sql('CREATE SCHEMA public');
      await world.sql('DROP PUBLICATION IF EXISTS everything');
      await world.sql('DROP PUBLICATION IF EXISTS news');
    }
  });

  it.each`
    what                | statement                                                | named
    ${'a view'}         | ${'CREATE VIEW v AS SELECT 1 AS id'}                     | ${'is a view'}
    ${'a partitioned'}  | ${'CREATE TABLE v (id integer) PARTITION BY RANGE (id)'} | ${'is a partitioned table'}
    ${'nothing at all'} | ${'SELECT 1'}                                            | ${'There is no table warehouse.public.v'}
  `('refuses $what', async ({ statement, named }) => {
    await world.sql(statement);
    expect(await refusalsOf('v')).toEqual([expect.stringContaining(named)]);
    await world.sql('DROP VIEW IF EXISTS v').catch(() => {});
    await world.sql('DROP TABLE IF EXISTS v').catch(() => {});
  });

  it('names the privileges that its role lacks', async () => {
    await create('guarded');
    const role = `skein_weak_${process.pid}`;
    await world.sql(`CREATE ROLE ${role} LOGIN PASSWORD 'weak'`);
    try {
      const url = new URL(world.connectionString);
      url.username = role;
      url.password = 'weak';
      const refusals = await refusalsOf('guarded', {}, url.href);
      expect(refusals).toEqual([
        expect.stringContaining(`must own the table`),
        expect.stringContaining('may not create schemas'),
        expect.stringContaining('may not create tables in public'),
        expect.stringContaining('control schema skein'),
      ]);
      expect(refusals.join()).not.toContain('weak@');
    } finally {
      await world.sql(`DROP OWNED BY ${role}`);
      await world.sql(`DROP ROLE ${role}`);
    }
  });

  it('refuses names that PostgreSQL would cut off', async () => {
    await create('cut');
    const long = 'é'.repeat(40);
    const refusals = await refusalsOf('cut', {
      to: [id, field('a', 'string'), field(long, 'string')],
      steps: [{ agent: 'rename-field', payload: { from: 'b', to: long } }],
    });
    expect(refusals).toEqual([expect.stringContaining('63 bytes')]);
  });

  it('refuses another version than the one recorded beside the data', async () => {
    await create('moved_on');
    const engine = world.engine();
    await migrate(
      engine,
      await world.run({ table: 'moved_on', from, to, steps }),
    );
    const refusals = await refusalsOf('moved_on', {
      from: to,
      to: from,
      versions: ['1.5.0', '2.5.0'],
      fence: 2,
      migrationId: 'another',
    });
    expect(refusals).toEqual([expect.stringContaining('holds version 2.0.0')]);
  });

  it('refuses a second migration while an old version coexists', async () => {
    await create('beside');
    const engine = world.engine();
    await migrate(
      engine,
      await world.run({ table: 'beside', from, to, steps, policy: 'coexist' }),
    );
    const refusals = await refusalsOf('beside', {
      fence: 2,
      migrationId: 'another',
    });
    expect(refusals).toEqual([expect.stringContaining('retire it first')]);
  });
});

describe('preparing', () => {
  it('G10: refuses a definition that the new types break, and leaves nothing', async () => {
    await world.sql(
      `CREATE TABLE checked (id integer PRIMARY KEY, a text CHECK (a LIKE '1%'), b text)`,
    );
    const engine = world.engine();
    const run = await world.run({ table: 'checked', from, to, steps });
    await engine.fence(run);
    await expect(engine.prepare(run)).rejects.toThrow(
      /definition of warehouse.public.checked .* operator does not exist/,
    );
    expect(await engine.phase(run)).toBe('none');
    await expect(
      world.sql(
        `SELECT nspname FROM pg_namespace WHERE nspname LIKE 'skein\\_%\\_next'`,
      ),
    ).resolves.not.toContainEqual({
      nspname: expect.stringContaining('checked'),
    });
    await expect(
      world.sql(
        `SELECT tgname FROM pg_trigger WHERE tgrelid = 'checked'::regclass`,
      ),
    ).resolves.toEqual([]);
  });
});
