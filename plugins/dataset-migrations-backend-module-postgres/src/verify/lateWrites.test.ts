import {
  Field,
  QualityRule,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { pauseBefore } from '../__testUtils__/pausingPool';
import { copy, field, id, World } from '../__testUtils__/world';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

const before = [
  id,
  field('amount', 'string'),
  field('code', 'string', { required: true }),
  field('status', 'string'),
];
const after = [
  id,
  field('amount', 'integer', { options: { minimum: 0 } }),
  field('code', 'string', { required: true, options: { pattern: '^C' } }),
  field('status', 'string', { enum: ['open', 'paid'] }),
];

const library = (
  metric: string,
  rest: Partial<Extract<QualityRule, { kind: 'library' }>>,
): QualityRule => ({
  path: '',
  kind: 'library',
  metric,
  limit: { operator: 'mustBe', value: 0 },
  ...rest,
});

const quality = [
  library('missingValues', {
    name: 'No lost status',
    field: 'status',
    arguments: { missingValues: [null] },
  }),
  library('nullValues', {
    field: 'amount',
    unit: 'percent',
    limit: { operator: 'mustBeLessThan', value: 5 },
  }),
  library('rowCount', {
    name: 'Few rows',
    limit: { operator: 'mustBeLessOrEqualTo', value: 110 },
  }),
  library('duplicateValues', { name: 'Codes are unique', field: 'code' }),
  {
    path: '',
    kind: 'sql',
    name: 'Nobody owes much',
    query: 'SELECT sum(amount) FROM ${object}',
    limit: { operator: 'mustBeLessThan', value: 10_000 },
  } satisfies QualityRule,
];

/** A run that is copied and verified. */
async function verified(table: string, options: { to?: Field[] } = {}) {
  await world.sql(
    `CREATE TABLE ${table} (id integer PRIMARY KEY, amount text, code text, status text)`,
  );
  await world.sql(
    `INSERT INTO ${table} SELECT g, g, 'C' || g, 'open' FROM generate_series(1, 100) AS g`,
  );
  const run = await world.run({
    table,
    from: before,
    to: options.to ?? after,
    // A sum needs the number that `amount` becomes.
    quality: options.to
      ? quality.filter(({ kind }) => kind !== 'sql')
      : quality,
    steps: options.to
      ? []
      : [
          {
            agent: 'cast-type',
            payload: { field: 'amount', onFailure: 'refuse' },
          },
        ],
  });
  const engine = world.engine();
  await copy(engine, run);
  await expect(engine.verify(run)).resolves.toMatchObject({ ok: true });
  return { run, engine };
}

async function expectUntouched(table: string) {
  const [{ type }] = await world.sql(
    `SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = $1::regclass AND attname = 'amount'`,
    [table],
  );
  expect(type).toBe('text');
}

const insert = (table: string, values: string) =>
  `INSERT INTO ${table} VALUES ${values}`;

describe('a row that is written after the verification', () => {
  it.each`
    rule                     | values                                                    | message
    ${'minimum'}             | ${"(901, '-4711', 'C', 'open')"}                          | ${"1 row violates minimum of 'amount'"}
    ${'pattern'}             | ${"(901, '1', '4711', 'open')"}                           | ${"1 row violates pattern of 'code'"}
    ${'required'}            | ${"(901, '1', NULL, 'open')"}                             | ${"1 row violates required of 'code'"}
    ${'enum'}                | ${"(901, '1', 'C', '4711')"}                              | ${"1 row violates enum of 'status'"}
    ${'a quality rule'}      | ${"(901, '1', 'C', NULL)"}                                | ${"1 row violates No lost status of 'status'"}
    ${'one among good ones'} | ${"(901, '1', 'C', 'open'), (902, '-4711', 'D', 'open')"} | ${"1 row violates minimum of 'amount'; 1 row violates pattern of 'code'"}
  `(
    'G5: and breaks $rule is not published',
    async ({ rule, values, message }) => {
      const table = `late_${rule.replaceAll(' ', '_')}`;
      const { run, engine } = await verified(table);
      await world.sql(insert(table, values));
      for (const call of [engine.catchUp(run), engine.cutOver(run)]) {
        const failure = await call.catch(error => error);
        expect(failure).toMatchObject({
          name: 'VerificationError',
          message: expect.stringContaining(
            `written meanwhile, and ${message};`,
          ),
        });
        expect(failure.message).not.toContain('4711');
      }
      await expectUntouched(table);
    },
  );

  it('G5: and breaks a rule is not published under the lock', async () => {
    const { run } = await verified('at_the_last_moment');
    const pause = pauseBefore('LOCK TABLE');
    const switching = world
      .engine({ makePool: pause.makePool })
      .cutOver(run)
      .catch(error => error);
    await pause.reached;
    await world.sql(
      `UPDATE at_the_last_moment SET status = 'lost' WHERE id < 3`,
    );
    pause.resume();
    expect(await switching).toMatchObject({
      name: 'VerificationError',
      message: expect.stringContaining("2 rows violate enum of 'status'"),
    });
    await expectUntouched('at_the_last_moment');
  });

  it.each`
    rule                  | values                                                                     | message
    ${'a number of rows'} | ${"SELECT g, 1, 'C0' || g, 'open' FROM generate_series(901, 915) AS g"}    | ${'violates Few rows'}
    ${'a share of rows'}  | ${"SELECT g, NULL, 'C0' || g, 'open' FROM generate_series(901, 909) AS g"} | ${"9 rows violate nullValues mustBeLessThan 5 percent of 'amount'"}
    ${'uniqueness'}       | ${"VALUES (901, '1', 'C1', 'open')"}                                       | ${"1 row violates Codes are unique of 'code'"}
    ${'a query'}          | ${"VALUES (901, '8000', 'C0', 'open')"}                                    | ${'1 row violates Nobody owes much'}
  `(
    'G5: and breaks $rule together with others is not published',
    async ({ rule, values, message }) => {
      const table = `together_${rule.replaceAll(' ', '_')}`;
      const { run, engine } = await verified(table);
      await world.sql(`INSERT INTO ${table} ${values}`);
      // Brought over by an earlier call, perhaps of another worker.
      await engine.catchUp(run);
      await expect(world.engine().cutOver(run)).rejects.toMatchObject({
        name: 'VerificationError',
        message: expect.stringContaining(message),
      });
      await expectUntouched(table);
    },
  );

  it('G5: and that the rules allow is published', async () => {
    const { run, engine } = await verified('allowed');
    await world.sql(
      insert('allowed', `(901, NULL, 'C901', 'paid'), (902, '1', 'X', 'open')`),
    );
    await world.sql(`DELETE FROM allowed WHERE id = 902`);
    await engine.cutOver(run);
    const [{ rows }] = await world.sql(
      'SELECT count(amount)::int AS rows FROM allowed',
    );
    expect(rows).toBe(100);
  });

  it('G5: is held against the rules when only metadata change', async () => {
    const to = [...before.slice(0, 3), after[3]];
    const { run, engine } = await verified('in_place', { to });
    await world.sql(insert('in_place', `(901, '1', 'C901', 'lost')`));
    await expect(engine.cutOver(run)).rejects.toMatchObject({
      name: 'VerificationError',
      message: expect.stringContaining("1 row violates enum of 'status'"),
    });
    await world.sql('DELETE FROM in_place WHERE id = 901');
    await engine.cutOver(run);
  });
});
