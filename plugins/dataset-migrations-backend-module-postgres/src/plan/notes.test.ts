import { field, id, World } from '../__testUtils__/world';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

it('G8: says before the start what could not be brought back', async () => {
  await world.sql(
    'CREATE TABLE noted (id integer PRIMARY KEY, born date, code text NOT NULL)',
  );
  const code = field('code', 'string', { required: true });
  const run = await world.run({
    table: 'noted',
    from: [id, field('born', 'date'), code],
    to: [id, field('born', 'timestamp')],
    steps: [
      { agent: 'cast-type', payload: { field: 'born' } },
      { agent: 'drop-field', payload: { field: 'code' } },
    ],
  });
  const { notes } = await world.engine().plan(run);
  expect(notes.filter(note => note.includes('brought back:'))).toEqual([
    'What is written to the new version cannot be brought back: `born` is cast from date to timestamp with time zone, and a timestamp with time zone brought back as date can lose something.',
    'What is written to the new version cannot be brought back: `code` is dropped, and rows inserted into the new version have no value for it.',
  ]);
});
