import { castOfA, createCastable, typeOfA } from './__testUtils__/castOfA';
import { copy, field, id, migrate, World } from './__testUtils__/world';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

const { from, to, steps } = castOfA;
const create = (table: string) => createCastable(world, table, { rows: 50 });
const typeOf = (table: string) => typeOfA(world, table);

describe('what is made on a table while it is migrated', () => {
  it.each`
    what                      | make                                                                                             | drop                             | named
    ${'a view'}               | ${'CREATE VIEW made AS SELECT a FROM t'}                                                         | ${'DROP VIEW made'}              | ${'view public.made'}
    ${'a materialized view'}  | ${'CREATE MATERIALIZED VIEW made AS SELECT a FROM t'}                                            | ${'DROP MATERIALIZED VIEW made'} | ${'materialized view public.made'}
    ${'a foreign key'}        | ${'CREATE TABLE made (r integer CONSTRAINT points REFERENCES t)'}                                | ${'DROP TABLE made'}             | ${'key points of public.made'}
    ${'a publication'}        | ${'CREATE PUBLICATION made FOR TABLE t'}                                                         | ${'DROP PUBLICATION made'}       | ${'publication made'}
    ${'a publication of all'} | ${'CREATE PUBLICATION made FOR ALL TABLES'}                                                      | ${'DROP PUBLICATION made'}       | ${'publication made'}
    ${'statistics'}           | ${'CREATE STATISTICS made ON id, a FROM t'}                                                      | ${'DROP STATISTICS made'}        | ${'statistics made'}
    ${'a function'}           | ${'CREATE FUNCTION made() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t; END'} | ${'DROP FUNCTION made'}          | ${'function public.made()'}
    ${'use of its row type'}  | ${'CREATE TABLE made (x t)'}                                                                     | ${'DROP TABLE made'}             | ${'table public.made'}
  `(
    'G2: $what stops the switch by name',
    async ({ what, make, drop, named }) => {
      await create('t');
      const migrationId = `beside ${what}`;
      const run = await world.run({ table: 't', from, to, steps, migrationId });
      const engine = world.engine();
      try {
        await copy(engine, run);
        await world.sql(make);
        await expect(engine.cutOver(run)).rejects.toMatchObject({
          name: 'SourceChangedError',
          message: expect.stringContaining(named),
        });
        expect(await typeOf('t')).toBe('text');
        await world.sql(drop);
        await engine.cutOver(run);
        expect(await typeOf('t')).toBe('integer');
        await engine.rollback(run);
      } finally {
        await world.sql('DROP TABLE t CASCADE');
      }
    },
  );

  it('G2: a view stops the widening of a column that it reads', async () => {
    const short = field('a', { kind: 'string', maxLength: 5 });
    await world.sql(
      'CREATE TABLE widened (id integer PRIMARY KEY, a varchar(5))',
    );
    const run = await world.run({
      table: 'widened',
      from: [id, short],
      to: [id, field('a', 'string')],
      steps,
    });
    const engine = world.engine();
    await copy(engine, run);
    await world.sql('CREATE VIEW of_widened AS SELECT a FROM widened');
    await expect(engine.cutOver(run)).rejects.toMatchObject({
      name: 'SourceChangedError',
      message: expect.stringContaining('view public.of_widened'),
    });
    await world.sql('DROP VIEW of_widened');
    await engine.cutOver(run);
    expect(await typeOf('widened')).toBe('text');
  });

  it('G2: a view stops the retirement of the version that it reads', async () => {
    await create('beside');
    const run = await world.run({
      table: 'beside',
      from,
      to,
      steps,
      policy: 'coexist',
    });
    const engine = world.engine();
    await migrate(engine, run);
    await world.sql('CREATE VIEW of_beside AS SELECT a FROM beside');
    await expect(engine.retire(run)).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining('view public.of_beside'),
    });
    expect(await typeOf('beside')).toBe('text');
    await world.sql('DROP VIEW of_beside');
    await engine.retire(run);
    expect(await typeOf('beside')).toBe('integer');
  });
});

