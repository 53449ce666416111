import { mkdir, readFile, writeFile } from 'fs/promises';
import path from 'path';
import { Field } from '@skein/backstage-plugin-dataset-migrations-common';
import {
  Change,
  derive,
  migrate,
  rename,
  runOf,
} from './__testUtils__/changes';
import { query } from './__testUtils__/independentReader';
import {
  World,
  copyAll,
  field,
  integer,
  makeWorld,
  text,
  usePool,
} from './__testUtils__/world';
import { resolveDataset } from './publishing/resolveDataset';

// Processes are started, and the machine may be busy.
jest.setTimeout(60_000);

const pool = usePool();

describe('dialects of CSV', () => {
  let world: World;
  let folder: string;

  beforeEach(async () => {
    world = await makeWorld({ pool: pool() });
    folder = path.join(world.root, 'data');
    await mkdir(folder);
  });

  afterEach(() => world.close());

  const amount: Field = field('amount', {
    kind: 'decimal',
    precision: 10,
    scale: 2,
  });
  const change = (properties: Record<string, string> = {}): Change => ({
    format: 'csv',
    properties,
    from: [field('id', integer), field('name', text), amount],
    to: [
      field('id', integer),
      field('title', text, { id: 'name' }),
      amount,
      field('twice', { kind: 'decimal', precision: 12, scale: 2 }),
    ],
    steps: [rename('name', 'title'), derive('twice', 'amount * 2')],
  });
  const migrated = async (of: Change) =>
    (await migrate(world, of)).files.map(file => path.basename(file));
  const content = async (of: Change) =>
    readFile((await migrate(world, of)).files[0], 'utf8');

  it.each([
    [
      'semicolons, as the file looks',
      {},
      'id;name;amount\n1;"a;b";1.50\n2;c;2.00\n',
      'id;title;amount;twice\n1;"a;b";1.50;3.00\n2;c;2.00;4.00\n',
    ],
    [
      'tabs, as the file looks',
      {},
      'id\tname\tamount\n1\ta,b\t1.50\n',
      'id\ttitle\tamount\ttwice\n1\ta,b\t1.50\t3.00\n',
    ],
    [
      'single quotes that the contract names',
      { quote: `'`, escape: `'` },
      `id,name,amount\n1,'it''s, so',1.50\n`,
      `id,title,amount,twice\n1,'it''s, so',1.50,3.00\n`,
    ],
    [
      'a backslash before quotes',
      { escape: '\\' },
      'id,name,amount\n1,"say \\"so\\"",1.50\n',
      'id,title,amount,twice\n1,"say \\"so\\"",1.50,3.00\n',
    ],
    [
      'a word for NULL',
      { nullText: 'NA' },
      'id,name,amount\n1,NA,NA\n2,"NA",1.50\n',
      'id,title,amount,twice\n1,NA,NA,NA\n2,"NA",1.50,3.00\n',
    ],
    [
      'a comma before the fraction',
      { decimalSeparator: ',', delimiter: ';' },
      'id;name;amount\n1;a;1,50\n',
      'id;title;amount;twice\n1;a;1,50;3,00\n',
    ],
  ])('keeps %s', async (_, properties, before, after) => {
    await writeFile(path.join(folder, 'a.csv'), before);
    await expect(content(change(properties))).resolves.toBe(after);
  });

  it('does not take a point for a comma', async () => {
    await writeFile(path.join(folder, 'a.csv'), 'id;name;amount\n1;a;1.50\n');
    const run = await runOf(
      world,
      change({ decimalSeparator: ',', delimiter: ';' }),
    );
    await expect(copyAll(world.engine, run)).rejects.toThrow(/'twice' in 1/);
  });

  it('finds the dialect once, and keeps to it', async () => {
    await writeFile(path.join(folder, 'a.csv'), 'id;name;amount\n1;a;1.50\n');
    const run = await runOf(world, change());
    await copyAll(world.engine, run);
    await writeFile(path.join(folder, 'b.csv'), 'id,name,amount\n1,a,1.50\n');
    await expect(world.engine.catchUp(run)).rejects.toThrow(
      /'b.csv' .*lacks the column 'id'/,
    );
  });

  it.each([
    ['header', 'false', /begin with the names/],
    ['encoding', 'latin-1', /only utf-8/],
    ['quote', '`', /must be " or '/],
    ['delimiter', '5', /one sign that no number holds/],
    ['decimalSeparator', ';', /must be \. or ,/],
  ])('G10: refuses the %s %s', async (name, value, message) => {
    await expect(runOf(world, change({ [name]: value }))).rejects.toThrow(
      message,
    );
  });

  it.each([
    ['gzip', '.gz'],
    ['zstd', '.zst'],
  ])('keeps files packed by %s', async (codec, ending) => {
    await query(
      `COPY (SELECT 1 AS id, 'a' AS name, '1.50' AS amount) TO '${folder}/a.csv${ending}' (FORMAT csv, COMPRESSION ${codec})`,
    );
    await expect(migrated(change())).resolves.toEqual([
      `part-00001.csv${ending}`,
    ]);
    const { files } = await resolveDataset(folder);
    await expect(
      query(
        `SELECT * FROM read_csv('${files[0]}', all_varchar = true, compression = '${codec}')`,
      ),
    ).resolves.toEqual([
      { id: '1', title: 'a', amount: '1.50', twice: '3.00' },
    ]);
  });

  it('keeps packed lines of JSON packed', async () => {
    await query(
      `COPY (SELECT 1 AS id, 'a' AS name) TO '${folder}/a.ndjson.gz' (FORMAT json, COMPRESSION gzip)`,
    );
    await expect(
      migrated({
        format: 'ndjson',
        from: [field('id', integer), field('name', text)],
        to: [field('id', integer), field('title', text, { id: 'name' })],
        steps: [rename('name', 'title')],
      }),
    ).resolves.toEqual(['part-00001.ndjson.gz']);
  });

  it('G5: takes a date before our era for no other, and for none', async () => {
    await writeFile(
      path.join(folder, 'a.csv'),
      'id,day\n1,2020-02-29\n2,0044-03-15 (BC)\n',
    );
    const day = field('day', { kind: 'date' });
    const run = await runOf(world, {
      format: 'csv',
      from: [field('id', integer), day],
      to: [field('id', integer), field('date', day.type, { id: 'day' })],
      steps: [rename('day', 'date')],
    });
    const { location, mapping, targetContract, signal } = run;
    const { findings } = await world.engine.preflight({
      location,
      mapping,
      targetContract,
      signal,
      samples: 0,
    });
    expect(findings).toMatchObject([
      { kind: 'type-mismatch', field: 'day', rows: 1 },
    ]);
    await copyAll(world.engine, run);
    await expect(world.engine.verify(run)).resolves.toMatchObject({
      ok: false,
      mismatches: [],
      contractChecks: expect.arrayContaining([
        { rule: 'type', field: 'date', ok: false, violations: 1 },
      ]),
    });
  });
});
