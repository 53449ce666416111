import { field, id, migrate, World } from './__testUtils__/world';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

const orders = {
  from: [
    id,
    field('amount', { kind: 'decimal', precision: 12, scale: 4 }),
    field('placed', 'string'),
    field('memo', 'string'),
    field('code', 'string', { required: true }),
  ],
  to: [
    id,
    field('total', { kind: 'decimal', precision: 12, scale: 2 }),
    field('placed', 'date'),
    field('code', 'string', { required: true }),
    field('label', 'string'),
  ],
  steps: [
    { agent: 'rename-field', payload: { from: 'amount', to: 'total' } },
    { agent: 'cast-type', payload: { field: 'total' } },
    { agent: 'cast-type', payload: { field: 'placed' } },
    { agent: 'drop-field', payload: { field: 'memo' } },
    {
      agent: 'derive-field',
      payload: { field: 'label', expression: "code || '!'" },
    },
  ],
};

async function migrated(table: string, rows = 1_000) {
  await world.sql(
    `CREATE TABLE ${table} (id integer PRIMARY KEY, amount numeric(12,4), placed text, memo text, code text NOT NULL UNIQUE)`,
  );
  await world.sql(
    `INSERT INTO ${table} SELECT g, g + 0.1234, '2026-01-01', 'memo ' || g, 'c' || g FROM generate_series(1, ${rows}) AS g`,
  );
  const run = await world.run({ table, ...orders });
  const engine = world.engine();
  await migrate(engine, run);
  return { run, engine };
}

