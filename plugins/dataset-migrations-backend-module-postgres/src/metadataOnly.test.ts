import { Field } from '@skein/backstage-plugin-dataset-migrations-common';
import { field, id, migrate, World } from './__testUtils__/world';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

const varchar = (name: string, maxLength?: number, rest: Partial<Field> = {}) =>
  field(name, { kind: 'string', maxLength }, rest);
const decimal = (name: string, precision?: number, scale?: number) =>
  field(name, { kind: 'decimal', precision, scale });

const from: Field[] = [
  id,
  varchar('short', 10, { required: true }),
  varchar('code', 3),
  decimal('price', 8, 2),
];

async function create(table: string) {
  await world.sql(
    `CREATE TABLE ${table} (id integer PRIMARY KEY, short varchar(10) NOT NULL, code varchar(3) DEFAULT 'x', price numeric(8,2))`,
  );
  await world.sql(
    `INSERT INTO ${table} SELECT g, 's' || g, 'c', g / 4.0 FROM generate_series(1, 100) AS g`,
  );
}

const file = async (table: string) =>
  (await world.sql('SELECT pg_relation_filenode($1) AS node', [table]))[0].node;

const cast = (name: string) => ({
  agent: 'cast-type',
  payload: { field: name, onFailure: 'refuse' },
});
const rename = (a: string, b: string) => ({
  agent: 'rename-field',
  payload: { from: a, to: b },
});