describe('what is made on a new version after the cut over', () => {
  it.each`
    what                | make                                                                                                           | undo                                          | named
    ${'row security'}   | ${'ALTER TABLE t ENABLE ROW LEVEL SECURITY'}                                                                   | ${'ALTER TABLE t DISABLE ROW LEVEL SECURITY'} | ${'changed row security'}
    ${'a policy'}       | ${'CREATE POLICY made ON t USING (id < 5)'}                                                                    | ${'DROP POLICY made ON t'}                    | ${'row security policy made'}
    ${'a trigger'}      | ${'CREATE TRIGGER made BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()'} | ${'DROP TRIGGER made ON t'}                   | ${'trigger made'}
    ${'an index'}       | ${'CREATE INDEX made ON t (a)'}                                                                                | ${'DROP INDEX made'}                          | ${'changed indexes'}
    ${'a constraint'}   | ${'ALTER TABLE t ADD CONSTRAINT made CHECK (a > 0)'}                                                           | ${'ALTER TABLE t DROP CONSTRAINT made'}       | ${'changed constraints'}
    ${'a grant'}        | ${'GRANT SELECT ON t TO PUBLIC'}                                                                               | ${'REVOKE SELECT ON t FROM PUBLIC'}           | ${'changed grants'}
    ${'a column grant'} | ${'GRANT SELECT (a) ON t TO PUBLIC'}                                                                           | ${'REVOKE SELECT (a) ON t FROM PUBLIC'}       | ${'changed grants'}
    ${'a column'}       | ${'ALTER TABLE t ADD made text'}                                                                               | ${'ALTER TABLE t DROP made'}                  | ${'changed columns'}
    ${'a default'}      | ${'ALTER TABLE t ALTER a SET DEFAULT 5'}                                                                       | ${'ALTER TABLE t ALTER a DROP DEFAULT'}       | ${'changed columns'}
    ${'a comment'}      | ${"COMMENT ON COLUMN t.a IS 'made'"}                                                                           | ${'COMMENT ON COLUMN t.a IS NULL'}            | ${'changed comments'}
    ${'a view'}         | ${'CREATE VIEW made AS SELECT a FROM t'}                                                                       | ${'DROP VIEW made'}                           | ${'the view public.made'}
    ${'a foreign key'}  | ${'CREATE TABLE made (r integer CONSTRAINT points REFERENCES t)'}                                              | ${'DROP TABLE made'}                          | ${'the foreign key points of public.made'}
    ${'a publication'}  | ${'CREATE PUBLICATION made FOR TABLE t'}                                                                       | ${'DROP PUBLICATION made'}                    | ${'the publication made'}
  `(
    'G8: $what keeps a roll back from losing it',
    async ({ what, make, undo, named }) => {
      await create('t');
      const migrationId = `under ${what}`;
      const run = await world.run({ table: 't', from, to, steps, migrationId });
      const engine = world.engine();
      try {
        await migrate(engine, run);
        await world.sql(make);
        await expect(engine.rollback(run)).rejects.toMatchObject({
          name: 'ConflictError',
          message: expect.stringContaining(named),
        });
        expect(await typeOf('t')).toBe('integer');
        await world.sql(undo);
        await engine.rollback(run);
        expect(await typeOf('t')).toBe('text');
      } finally {
        await world.sql('DROP TABLE t CASCADE');
      }
    },
  );

  it.each`
    what                         | table         | statements                                                                                                          | named
    ${'another table'}           | ${'replaced'} | ${['ALTER TABLE replaced RENAME TO replaced_before', 'CREATE TABLE replaced (LIKE replaced_before INCLUDING ALL)']} | ${'changed identity'}
    ${'rows that are not noted'} | ${'muted'}    | ${['ALTER TABLE muted DISABLE TRIGGER ALL', 'DELETE FROM muted']}                                                   | ${'changed triggers'}
  `(
    'G8: $what keep a roll back from losing them',
    async ({ table, statements, named }) => {
      await create(table);
      const run = await world.run({ table, from, to, steps });
      const engine = world.engine();
      await migrate(engine, run);
      for (const statement of statements) {
        await world.sql(statement);
      }
      await expect(engine.rollback(run)).rejects.toMatchObject({
        name: 'ConflictError',
        message: expect.stringContaining(named),
      });
    },
  );

  it('G8: a view of a new column keeps a change of metadata in force', async () => {
    await create('extended');
    const run = await world.run({
      table: 'extended',
      from,
      to: [...from, field('b', 'string', { default: 'x' })],
      steps: [{ agent: 'add-field', payload: { field: 'b' } }],
    });
    const engine = world.engine();
    await migrate(engine, run);
    await world.sql('CREATE VIEW of_extended AS SELECT b FROM extended');
    await expect(engine.rollback(run)).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining('the view public.of_extended'),
    });
    await world.sql('DROP VIEW of_extended');
    await engine.rollback(run);
  });

  it('G8: a view of the view of a version keeps both', async () => {
    await create('viewed');
    const run = await world.run({
      table: 'viewed',
      from,
      to,
      steps,
      policy: 'coexist',
    });
    const engine = world.engine();
    await migrate(engine, run);
    await world.sql(
      'CREATE VIEW of_view AS SELECT a FROM public_v2_0_0.viewed',
    );
    await expect(engine.rollback(run)).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining('the view public.of_view'),
    });
    await world.sql('DROP VIEW of_view');
    await engine.rollback(run);
  });
});
