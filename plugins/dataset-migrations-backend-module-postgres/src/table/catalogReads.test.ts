import { readAttached } from '../carry/readAttached';
import { World } from '../__testUtils__/world';
import { Statement } from '../connection/prepared';
import { fingerprint } from './fingerprint';
import { Queryable, readTable } from './readTable';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

/** Catalogs of what few tables have. */
const small = [
  'pg_policy',
  'pg_publication',
  'pg_publication_namespace',
  'pg_publication_rel',
  'pg_tablespace',
];

/** Answers, and notes the catalogs that it has to go through from end to end. */
function watching(catalogs: Set<string>): Queryable {
  const query = async (statement: Statement, values: unknown[] = []) => {
    const text = typeof statement === 'string' ? statement : statement.text;
    const plan = await world.sql(`EXPLAIN ${text}`, values);
    for (const { 'QUERY PLAN': line } of plan) {
      const [, catalog] = /Seq Scan on (\w+)/.exec(line) ?? [];
      if (catalog) {
        catalogs.add(catalog);
      }
    }
    return world.sql(text, values);
  };
  return { query } as Queryable;
}

it('goes through no catalog that grows with the tables of a server', async () => {
  await world.sql('CREATE TABLE one_of_many (id integer PRIMARY KEY, x text)');
  // These catalogs are small, so that an index is not worth it; where there is one
  // it is taken all the same.
  await world.sql('SET enable_seqscan = off');
  const catalogs = new Set<string>();
  const session = watching(catalogs);
  const place = { schema: 'public', table: 'one_of_many' };
  const table = await readTable(session, place);
  expect(table?.columns).toHaveLength(2);
  await readAttached(session, table!.oid);
  await fingerprint(session, 'public.one_of_many');
  expect([...catalogs].filter(one => !small.includes(one))).toEqual([]);
});
