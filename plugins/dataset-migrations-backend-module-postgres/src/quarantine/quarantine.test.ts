import {
  evaluateMapping,
  evaluateSetAside,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import fc from 'fast-check';
import { pauseBefore } from '../__testUtils__/pausingPool';
import { copy, field, id, migrate, World } from '../__testUtils__/world';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

const from = [id, field('amount', 'string'), field('note', 'string')];
const to = [id, field('total', 'integer'), field('note', 'string')];
const steps = [
  { agent: 'rename-field', payload: { from: 'amount', to: 'total' } },
  {
    agent: 'cast-type',
    payload: { field: 'total', onFailure: 'quarantine' },
  },
];

const kept = (table: string) => `public_quarantine_v2_0_0.${table}`;

/** Every tenth of a number of rows does not cast. */
async function create(table: string, rows = 1_000) {
  await world.sql(
    `CREATE TABLE ${table} (id integer PRIMARY KEY, amount varchar(40), note text COLLATE "C")`,
  );
  await world.sql(
    `INSERT INTO ${table} SELECT g, CASE WHEN g % 10 = 0 THEN 'n/a ' || g ELSE g::text END, 'note ' || g FROM generate_series(1, ${rows}) AS g`,
  );
  return world.run({ table, from, to, steps });
}

const all = async (table: string, columns: string) =>
  (
    await world.sql(
      `SELECT concat_ws('|', ${columns}) AS row FROM ${table} ORDER BY id`,
    )
  ).map(({ row }) => row as string);

const count = async (table: string) =>
  (await world.sql(`SELECT count(*)::int AS rows FROM ${table}`))[0].rows;

const exists = async (table: string) =>
  (await world.sql('SELECT to_regclass($1) IS NOT NULL AS there', [table]))[0]
    .there;

describe('quarantine', () => {
  it('is announced by the plan and the preflight', async () => {
    const run = await create('announced');
    const engine = world.engine();
    const plan = await engine.plan(run);
    expect(plan).toMatchObject({ strategy: 'shadow-copy', refusals: [] });
    expect(plan.notes).toContainEqual(
      expect.stringContaining(
        'Rows whose amount cannot be cast to integer go to public_quarantine_v2_0_0.announced, as they are in version 1.0.0; they are not in version 2.0.0.',
      ),
    );
    await expect(engine.preflight({ ...run, samples: 2 })).resolves.toEqual({
      rowsScanned: 1_000,
      findings: [
        {
          kind: 'rows-set-aside',
          field: 'amount',
          rows: 100,
          message:
            '100 rows will be set aside, as amount cannot be cast to integer',
          samples: ['n/a 10', 'n/a 100'],
        },
      ],
    });
  });

  it('holds exactly the rows that do not cast, as they were', async () => {
    const run = await create('exact');
    const engine = world.engine();
    await copy(engine, run);
    const report = await engine.verify(run);
    expect(report).toMatchObject({
      ok: true,
      sourceRows: 900,
      targetRows: 900,
      setAside: {
        place: kept('exact'),
        sourceRows: 100,
        keptRows: 100,
        fields: [{ name: 'amount', rows: 100 }],
      },
    });
    expect(report.setAside!.keptChecksum).toBe(report.setAside!.sourceChecksum);
    await engine.cutOver(run);
    expect(await count('exact')).toBe(900);
    expect(await all(kept('exact'), 'id, amount, note')).toEqual(
      [...Array(100)].map((_, i) => {
        const key = 10 * (i + 1);
        return `${key}|n/a ${key}|note ${key}`;
      }),
    );
    const columns = await world.sql(
      `SELECT attname AS name, format_type(atttypid, atttypmod) AS type, attcollation::regcollation::text AS collation
       FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 ORDER BY attnum`,
      [kept('exact')],
    );
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'id integer',
      'amount character varying(40)',
      'note text',
      'skein_failed_fields text[]',
      'skein_set_aside_at timestamp with time zone',
    ]);
    expect(columns[2].collation).toBe('"C"');
  });

  it('G11: is the owner’s alone, whatever the table grants and default privileges say', async () => {
    const run = await create('granted');
    await world.sql('GRANT SELECT ON granted TO pg_monitor, PUBLIC');
    await world.sql(
      'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC',
    );
    const engine = world.engine();
    await migrate(engine, run);
    const [{ may, owner }] = await world.sql(
      `SELECT has_table_privilege('pg_monitor', $1, 'SELECT') AS may,
         pg_get_userbyid(relowner) = current_user AS owner FROM pg_class WHERE oid = $1::regclass`,
      [kept('granted')],
    );
    expect({ may, owner }).toEqual({ may: false, owner: true });
    await world.sql(
      'ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM PUBLIC',
    );
  });

  it('G9: follows what applications write, into it and out of it', async () => {
    const run = await create('written');
    const engine = world.engine();
    await engine.fence(run);
    await engine.prepare(run);
    await engine.copyChunk(run);
    const write = async () => {
      await world.sql(`UPDATE written SET amount = '7' WHERE id IN (10, 990)`);
      await world.sql(
        `UPDATE written SET amount = 'bad' WHERE id IN (11, 991)`,
      );
      await world.sql(`UPDATE written SET note = 'new' WHERE id = 20`);
      await world.sql(`DELETE FROM written WHERE id = 30`);
      await world.sql(`UPDATE written SET id = 5040 WHERE id = 40`);
      await world.sql(`INSERT INTO written VALUES (5001, 'x'), (5002, '2')`);
    };
    await write();
    await copy(engine, run);
    await expect(engine.verify(run)).resolves.toMatchObject({
      ok: true,
      setAside: { keptRows: 100 },
    });
    await world.sql(`UPDATE written SET amount = 'late' WHERE id = 12`);
    await world.sql(`UPDATE written SET amount = '50' WHERE id = 50`);
    await world.sql(`UPDATE written SET note = 'newer' WHERE id = 60`);
    // Some wait while it is verified.
    await expect(engine.verify(run)).resolves.toMatchObject({
      ok: true,
      sourceRows: 900,
      setAside: { sourceRows: 98, keptRows: 98 },
    });
    const source = await all('written', 'id, amount, note');
    await engine.cutOver(run);
    expect(
      [
        ...(await all('written', 'id, total, note')),
        ...(await all(kept('written'), 'id, amount, note')),
      ].sort(),
    ).toEqual([...source].sort());
    expect(await all(kept('written'), 'id')).not.toContain('50');
    expect(await all(kept('written'), 'id, note')).toEqual(
      expect.arrayContaining(['12|note 12', '20|new', '60|newer', '5001']),
    );
  });

  it.each(['copied', 'caught up'])(
    'G9: has a row in one place that is written between the two statements by which it is %s',
    async moment => {
      const table = moment.replace(' ', '_');
      const run = await create(table);
      const healthy = world.engine();
      const pause = pauseBefore('INSERT INTO "public_quarantine');
      const stepped = world.engine({ makePool: pause.makePool });
      const write = () =>
        world.sql(
          `UPDATE ${table} SET amount = CASE WHEN id = 10 THEN '7' ELSE 'bad' END WHERE id IN (1, 10)`,
        );
      await healthy.fence(run);
      await healthy.prepare(run);
      if (moment === 'caught up') {
        await copy(healthy, run);
        await world.sql(`UPDATE ${table} SET note = 'x' WHERE id IN (1, 10)`);
      }
      const working =
        moment === 'copied' ? stepped.copyChunk(run) : stepped.catchUp(run);
      await pause.reached;
      await write();
      pause.resume();
      await working;
      const source = await all(table, 'id, amount, note');
      await migrate(healthy, run);
      expect(
        [
          ...(await all(table, 'id, total, note')),
          ...(await all(kept(table), 'id, amount, note')),
        ].sort(),
      ).toEqual([...source].sort());
      expect(await all(kept(table), 'id')).toContain('1');
    },
  );

  it.each`
    what                          | statement
    ${'a row is missing'}         | ${'DELETE FROM TABLE WHERE id = 10'}
    ${'a value changed'}          | ${"UPDATE TABLE SET note = 'x' WHERE id = 20"}
    ${'a reason changed'}         | ${"UPDATE TABLE SET skein_failed_fields = '{note}' WHERE id = 20"}
    ${'values exchanged'}         | ${'UPDATE TABLE SET note = CASE id WHEN 10 THEN $$note 20$$ ELSE $$note 10$$ END WHERE id IN (10, 20)'}
    ${'a row is there twice'}     | ${'INSERT INTO TABLE SELECT * FROM TABLE WHERE id = 10'}
    ${'a row of others is there'} | ${"INSERT INTO TABLE VALUES (1, '1', 'note 1', '{amount}', now())"}
  `('G5: fails the verification where $what', async ({ what, statement }) => {
    const table = `t_${what.replace(/ /g, '_')}`;
    const run = await create(table);
    const engine = world.engine();
    await copy(engine, run);
    await world.sql(statement.replace(/TABLE/g, kept(table)));
    const report = await engine.verify(run);
    expect(report.ok).toBe(false);
    expect(report.mismatches).toContainEqual(
      expect.objectContaining({
        message: expect.stringContaining('In quarantine: '),
      }),
    );
  });

  it('G5: fails the verification where a row is in both places', async () => {
    const run = await create('in_both');
    const engine = world.engine();
    await copy(engine, run);
    const [{ next }] = await world.sql(
      `SELECT nspname AS next FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relname = 'in_both' AND nspname LIKE 'skein%next'`,
    );
    await world.sql(`INSERT INTO ${next}.in_both VALUES (10, NULL, 'note 10')`);
    await expect(engine.verify(run)).resolves.toMatchObject({ ok: false });
  });

  it('goes when the migration is given up, and is made anew by a retry', async () => {
    const run = await create('given_up');
    const engine = world.engine();
    await copy(engine, run);
    await world.sql('TRUNCATE given_up');
    await engine.prepare(run);
    expect(await count(kept('given_up'))).toBe(0);
    await expect(engine.plan(run)).resolves.toMatchObject({ refusals: [] });
    await engine.abandon(run);
    expect(await exists(kept('given_up'))).toBe(false);
  });

  it('stays when the old version is cleaned up, and is then in the way of nobody', async () => {
    const run = await create('cleaned');
    const engine = world.engine();
    await migrate(engine, run);
    await engine.cleanUp(run);
    expect(await count(kept('cleaned'))).toBe(100);
    const back = await world.run({
      table: 'cleaned',
      from: to,
      to: [id, field('total', 'string'), field('note', 'string')],
      steps: [{ agent: 'cast-type', payload: { field: 'total' } }],
      versions: ['2.0.0', '3.0.0'],
      migrationId: 'next',
    });
    await migrate(engine, back);
    expect(await count(kept('cleaned'))).toBe(100);
  });

  it('G8: goes with a roll back, which has all rows again', async () => {
    const run = await create('undone');
    const before = await all('undone', 'id, amount, note');
    const engine = world.engine();
    await migrate(engine, run);
    await engine.rollback(run);
    expect(await all('undone', 'id, amount, note')).toEqual(before);
    expect(await exists(kept('undone'))).toBe(false);
  });

  it('G8: a roll back neither loses nor doubles set aside rows when the new version was written', async () => {
    const run = await create('mended');
    const engine = world.engine();
    await migrate(engine, run);
    await world.sql(`UPDATE mended SET total = total + 1 WHERE id < 10`);
    // Three that were set aside come back: with a value, with none, and not to stay.
    await world.sql(
      `INSERT INTO mended VALUES (10, 1010, 'mended'), (20, NULL, 'none'), (30, 3, 'gone'), (2000, 5, 'new')`,
    );
    await world.sql(`DELETE FROM mended WHERE id = 30`);
    await engine.rollback(run);
    const rows = await all('mended', `id, coalesce(amount, 'NULL'), note`);
    expect(rows).toHaveLength(1_001);
    expect(rows).toEqual(
      expect.arrayContaining([
        '1|2|note 1',
        '10|1010|mended',
        '20|NULL|none',
        '30|n/a 30|note 30',
        '40|n/a 40|note 40',
        '2000|5|new',
      ]),
    );
  });

  it('G8: a roll back keeps a set aside row whose key goes from the new version between two batches', async () => {
    const run = await create('meanwhile');
    const before = await all('meanwhile', 'id, amount, note');
    await migrate(world.engine(), run);
    await world.sql(`INSERT INTO meanwhile VALUES (10, 1, 'a'), (20, 2, 'b')`);
    const pause = pauseBefore('LOCK TABLE "public"."meanwhile" IN ACCESS');
    const rolling = world.engine({ makePool: pause.makePool }).rollback(run);
    await pause.reached;
    const [{ old }] = await world.sql(
      `SELECT relnamespace::regnamespace AS old FROM pg_class WHERE relname = 'meanwhile' AND relnamespace::regnamespace::text LIKE 'skein%old'`,
    );
    const replaced = await all(`${old}.meanwhile`, 'id, amount');
    expect(replaced.slice(9, 10)).toEqual(['10|1']);
    await world.sql('DELETE FROM meanwhile WHERE id IN (10, 20)');
    pause.resume();
    await rolling;
    expect(await all('meanwhile', 'id, amount, note')).toEqual(before);
  });

  it.each(['DELETE FROM', 'TRUNCATE'])(
    'G8: a second roll back keeps set aside rows after %s, whatever the first did before it was refused',
    async statement => {
      const table = `twice_${statement.split(' ')[0].toLowerCase()}`;
      await world.sql(
        `CREATE TABLE ${table} (id integer PRIMARY KEY, amount text, note text, size integer GENERATED ALWAYS AS (length(amount)) STORED)`,
      );
      await world.sql(
        `INSERT INTO ${table} VALUES (1, '1', 'a'), (2, 'n/a', 'b')`,
      );
      const size = field('size', 'integer');
      const run = await world.run({
        table,
        from: [...from, size],
        to,
        steps: [...steps, { agent: 'drop-field', payload: { field: 'size' } }],
      });
      const before = await all(table, 'id, amount, note, size');
      await migrate(world.engine(), run);
      await world.sql(`INSERT INTO ${table} VALUES (2, 22, 'mended')`);
      const pause = pauseBefore(`LOCK TABLE "public"."${table}" IN ACCESS`);
      const refused = world.engine({ makePool: pause.makePool }).rollback(run);
      await pause.reached;
      await world.sql(`CREATE INDEX later ON ${table} (note)`);
      pause.resume();
      await expect(refused).rejects.toThrow('changed indexes');
      await world.sql('DROP INDEX later');
      await world.sql(`${statement} ${table}`);
      await world.engine().rollback(run);
      expect(await all(table, 'id, amount, note, size')).toEqual(
        before.slice(1),
      );
    },
  );

  it('G8: does not keep a roll back waiting while somebody reads it, and goes with the clean up', async () => {
    const run = await create('looked_at');
    const before = await all('looked_at', 'id, amount, note');
    const engine = world.engine();
    await migrate(engine, run);
    const reader = await World.connect(world.connectionString);
    try {
      await reader.query('BEGIN');
      await reader.query(`SELECT count(*) FROM ${kept('looked_at')}`);
      await engine.rollback(run);
      expect(await all('looked_at', 'id, amount, note')).toEqual(before);
      expect(run.logger.warn).toHaveBeenCalledWith(
        expect.stringMatching(/^The quarantine of .* was in use/),
      );
      await expect(engine.cleanUp(run)).rejects.toThrow('The quarantine of');
      expect(await exists(kept('looked_at'))).toBe(true);
      await reader.query('COMMIT');
    } finally {
      await reader.end();
    }
    await engine.cleanUp(run);
    expect(await exists(kept('looked_at'))).toBe(false);
  });

  it('G8: a roll back after TRUNCATE of the new version keeps what was set aside', async () => {
    const run = await create('emptied');
    const engine = world.engine();
    await migrate(engine, run);
    await world.sql('TRUNCATE emptied');
    await world.sql(`INSERT INTO emptied VALUES (1, 5, 'one')`);
    await engine.rollback(run);
    const rows = await all('emptied', 'id, amount');
    expect(rows).toHaveLength(101);
    expect(rows.slice(0, 2)).toEqual(['1|5', '10|n/a 10']);
  });

  it('holds the rows of all partitions of a table', async () => {
    await world.sql(
      `CREATE TABLE parted (id integer PRIMARY KEY, amount text, note text) PARTITION BY RANGE (id)`,
    );
    for (const low of [0, 100, 200]) {
      await world.sql(
        `CREATE TABLE parted_${low} PARTITION OF parted FOR VALUES FROM (${low}) TO (${
          low + 100
        })`,
      );
    }
    await world.sql(
      `INSERT INTO parted SELECT g, CASE WHEN g % 10 = 0 THEN 'n/a' ELSE g::text END, 'note' FROM generate_series(1, 299) AS g`,
    );
    const run = await world.run({ table: 'parted', from, to, steps });
    const engine = world.engine();
    await engine.fence(run);
    await engine.prepare(run);
    await engine.copyChunk(run);
    await world.sql(`UPDATE parted SET amount = '1' WHERE id IN (10, 110)`);
    await world.sql(`UPDATE parted SET amount = 'bad' WHERE id IN (211, 212)`);
    await migrate(engine, run);
    expect(await count('parted')).toBe(270);
    expect(await all(kept('parted'), 'id, amount')).toEqual([
      ...[20, 30, 40, 50, 60, 70, 80, 90, 100].map(key => `${key}|n/a`),
      ...[120, 130, 140, 150, 160, 170, 180, 190, 200].map(key => `${key}|n/a`),
      ...['210|n/a', '211|bad', '212|bad'],
      ...[220, 230, 240, 250, 260, 270, 280, 290].map(key => `${key}|n/a`),
    ]);
    await engine.rollback(run);
    expect(await count('parted')).toBe(299);
  });

  it('does not get to an agent', async () => {
    const run = await create('for_agents', 30);
    const seen: unknown[] = [];
    const given = {
      ...run,
      mapping: {
        ...run.mapping,
        segments: [
          ...run.mapping.segments,
          { kind: 'agent' as const, agent: 'as is', payload: {}, output: to },
          {
            kind: 'projection' as const,
            fields: to.map(({ name, type }, index) => ({
              field: to[index],
              expression: { op: 'field' as const, name, type },
            })),
          },
        ],
      },
      agents: {
        run: async ({ batch }: Parameters<typeof run.agents.run>[0]) => {
          seen.push(...batch.rows.map(row => row.id));
          return { batch, rowsAffected: batch.rows.length };
        },
      },
    };
    const engine = world.engine();
    await copy(engine, given);
    expect(seen).toHaveLength(27);
    expect(seen).not.toContain(10);
    await expect(engine.verify(given)).resolves.toMatchObject({
      ok: true,
      sourceRows: 27,
      setAside: { keptRows: 3 },
    });
    await engine.cutOver(given);
    expect(await count('for_agents')).toBe(27);
    expect(await all(kept('for_agents'), 'id')).toEqual(['10', '20', '30']);
  });

  it('takes no row for several reasons twice, and refuses for no row that it has', async () => {
    await world.sql(
      'CREATE TABLE reasons (id integer PRIMARY KEY, amount text, placed text, size text)',
    );
    await world.sql(
      `INSERT INTO reasons VALUES (1, '1', '2026-01-01', '1'), (2, 'x', '2026-02-30', 'no number'), (3, '3', 'x', '3')`,
    );
    const old = [
      id,
      ...['amount', 'placed', 'size'].map(n => field(n, 'string')),
    ];
    const run = await world.run({
      table: 'reasons',
      from: old,
      to: [
        id,
        field('amount', 'integer', { required: true }),
        field('placed', 'date'),
        field('size', 'integer'),
      ],
      steps: [
        {
          agent: 'cast-type',
          payload: { field: 'amount', onFailure: 'quarantine' },
        },
        {
          agent: 'cast-type',
          payload: { field: 'placed', onFailure: 'quarantine' },
        },
        { agent: 'cast-type', payload: { field: 'size' } },
      ],
    });
    const engine = world.engine();
    const { findings } = await engine.preflight({ ...run, samples: 0 });
    expect(findings.map(({ kind, rows }) => [kind, rows])).toEqual([
      ['rows-set-aside', 1],
      ['rows-set-aside', 2],
    ]);
    await copy(engine, run);
    await expect(engine.verify(run)).resolves.toMatchObject({
      ok: true,
      targetRows: 1,
      setAside: {
        keptRows: 2,
        fields: [
          { name: 'amount', rows: 1 },
          { name: 'placed', rows: 2 },
        ],
      },
    });
    await engine.cutOver(run);
    expect(await all(kept('reasons'), 'id, skein_failed_fields')).toEqual([
      '2|{amount,placed}',
      '3|{placed}',
    ]);
  });

  it('names a field once that fails for several reasons', async () => {
    await world.sql(
      'CREATE TABLE copies (id integer PRIMARY KEY, amount text)',
    );
    await world.sql(
      `INSERT INTO copies VALUES (1, '1'), (2, 'bad'), (3, '70000')`,
    );
    const run = await world.run({
      table: 'copies',
      from: [id, field('amount', 'string')],
      to: [
        id,
        field('total', 'integer'),
        field('small', { kind: 'integer', bits: 16 }),
      ],
      steps: [
        {
          agent: 'derive-field',
          payload: { field: 'raw', expression: 'amount' },
        },
        { agent: 'rename-field', payload: { from: 'raw', to: 'small' } },
        ...steps,
        {
          agent: 'cast-type',
          payload: { field: 'small', onFailure: 'quarantine' },
        },
      ],
    });
    const engine = world.engine();
    const { findings } = await engine.preflight({ ...run, samples: 0 });
    expect(findings.map(({ kind, rows }) => [kind, rows])).toEqual([
      ['rows-set-aside', 1],
      ['rows-set-aside', 2],
    ]);
    await copy(engine, run);
    await expect(engine.verify(run)).resolves.toMatchObject({
      ok: true,
      setAside: { keptRows: 2, fields: [{ name: 'amount', rows: 2 }] },
    });
    await engine.cutOver(run);
    expect(await all(kept('copies'), 'id, skein_failed_fields')).toEqual([
      '2|{amount}',
      '3|{amount}',
    ]);
  });

  it('is refused by the plan, by name, where it cannot be had', async () => {
    const run = await create('refused');
    const engine = world.engine();
    await expect(
      engine.plan({ ...run, policy: 'coexist' }),
    ).resolves.toMatchObject({
      refusals: [expect.stringContaining('onFailure: quarantine')],
    });
    await world.sql(
      'CREATE TABLE lines (id integer REFERENCES refused, skein_failed_fields text)',
    );
    await world.sql('CREATE SCHEMA IF NOT EXISTS public_quarantine_v2_0_0');
    await world.sql(`CREATE TABLE ${kept('refused')} (x integer)`);
    await expect(engine.plan(run)).resolves.toMatchObject({
      refusals: [
        expect.stringContaining('"refused", where rows would be set aside, is'),
        expect.stringMatching(
          /^The foreign key lines_id_fkey of public.lines may point to rows/,
        ),
      ],
    });
    await expect(engine.prepare(run)).rejects.toThrow('is there already');
    expect(await count(kept('refused'))).toBe(0);
    await world.sql('DROP TABLE lines');
    await world.sql(`DROP TABLE ${kept('refused')}`);
    await world.sql('ALTER TABLE refused ADD skein_failed_fields text');
    const named = field('skein_failed_fields', 'string');
    await expect(
      engine.plan(
        await world.run({
          table: 'refused',
          from: [...from, named],
          to: [...to, named],
          steps,
        }),
      ),
    ).resolves.toMatchObject({
      refusals: [
        'The column skein_failed_fields has the name of one that the quarantine adds; rename it first.',
      ],
    });
  });

  it('and the new version are the source, as the slow evaluator has it', async () => {
    const engine = world.engine();
    const value = fc.oneof(
      fc.constantFrom(null, '', ' 7 ', '+1', '-0', '1e3', '2147483648', '１'),
      fc.integer().map(String),
      fc.string({ maxLength: 6 }).filter(text => !text.includes('\0')),
    );
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(value, value), { maxLength: 40 }),
        async rows => {
          round += 1;
          const table = `random_${round}`;
          await world.sql(
            `CREATE TABLE ${table} (id integer PRIMARY KEY, amount text, note text)`,
          );
          await world.sql(
            `INSERT INTO ${table} SELECT row_number() OVER (), a, n FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS rows(a, n, o) ORDER BY o`,
            [rows.map(([a]) => a), rows.map(([, n]) => n)],
          );
          const run = await world.run({
            table,
            from,
            to: [id, field('total', 'integer'), field('note', 'date')],
            steps: [
              ...steps,
              {
                agent: 'cast-type',
                payload: { field: 'note', onFailure: 'quarantine' },
              },
            ],
          });
          const source = rows.map(([amount, note], index) => ({
            id: `${index + 1}`,
            amount,
            note,
          }));
          const aside = source
            .map(row => ({ row, fields: evaluateSetAside(run.mapping, row) }))
            .filter(({ fields }) => fields.length > 0);
          const mapped = source
            .filter(row => !aside.some(other => other.row === row))
            .map(row => evaluateMapping(run.mapping, row));
          await migrate(engine, run);
          expect(
            await world.sql(
              `SELECT id::text, total::text, note::text FROM ${table} ORDER BY ${table}.id`,
            ),
          ).toEqual(mapped);
          expect(
            await world.sql(
              `SELECT id::text, amount, note, skein_failed_fields AS fields FROM ${kept(
                table,
              )} AS kept ORDER BY kept.id`,
            ),
          ).toEqual(aside.map(({ row, fields }) => ({ ...row, fields })));
        },
      ),
      { numRuns: 15, endOnFailure: true },
    );
  });
});
