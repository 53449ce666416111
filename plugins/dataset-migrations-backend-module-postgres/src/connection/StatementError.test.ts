import { mockLogger } from '@skein/backstage-plugin-dataset-migrations-node/testUtils';
import { World } from '../__testUtils__/world';
import { sqlStateOf } from './sqlState';
import { withoutValues } from './StatementError';
import { Warehouse } from './Warehouse';

let world: World;
let warehouse: Warehouse;

const VALUE = 'Ada-Lovelace-1815';

beforeAll(async () => {
  world = await World.create();
  await world.sql(
    `CREATE TABLE people (id text PRIMARY KEY, born date NOT NULL CHECK (born < '1900-01-01'),
       chief text CONSTRAINT knows REFERENCES people DEFERRABLE INITIALLY DEFERRED)`,
  );
  await world.sql(`INSERT INTO people VALUES ('${VALUE}', '1815-12-10')`);
  await world.sql(
    `CREATE FUNCTION blurt() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not %', '${VALUE}'; END $$`,
  );
  const [{ name, connection, ...limits }] = world.settings().connections;
  warehouse = new Warehouse(name, connection, {
    ...limits,
    logger: mockLogger(),
  });
});
afterAll(async () => {
  await warehouse.close();
  await world.dispose();
});

const failing = (sql: string) =>
  warehouse
    .transaction({}, session => session.query(sql))
    .then(
      () => undefined,
      error => error,
    );

describe('an error of PostgreSQL', () => {
  it.each`
    what                  | sql                                                                              | code       | said
    ${'a cast'}           | ${'SELECT id::integer FROM public.people'}                                       | ${'22P02'} | ${'a value is not written as its type is, SQLSTATE 22P02'}
    ${'a date'}           | ${'SELECT id::date FROM public.people'}                                          | ${'22007'} | ${'a date or time is not written as one, SQLSTATE 22007'}
    ${'JSON'}             | ${'SELECT id::jsonb FROM public.people'}                                         | ${'22P02'} | ${'a value is not written as its type is, SQLSTATE 22P02'}
    ${'a division'}       | ${'SELECT 1 / (length(id) - length(id)) FROM public.people'}                     | ${'22012'} | ${'division by zero, SQLSTATE 22012'}
    ${'a key'}            | ${`INSERT INTO public.people VALUES ('${VALUE}', '1815-12-10')`}                 | ${'23505'} | ${'a key occurs twice (constraint people_pkey, table people), SQLSTATE 23505'}
    ${'a missing value'}  | ${`INSERT INTO public.people VALUES ('${VALUE}-2')`}                             | ${'23502'} | ${'a required value is missing (column born, table people), SQLSTATE 23502'}
    ${'a check'}          | ${`INSERT INTO public.people VALUES ('${VALUE}-2', '1990-01-01')`}               | ${'23514'} | ${'a check constraint is violated (constraint people_born_check, table people), SQLSTATE 23514'}
    ${'a deferred check'} | ${`INSERT INTO public.people VALUES ('${VALUE}-2', '1815-12-10', '${VALUE}-3')`} | ${'23503'} | ${'a foreign key has nothing to point to (constraint knows, table people), SQLSTATE 23503'}
    ${'a function'}       | ${'SELECT public.blurt()'}                                                       | ${'P0001'} | ${'a function or trigger of the database refused it, SQLSTATE P0001'}
    ${'another'}          | ${`SELECT regexp_count(id, '(') FROM public.people`}                             | ${'2201B'} | ${'a row is refused, SQLSTATE 2201B'}
  `('G11: about $what quotes no row', async ({ sql, code, said }) => {
    const error = await failing(sql);
    expect(error).toMatchObject({ name: 'StatementError', code });
    expect(error.message).toBe(said);
    // Nor does whatever the queue would serialise of it.
    const whole = JSON.stringify(error, Object.getOwnPropertyNames(error));
    expect(whole).not.toContain(VALUE);
  });

  it('keeps the words that are about the schema', async () => {
    expect(await failing('SELECT nothing FROM public.people')).toMatchObject({
      code: '42703',
      message: 'column "nothing" does not exist',
    });
  });

  it('is none where the connection broke', () => {
    const broken = Object.assign(new Error('write EPIPE'), {
      code: 'EPIPE',
      syscall: 'write',
    });
    expect(withoutValues(broken)).toBe(broken);
    expect(sqlStateOf(broken)).toBeUndefined();
  });
});
