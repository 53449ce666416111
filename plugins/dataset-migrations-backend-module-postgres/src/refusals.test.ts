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
    what                              | statements                                                                                                                                                                                                                      | named
    ${'inbound key to a cast column'} | ${['ALTER TABLE t ADD UNIQUE (a)', 'CREATE TABLE t_child (r text CONSTRAINT points REFERENCES t (a))']}                                                                                                                         | ${'points of public.t_child'}
    ${'foreign key of a cast column'} | ${['CREATE TABLE t_parent (a text PRIMARY KEY)', 'ALTER TABLE t ADD CONSTRAINT up FOREIGN KEY (a) REFERENCES t_parent']}                                                                                                        | ${'foreign key up'}
    ${'view'}                         | ${['CREATE VIEW t_view AS SELECT a FROM t']}                                                                                                                                                                                    | ${'view public.t_view'}
    ${'materialized view'}            | ${['CREATE MATERIALIZED VIEW t_mat AS SELECT a FROM t']}                                                                                                                                                                        | ${'materialized view public.t_mat'}
    ${'trigger of a cast column'}     | ${['CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$', 'CREATE TRIGGER watch BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f()']}                                                    | ${'trigger watch'}
    ${'trigger that comes from it'}   | ${['CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$', 'CREATE TABLE t_other (x text)', 'CREATE CONSTRAINT TRIGGER watch AFTER INSERT ON t_other FROM t FOR EACH ROW EXECUTE FUNCTION f()']} | ${'trigger watch on table public.t_other'}
    ${'rule'}                         | ${['CREATE RULE quiet AS ON DELETE TO t DO ALSO NOTHING']}                                                                                                                                                                      | ${'rule quiet'}
    ${'rule of a view'}               | ${['CREATE VIEW t_view AS SELECT 1 AS x', 'CREATE RULE onto AS ON INSERT TO t_view DO INSTEAD INSERT INTO t (id) VALUES (NEW.x)']}                                                                                              | ${'rule onto of public.t_view'}
    ${'policy on a cast column'}      | ${["CREATE POLICY mine ON t USING (a = 'x')"]}                                                                                                                                                                                  | ${'policy mine'}
    ${'publication by a cast column'} | ${["CREATE PUBLICATION news FOR TABLE t WHERE (a = 'x') WITH (publish = 'insert')"]}                                                                                                                                            | ${'publication news'}
    ${'publication of all'}           | ${['CREATE PUBLICATION everything FOR ALL TABLES']}                                                                                                                                                                             | ${'publication everything'}
    ${'inheritance'}                  | ${['CREATE TABLE t_heir () INHERITS (t)']}                                                                                                                                                                                      | ${'public.t_heir'}
    ${'unvalidated NOT NULL'}         | ${['ALTER TABLE t ADD CONSTRAINT later NOT NULL b NOT VALID']}                                                                                                                                                                  | ${'later (NOT NULL) is not validated'}
    ${'column from a cast one'}       | ${["ALTER TABLE t DROP b, ADD b text GENERATED ALWAYS AS (a || '') STORED"]}                                                                                                                                                    | ${'column b is generated from a'}
    ${'unlogged table'}               | ${['ALTER TABLE t SET UNLOGGED']}                                                                                                                                                                                               | ${'not logged'}
    ${'view of whole rows'}           | ${['CREATE VIEW t_view AS SELECT t AS it FROM t']}                                                                                                                                                                              | ${"column it of view public.t_view uses this table's row type"}
    ${'use of its row type'}          | ${['CREATE TABLE t_user (x t)']}                                                                                                                                                                                                | ${'t_user'}
    ${'function of a cast column'}    | ${['CREATE FUNCTION g() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT max(a) FROM t; END']}                                                                                                                                     | ${'function public.g()'}
    ${'column not in contract'}       | ${['ALTER TABLE t ADD extra text']}                                                                                                                                                                                             | ${'column extra'}
    ${'missing column'}               | ${['ALTER TABLE t DROP b']}                                                                                                                                                                                                     | ${'column b'}
    ${'another type'}                 | ${['ALTER TABLE t ALTER b TYPE integer USING 1']}                                                                                                                                                                               | ${'column b'}
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
    what                | statement                            | named
    ${'a view'}         | ${'CREATE VIEW v AS SELECT 1 AS id'} | ${'is a view'}
    ${'nothing at all'} | ${'SELECT 1'}                        | ${'There is no table warehouse.public.v'}
  `('refuses $what', async ({ statement, named }) => {
    await world.sql(statement);
    expect(await refusalsOf('v')).toEqual([expect.stringContaining(named)]);
    await world.sql('DROP VIEW IF EXISTS v').catch(() => {});
    await world.sql('DROP TABLE IF EXISTS v').catch(() => {});
  });

  it('refuses a trigger whose function names a column that goes', async () => {
    await create('named');
    await world.sql(
      `CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.b := 'x'; RETURN NEW; END $$`,
    );
    await world.sql(
      'CREATE TRIGGER stamps BEFORE INSERT ON named FOR EACH ROW EXECUTE FUNCTION stamp()',
    );
    const change = { from: [id, field('a', 'string'), field('b', 'string')] };
    const refusal = expect.stringContaining(
      'The trigger stamps calls public.stamp, which names the column b',
    );
    // By a copy, and in place.
    expect(
      await refusalsOf('named', {
        ...change,
        to: [id, field('a', 'string')],
        steps: [{ agent: 'drop-field', payload: { field: 'b' } }],
      }),
    ).toEqual([refusal]);
    expect(
      await refusalsOf('named', {
        ...change,
        to: [id, field('a', 'string'), field('c', 'string')],
        steps: [{ agent: 'rename-field', payload: { from: 'b', to: 'c' } }],
      }),
    ).toEqual([refusal]);
  });

  it('refuses to drop what a foreign key or a replica needs', async () => {
    await create('needed');
    await world.sql('ALTER TABLE needed ADD CONSTRAINT single UNIQUE (a)');
    await world.sql('ALTER TABLE needed ALTER a SET NOT NULL');
    await world.sql('ALTER TABLE needed REPLICA IDENTITY USING INDEX single');
    await world.sql(
      'CREATE TABLE needs (a text CONSTRAINT needing REFERENCES needed (a))',
    );
    const unique = field('a', 'string', { required: true, unique: true });
    expect(
      await refusalsOf('needed', {
        from: [id, unique, field('b', 'string')],
        to: [id, { ...unique, unique: false }, field('b', 'string')],
        steps: undefined,
      }),
    ).toEqual([
      expect.stringContaining('needing of public.needs needs the key single'),
      expect.stringContaining(
        'The index single, by which the table replicates',
      ),
    ]);
    expect(
      await refusalsOf('needed', {
        from: [id, unique, field('b', 'string')],
        to: [id, field('b', 'string')],
        steps: [{ agent: 'drop-field', payload: { field: 'a' } }],
      }),
    ).toEqual([
      expect.stringContaining('points to the column a, which is dropped'),
      expect.stringContaining(
        'The index single, by which the table replicates',
      ),
    ]);
  });

  it('names what belongs to others, and rows that it would not see', async () => {
    const role = `skein_owner_${process.pid}`;
    const url = new URL(world.connectionString);
    await world.sql(`CREATE ROLE ${role} LOGIN PASSWORD 'weak'`);
    try {
      await world.sql(
        `GRANT CREATE ON DATABASE ${url.pathname.slice(1)} TO ${role}`,
      );
      await world.sql(`GRANT CREATE ON SCHEMA public TO ${role}`);
      await create('shared');
      await world.sql(
        'CREATE TABLE shared_child (r integer REFERENCES shared)',
      );
      await world.sql('CREATE TABLE shared_parent (id integer PRIMARY KEY)');
      await world.sql(
        'ALTER TABLE shared ADD CONSTRAINT up FOREIGN KEY (id) REFERENCES shared_parent',
      );
      await world.sql('CREATE VIEW shared_view AS SELECT b FROM shared');
      await world.sql('CREATE PUBLICATION shared_news FOR TABLE shared');
      await world.sql('ALTER TABLE shared ENABLE ROW LEVEL SECURITY');
      await world.sql('ALTER TABLE shared FORCE ROW LEVEL SECURITY');
      await world.sql(`ALTER TABLE shared OWNER TO ${role}`);
      url.username = role;
      url.password = 'weak';
      const refusals = await refusalsOf('shared', {}, url.href);
      expect(refusals).toEqual([
        expect.stringContaining('control schema skein'),
        expect.stringContaining('by the owner of public.shared_child only'),
        expect.stringContaining('GRANT REFERENCES ON public.shared_parent'),
        expect.stringContaining('Row security hides rows'),
        expect.stringContaining('shared_news can be changed by its owner only'),
        expect.stringContaining('public.shared_view can be pointed'),
      ]);
    } finally {
      await world.sql('DROP PUBLICATION IF EXISTS shared_news');
      await world.sql(`DROP OWNED BY ${role} CASCADE`);
      await world.sql(`DROP ROLE ${role}`);
    }
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