describe('a change of metadata', () => {
  it('G8: rewrites nothing, keeps writes going, and is taken back exactly', async () => {
    await create('widened');
    const to: Field[] = [
      id,
      varchar('title', undefined, { required: true }),
      varchar('code', 5),
      decimal('price', 12, 2),
      varchar('source', undefined, { required: true, default: 'legacy' }),
      varchar('hint'),
    ];
    const run = await world.run({
      table: 'widened',
      from,
      to,
      steps: [
        rename('short', 'title'),
        cast('title'),
        cast('code'),
        cast('price'),
        { agent: 'add-field', payload: { field: 'source' } },
        { agent: 'add-field', payload: { field: 'hint' } },
      ],
    });
    const engine = world.engine();
    await expect(engine.plan(run)).resolves.toMatchObject({
      strategy: 'metadata-only',
      refusals: [],
      chunks: 0,
    });
    const before = await file('widened');
    const columns = () =>
      world.sql(
        `SELECT attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid) AS default
         FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
         WHERE attrelid = 'widened'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
      );
    const shape = await columns();
    await engine.fence(run);
    await engine.prepare(run);
    await world.sql(`INSERT INTO widened VALUES (101, 'meanwhile', 'm', 1)`);
    await engine.copyChunk(run);
    await expect(engine.verify(run)).resolves.toMatchObject({
      ok: true,
      sourceRows: 101,
    });
    await world.sql(`INSERT INTO widened VALUES (102, 'later', 'm', 1)`);
    await engine.cutOver(run);
    expect(await file('widened')).toBe(before);
    await expect(
      world.sql('SELECT * FROM widened WHERE id > 100 ORDER BY id'),
    ).resolves.toEqual([
      {
        id: 101,
        title: 'meanwhile',
        code: 'm',
        price: '1.00',
        source: 'legacy',
        hint: null,
      },
      {
        id: 102,
        title: 'later',
        code: 'm',
        price: '1.00',
        source: 'legacy',
        hint: null,
      },
    ]);
    await world.sql(`INSERT INTO widened (id, title) VALUES (103, 'new')`);
    await engine.rollback(run);
    expect(await columns()).toEqual(shape);
    await expect(
      world.sql('SELECT short FROM widened WHERE id > 100 ORDER BY id'),
    ).resolves.toEqual([
      { short: 'meanwhile' },
      { short: 'later' },
      { short: 'new' },
    ]);
  });

  it('is nothing in the store where only the contract calls a column otherwise', async () => {
    await create('called');
    const to = from.map(old =>
      old.name === 'short'
        ? { ...old, name: 'title', physicalName: 'short' }
        : old,
    );
    const run = await world.run({ table: 'called', from, to });
    const engine = world.engine();
    await expect(engine.plan(run)).resolves.toMatchObject({
      strategy: 'metadata-only',
      refusals: [],
    });
    const before = await file('called');
    const rows = () => world.sql('SELECT * FROM called ORDER BY id');
    const content = await rows();
    await migrate(engine, run);
    expect(await file('called')).toBe(before);
    expect(await rows()).toEqual(content);
    await engine.rollback(run);
    expect(await rows()).toEqual(content);
  });

  it('G8: is not taken back over values that the old type cannot hold', async () => {
    await create('outgrown');
    const to = from.map(old =>
      old.name === 'code' ? varchar('code', 9) : old,
    );
    const run = await world.run({
      table: 'outgrown',
      from,
      to,
      steps: [cast('code')],
    });
    const engine = world.engine();
    await migrate(engine, run);
    await world.sql(`UPDATE outgrown SET code = 'too long' WHERE id = 1`);
    await expect(engine.rollback(run)).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining('do not fit version 1.0.0'),
    });
    expect(await engine.phase(run)).toBe('cut-over');
  });

  it('G8: is not taken back over values that the old type would round or cut', async () => {
    await create('refined');
    const to = from.map(
      old =>
        ({ price: decimal('price'), code: varchar('code', 9) }[old.name] ??
        old),
    );
    const run = await world.run({
      table: 'refined',
      from,
      to,
      steps: [cast('code'), cast('price')],
    });
    const engine = world.engine();
    await expect(engine.plan(run)).resolves.toMatchObject({
      strategy: 'metadata-only',
      notes: expect.arrayContaining([
        expect.stringContaining('is refused once a row'),
      ]),
    });
    await migrate(engine, run);
    await world.sql(`UPDATE refined SET price = 1.23456 WHERE id = 1`);
    await world.sql(`UPDATE refined SET price = 1e9 WHERE id = 2`);
    await world.sql(`UPDATE refined SET code = 'abc    ' WHERE id = 3`);
    await world.sql(
      `UPDATE refined SET price = 'NaN', code = NULL WHERE id = 4`,
    );
    const refused = await engine.rollback(run).catch(error => error);
    expect(refused).toMatchObject({ name: 'ConflictError' });
    expect(refused.message).toMatch(
      /do not fit version 1.0.0 any more: 1 in code, which was character varying\(3\); 2 in price, which was numeric\(8,2\)$/,
    );
    await expect(
      world.sql('SELECT price FROM refined WHERE id = 1'),
    ).resolves.toEqual([{ price: '1.23456' }]);

    await world.sql(
      `UPDATE refined SET price = 1.5, code = 'abc' WHERE id < 4`,
    );
    await engine.rollback(run);
    await expect(
      world.sql(
        'SELECT price, code FROM refined WHERE id IN (3, 4) ORDER BY id',
      ),
    ).resolves.toEqual([
      { price: '1.50', code: 'abc' },
      { price: 'NaN', code: null },
    ]);
  });

  it('exchanges the names of two columns', async () => {
    await create('swapped');
    const names: Record<string, string> = { short: 'code', code: 'short' };
    const to = from.map(old => ({ ...old, name: names[old.name] ?? old.name }));
    const run = await world.run({
      table: 'swapped',
      from,
      to: to.map((target, index) => ({
        ...target,
        type: from[index].type,
        required: from[index].required,
      })),
      steps: [
        rename('short', 'middle'),
        rename('code', 'short'),
        rename('middle', 'code'),
      ],
    });
    const engine = world.engine();
    await expect(engine.plan(run)).resolves.toMatchObject({
      strategy: 'metadata-only',
    });
    await migrate(engine, run);
    await expect(
      world.sql('SELECT short, code FROM swapped WHERE id = 7'),
    ).resolves.toEqual([{ short: 'c', code: 's7' }]);
    await engine.rollback(run);
    await expect(
      world.sql('SELECT short, code FROM swapped WHERE id = 7'),
    ).resolves.toEqual([{ short: 's7', code: 'c' }]);
  });

  it('shows writes to the old version in the new one while both stand', async () => {
    await create('mirrored');
    const to = from.map(old =>
      old.name === 'short' ? { ...old, name: 'title' } : old,
    );
    const run = await world.run({
      table: 'mirrored',
      from,
      to,
      steps: [rename('short', 'title')],
      policy: 'coexist',
    });
    const engine = world.engine();
    await migrate(engine, run);
    await world.sql(`UPDATE mirrored SET short = 'written' WHERE id = 3`);
    await expect(
      world.sql('SELECT title FROM public_v2_0_0.mirrored WHERE id = 3'),
    ).resolves.toEqual([{ title: 'written' }]);
    await engine.retire(run);
    await expect(
      world.sql('SELECT title FROM mirrored WHERE id = 3'),
    ).resolves.toEqual([{ title: 'written' }]);
    await expect(
      world.sql('SELECT title FROM public_v2_0_0.mirrored WHERE id = 3'),
    ).resolves.toEqual([{ title: 'written' }]);
  });

  it.each`
    what                 | change
    ${'narrower text'}   | ${(old: Field) => (old.name === 'short' ? varchar('short', 5, { required: true }) : old)}
    ${'another scale'}   | ${(old: Field) => (old.name === 'price' ? decimal('price', 10, 3) : old)}
    ${'a wider integer'} | ${(old: Field) => (old.name === 'id' ? { ...old, type: { kind: 'integer', bits: 64 } } : old)}
  `('makes a copy for $what', async ({ change }) => {
    await create('copied');
    const to = from.map(change) as Field[];
    const run = await world.run({
      table: 'copied',
      from,
      to,
      steps: to
        .filter((target, index) => target !== from[index])
        .map(({ name }) => cast(name)),
    });
    const engine = world.engine();
    await expect(engine.plan(run)).resolves.toMatchObject({
      strategy: 'shadow-copy',
      refusals: [],
    });
    await world.sql('DROP TABLE copied');
  });

  it('makes a copy for a dropped column, so that it can be had back', async () => {
    await create('dropped');
    const run = await world.run({
      table: 'dropped',
      from,
      to: from.slice(0, 3),
      steps: [{ agent: 'drop-field', payload: { field: 'price' } }],
    });
    const engine = world.engine();
    await expect(engine.plan(run)).resolves.toMatchObject({
      strategy: 'shadow-copy',
    });
    await migrate(engine, run);
    await engine.rollback(run);
    await expect(
      world.sql('SELECT price FROM dropped WHERE id = 4'),
    ).resolves.toEqual([{ price: '1.00' }]);
  });
});
