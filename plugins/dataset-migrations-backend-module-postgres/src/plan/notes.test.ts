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

describe('what becomes of writes', () => {
  const from = [id, field('born', 'date')];
  const notesOf = async (
    table: string,
    policy: 'switch' | 'coexist',
    change: Pick<Parameters<World['run']>[0], 'from' | 'to' | 'steps'>,
    key = 'PRIMARY KEY',
  ) => {
    await world.sql(`CREATE TABLE ${table} (id integer ${key}, born date)`);
    const run = await world.run({ table, policy, ...change });
    return (await world.engine().plan(run)).notes;
  };
  const lossy = {
    from,
    to: [id, field('born', 'timestamp')],
    steps: [{ agent: 'cast-type', payload: { field: 'born' } }],
  };
  const invertible = {
    from,
    to: [...from, field('year', 'string')],
    steps: [
      {
        agent: 'derive-field',
        payload: { field: 'year', expression: "upper('x')" },
      },
    ],
  };
  const kept =
    'Readers and writers go on meanwhile; what is written is brought over, rows told apart by id.';

  it.each`
    table             | policy       | change        | way
    ${'kept_switch'}  | ${'switch'}  | ${invertible} | ${'A roll back keeps what is written to the new version.'}
    ${'lossy_switch'} | ${'switch'}  | ${lossy}      | ${'A roll back is refused once the new version is written.'}
    ${'kept_beside'}  | ${'coexist'} | ${invertible} | ${'Beside each other both versions can be written, and each shows what is written to the other.'}
    ${'lossy_beside'} | ${'coexist'} | ${lossy}      | ${'Beside the old version the new one can be read only; it shows what is written to the old one.'}
  `(
    'G9: says that they go over, and for $table: $way',
    async ({ table, policy, change, way }) => {
      const notes = await notesOf(table, policy, change);
      expect(notes).toEqual(expect.arrayContaining([kept, way]));
    },
  );

  it('G9: says that one fails the migration where no key tells rows apart', async () => {
    const notes = await notesOf('keyless', 'switch', lossy, '');
    expect(notes).toContainEqual(
      expect.stringMatching(
        /^Readers go on meanwhile, but a write fails the migration: no key/,
      ),
    );
    expect(notes).not.toContain(kept);
  });
});
