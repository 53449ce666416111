import { readFile } from 'fs/promises';
import path from 'path';
import { field, id, migrate, World } from './__testUtils__/world';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

describe('two versions that coexist and were both written', () => {
  it('G8: can be rolled back once the writes to the new one are given up', async () => {
    await world.sql('CREATE TABLE flights (id integer PRIMARY KEY, a text)');
    await world.sql(`INSERT INTO flights VALUES (1, '10')`);
    const run = await world.run({
      table: 'flights',
      from: [id, field('a', 'string')],
      to: [id, field('a', 'integer')],
      steps: [
        { agent: 'cast-type', payload: { field: 'a', onFailure: 'refuse' } },
      ],
      policy: 'coexist',
    });
    const engine = world.engine();
    await migrate(engine, run);
    await world.sql(`INSERT INTO flights VALUES (2, '20')`);
    await world.sql('INSERT INTO public_v2_0_0.flights VALUES (3, 30)');
    const refusal = { name: 'ConflictError' };
    await expect(engine.retire(run)).rejects.toMatchObject(refusal);
    await expect(engine.rollback(run)).rejects.toMatchObject(refusal);

    await world.sql(await documented());
    await expect(engine.retire(run)).rejects.toMatchObject(refusal);
    await engine.rollback(run);
    await expect(
      world.sql('SELECT id, a FROM flights ORDER BY id'),
    ).resolves.toEqual([
      { id: 1, a: '10' },
      { id: 2, a: '20' },
    ]);
  });
});

/** The statement that the documentation gives to owners. */
async function documented(): Promise<string> {
  const file = path.resolve(__dirname, '../../../docs/concepts/engines.md');
  const section = (await readFile(file, 'utf8')).split(
    '### Both versions written',
  )[1];
  return /```sql\n(.*?)```/s.exec(section)![1];
}
