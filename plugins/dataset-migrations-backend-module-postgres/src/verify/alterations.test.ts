import { Field } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatFieldType } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import {
  alterableFields,
  AlterableRow,
  alterableRows,
  contentAlterations,
  sameContent,
} from '@skein/backstage-plugin-dataset-migrations-node/testUtils';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { copy, field, id, World } from '../__testUtils__/world';
import { ident } from '../connection/sql';
import { checksumOf, digestsOf } from './digest';
import { comparable } from './relations';

/** Issue: at least a thousand, caught to the last one. */
const ALTERATIONS = 1_200;

let world: World;

beforeAll(async () => {
  world = await World.create();
  await world.sql(`SET timezone = 'UTC'`);
});
afterAll(() => world.dispose());

const columnType: Record<string, string> = { bytes: 'bytea', json: 'jsonb' };

const typed = alterableFields.map(({ name, type }) => ({
  name,
  type: columnType[type.kind] ?? formatFieldType(type),
  bytes: type.kind === 'bytes',
}));

const columns = [`id integer`, ...typed.map(c => `${c.name} ${c.type}`)];

/** Rows as `SELECT` of their typed values, from one parameter. */
const unpacked = `SELECT (r->>'id')::integer AS id, ${typed.map(
  ({ name, type, bytes }) =>
    `${
      bytes ? `decode(r->>'${name}', 'hex')` : `(r->>'${name}')::${type}`
    } AS ${name}`,
)} FROM jsonb_array_elements($1) WITH ORDINALITY AS e(r, n) ORDER BY n`;

describe('G5: verification', () => {
  const keyed: readonly AlterableRow[] = alterableRows({
    seed: 7,
    count: 24,
  }).map((row, index) => ({ ...row, id: `${index}` }));
  const fields: Field[] = [
    id,
    ...alterableFields.map(({ name, type }) => field(name, type)),
  ];
  let run: EngineRun;
  let shadow: string;

  beforeAll(async () => {
    await world.sql(
      `CREATE TABLE altered (${columns.join(
        ', ',
      )}, gone text, PRIMARY KEY (id))`,
    );
    await world.sql(
      `INSERT INTO altered SELECT *, 'gone' FROM (${unpacked}) AS rows`,
      [JSON.stringify(keyed)],
    );
    run = await world.run({
      table: 'altered',
      from: [...fields, field('gone', 'string')],
      to: fields,
      steps: [{ agent: 'drop-field', payload: { field: 'gone' } }],
    });
    await copy(world.engine(), run);
    const [{ schema }] = await world.sql(
      `SELECT nspname AS schema FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid WHERE relname = 'altered' AND nspname LIKE 'skein\\_%'`,
    );
    shadow = `${ident(schema)}.altered`;
    await world.sql(
      `ALTER TABLE ${shadow} DROP CONSTRAINT altered_pkey, ALTER id DROP NOT NULL`,
    );
  });

  async function hold(rows: readonly AlterableRow[]): Promise<void> {
    await world.sql(
      `WITH gone AS (DELETE FROM ${shadow}) INSERT INTO ${shadow} ${unpacked}`,
      [JSON.stringify(rows)],
    );
  }

  it('accepts the same content, written anew in another order', async () => {
    await hold([...keyed].reverse());
    await expect(world.engine().verify(run)).resolves.toMatchObject({
      ok: true,
      mismatches: [],
    });
  });

  it(`notices every one of ${ALTERATIONS} alterations of the content`, async () => {
    const engine = world.engine();
    const unnoticed: string[] = [];
    let made = 0;
    const keyedFields = [
      { name: 'id', type: { kind: 'integer', bits: 32 } as const },
      ...alterableFields,
    ];
    for (const { what, rows } of contentAlterations(keyedFields, keyed, {
      seed: 11,
      count: ALTERATIONS,
    })) {
      made += 1;
      await hold(rows);
      const { ok, mismatches } = await engine.verify(run);
      if (ok || mismatches.length === 0) {
        unnoticed.push(`${made}: ${what}`);
      }
    }
    expect(made).toBe(ALTERATIONS);
    expect(unnoticed).toEqual([]);
  }, 300_000);
});

describe('digestsOf', () => {
  const compared = alterableFields.map(({ name, type }, index) => ({
    field: field(name, type),
    name,
    type: typed[index].type,
    expectedType: typed[index].type,
  }));
  const values = typed.map(
    ({ name, type }, index) => `${comparable(name, type)} AS v${index}`,
  );

  async function digest(rows: readonly AlterableRow[]) {
    await world.sql('DELETE FROM digested');
    await world.sql(`INSERT INTO digested ${unpacked}`, [JSON.stringify(rows)]);
    const [found] = await digestsOf(
      { query: (sql: string) => world.sql(sql) as Promise<any[]> },
      [`SELECT ${values} FROM digested`],
      compared,
    );
    return `${found.rows} ${checksumOf(found)}`;
  }

  beforeAll(() => world.sql(`CREATE TABLE digested (${columns.join(', ')})`));

  it('is equal for equal content, and for no other, by a slow comparison', async () => {
    let [equal, different] = [0, 0];
    for (let seed = 1; seed <= 60; seed += 1) {
      const rows = alterableRows({ seed, count: seed % 9 });
      const candidates = [
        [...rows].reverse(),
        alterableRows({ seed: seed + 1, count: seed % 9 }),
        [...rows, ...rows.slice(0, 1)],
        rows.map(row => ({
          ...row,
          wide: row.wide === '0' ? '-0' : row.wide,
        })),
      ];
      const expected = await digest(rows);
      for (const other of candidates) {
        const same = sameContent(alterableFields, rows, other);
        const found = await digest(other);
        expect([seed, found === expected]).toEqual([seed, same]);
        if (same) {
          equal += 1;
        } else {
          different += 1;
        }
      }
    }
    expect(Math.min(equal, different)).toBeGreaterThan(50);
  });
});