describe('a roll back', () => {
  it('G8: keeps 10,000 writes made to the new version, in the old shape', async () => {
    const { run, engine } = await migrated('orders', 12_000);
    await world.sql(
      `INSERT INTO orders SELECT g, g, '2026-11-23', 'c' || g, 'new' FROM generate_series(20001, 24000) AS g`,
    );
    await world.sql(
      `UPDATE orders SET total = total + 1 WHERE id BETWEEN 1 AND 3000`,
    );
    await world.sql(
      `UPDATE orders SET label = 'x' WHERE id BETWEEN 3001 AND 4000`,
    );
    await world.sql(`DELETE FROM orders WHERE id BETWEEN 4001 AND 6000`);
    await world.sql(`UPDATE orders SET id = id + 30000 WHERE id = 6001`);
    await engine.rollback(run);
    const [sums] = await world.sql(
      `SELECT count(*)::int AS rows,
         count(*) FILTER (WHERE id BETWEEN 20001 AND 24000 AND amount = id AND placed = '2026-11-23' AND memo IS NULL)::int AS inserted,
         count(*) FILTER (WHERE id <= 3000 AND amount = id + 1.12 AND memo = 'memo ' || id)::int AS updated,
         count(*) FILTER (WHERE id BETWEEN 3001 AND 4000 AND amount = id + 0.1234)::int AS untouched,
         count(*) FILTER (WHERE id BETWEEN 4001 AND 6000)::int AS deleted,
         count(*) FILTER (WHERE id IN (6001, 36001))::int AS moved
       FROM orders`,
    );
    expect(sums).toEqual({
      rows: 14_000,
      inserted: 4_000,
      updated: 3_000,
      untouched: 1_000,
      deleted: 0,
      moved: 1,
    });
  });

  it('G8: swaps unique values as the new version has', async () => {
    const { run, engine } = await migrated('swapped');
    await world.sql('BEGIN');
    await world.sql(`UPDATE swapped SET code = 'aside' WHERE id = 1`);
    await world.sql(`UPDATE swapped SET code = 'c1' WHERE id = 2`);
    await world.sql(`UPDATE swapped SET code = 'c2' WHERE id = 1`);
    await world.sql('COMMIT');
    await engine.rollback(run);
    await expect(
      world.sql('SELECT id, code FROM swapped WHERE id < 3 ORDER BY id'),
    ).resolves.toEqual([
      { id: 1, code: 'c2' },
      { id: 2, code: 'c1' },
    ]);
  });

  it.each`
    what                   | table          | statements
    ${'TRUNCATE'}          | ${'emptied'}   | ${['TRUNCATE emptied', `INSERT INTO emptied VALUES (1, 5, '2026-11-23', 'c1', 'x')`]}
    ${'VACUUM FULL'}       | ${'vacuumed'}  | ${['VACUUM FULL vacuumed', 'DELETE FROM vacuumed WHERE id > 500']}
    ${'ALTER with values'} | ${'rewritten'} | ${['ALTER TABLE rewritten ALTER total TYPE numeric(12,2) USING total + 1']}
  `('G8: keeps what $what did to all rows', async ({ table, statements }) => {
    const { run, engine } = await migrated(table);
    for (const statement of statements) {
      await world.sql(statement);
    }
    const [now] = await world.sql(
      `SELECT count(*)::int AS rows, coalesce(sum(total), 0) AS sum FROM ${table}`,
    );
    await engine.rollback(run);
    const [back] = await world.sql(
      `SELECT count(*)::int AS rows, coalesce(sum(amount::numeric(12,2)), 0) AS sum FROM ${table}`,
    );
    expect(back).toEqual(now);
  });

  it('G8: is exact where nothing was written', async () => {
    const { run, engine } = await migrated('unwritten');
    await engine.rollback(run);
    const [{ same }] = await world.sql(
      `SELECT bool_and(amount = id + 0.1234 AND memo = 'memo ' || id) AS same FROM unwritten`,
    );
    expect(same).toBe(true);
  });

  it('G8: names the fields that cannot go back, and leaves the new version', async () => {
    await world.sql(
      'CREATE TABLE short (id integer PRIMARY KEY, a varchar(3))',
    );
    const run = await world.run({
      table: 'short',
      from: [id, field('a', { kind: 'string', maxLength: 3 })],
      to: [id, field('a', 'string'), field('b', 'integer')],
      steps: [
        { agent: 'cast-type', payload: { field: 'a' } },
        {
          agent: 'derive-field',
          payload: { field: 'b', expression: 'length(a)' },
        },
      ],
    });
    const engine = world.engine();
    await migrate(engine, run);
    await world.sql(`INSERT INTO short VALUES (1, 'far too long', 1)`);
    await expect(engine.rollback(run)).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining('1 value of a cannot be cast'),
    });
    await world.sql(`UPDATE short SET a = 'ok' WHERE id = 1`);
    await engine.rollback(run);
    await expect(world.sql('SELECT * FROM short')).resolves.toEqual([
      { id: 1, a: 'ok' },
    ]);
  });

  it('G8: names the version that the table was migrated to since', async () => {
    const { run, engine } = await migrated('again');
    const next = await world.run({
      table: 'again',
      from: orders.to,
      to: [...orders.to, field('more', 'string')],
      versions: ['2.0.0', '3.0.0'],
      migrationId: 'next-of-again',
    });
    await migrate(engine, next);
    await world.sql(`UPDATE again SET label = 'x' WHERE id = 1`);
    await expect(engine.rollback(run)).rejects.toThrow(
      'has been migrated again since, to 3.0.0; roll that back first',
    );
    await engine.rollback(next);
    await engine.rollback(run);
    const [{ rows }] = await world.sql(
      `SELECT count(*)::int AS rows FROM again WHERE amount = id + 0.1234`,
    );
    expect(rows).toBe(1_000);
  });

  it('G8: is refused after a write where the mapping has no way back', async () => {
    await world.sql('CREATE TABLE oneway (id integer PRIMARY KEY, a text)');
    await world.sql(`INSERT INTO oneway VALUES (1, 'a')`);
    const run = await world.run({
      table: 'oneway',
      from: [id, field('a', 'string')],
      to: [id, field('a', 'string')],
      steps: [
        {
          agent: 'derive-field',
          payload: { field: 'a', expression: 'upper(a)', replace: true },
        },
      ],
    });
    const engine = world.engine();
    await migrate(engine, run);
    await world.sql(`UPDATE oneway SET a = 'B'`);
    await expect(engine.rollback(run)).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining('was written since'),
    });
  });
});
