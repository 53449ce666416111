import { mockLogger } from '@skein/backstage-plugin-dataset-migrations-node/testUtils';
import { World } from '../__testUtils__/world';
import { prepared } from './prepared';
import { Warehouse } from './Warehouse';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

const double = prepared('SELECT $1::int * 2 AS doubled');

async function keptBy(preparedStatements: boolean): Promise<unknown[]> {
  const [{ name, connection, ...limits }] = world.settings().connections;
  const warehouse = new Warehouse(name, connection, {
    ...limits,
    preparedStatements,
    logger: mockLogger(),
  });
  try {
    return await warehouse.transaction({}, async session => {
      for (const value of [1, 2]) {
        expect(await session.query(double, [value])).toEqual([
          { doubled: value * 2 },
        ]);
      }
      await session.query('SELECT $1::int AS once', [3]);
      return session.query(
        'SELECT statement, custom_plans::int AS custom FROM pg_prepared_statements',
      );
    });
  } finally {
    await warehouse.close();
  }
}

describe('a statement that comes again', () => {
  it('is kept by the server, planned for no value, and no other is', async () => {
    expect(await keptBy(true)).toEqual([{ statement: double.text, custom: 0 }]);
  });

  it('is sent each time where a pooler could not keep it', async () => {
    expect(await keptBy(false)).toEqual([]);
  });

  it('has the same name whenever it is made, and no other has it', () => {
    expect(prepared(double.text)).toBe(double);
    expect(prepared('SELECT 1').name).not.toBe(double.name);
  });
});
