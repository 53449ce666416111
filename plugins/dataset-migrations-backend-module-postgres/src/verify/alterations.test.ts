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
import { textOf } from '../__testUtils__/textOf';
import { copy, field, id, World } from '../__testUtils__/world';
import { Statement } from '../connection/prepared';
import { qualified } from '../connection/sql';
import { Place } from '../RunContext';
import { layOut } from '../table/layout';
import { Queryable, readTables } from '../table/readTable';
import { checksumOf, digestsOf } from './digest';
import { comparable, comparedColumns, targetRelation } from './relations';

/** Issue: at least a thousand, caught to the last one. */
const ALTERATIONS = 1_200;

/** Every so many of them also go through a whole verification. */
const VERIFIED = 6;

/** Contents whose digests are taken by one statement. */
const TOGETHER = 60;

let world: World;

beforeAll(async () => {
  world = await World.create();
  await world.sql(`SET timezone = 'UTC'`);
});
afterAll(() => world.dispose());

const session = {
  query: (statement: Statement, values?: unknown[]) =>
    world.sql(textOf(statement), values),
} as Queryable;

const columnType: Record<string, string> = { bytes: 'bytea', json: 'jsonb' };

const typed = alterableFields.map(({ name, type }) => ({
  name,
  type: columnType[type.kind] ?? formatFieldType(type),
  bytes: type.kind === 'bytes',
}));

const columns = [`id integer`, ...typed.map(c => `${c.name} ${c.type}`)];

/** Rows as `SELECT` of their typed values, from SQL of a JSON array. */
const unpackedOf = (json: string) =>
  `SELECT (r->>'id')::integer AS id, ${typed.map(
    ({ name, type, bytes }) =>
      `${
        bytes ? `decode(r->>'${name}', 'hex')` : `(r->>'${name}')::${type}`
      } AS ${name}`,
  )} FROM jsonb_array_elements(${json}) WITH ORDINALITY AS e(r, n) ORDER BY n`;

const unpacked = unpackedOf('$1');

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
  let next: Place;
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
    next = { schema, table: 'altered' };
    shadow = qualified(next);
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

  const alterations = [
    ...contentAlterations(
      [{ name: 'id', type: { kind: 'integer', bits: 32 } }, ...alterableFields],
      keyed,
      { seed: 11, count: ALTERATIONS },
    ),
  ];

  it(`has another digest for every one of ${ALTERATIONS} alterations of the content`, async () => {
    // Columns and relation as of a verification, for one content among many.
    const [source, made] = await readTables(session, [
      { schema: 'public', table: 'altered' },
      next,
    ]);
    const compared = comparedColumns(layOut(run.mapping, source), made.columns);
    const digestOf = async (
      contents: ReadonlyArray<readonly AlterableRow[]>,
    ) => {
      await world.sql('DELETE FROM contents');
      await world.sql(
        `INSERT INTO contents SELECT (r->>'content')::integer, altered.*
         FROM jsonb_array_elements($1) AS r, LATERAL (${unpackedOf(
           "r->'rows'",
         )}) AS altered`,
        [JSON.stringify(contents.map((rows, content) => ({ content, rows })))],
      );
      const digests = await digestsOf(
        session,
        contents.map((_, content) =>
          targetRelation('contents', compared, `WHERE content = ${content}`),
        ),
        compared,
      );
      return digests.map(digest => `${digest.rows} ${checksumOf(digest)}`);
    };
    await world.sql(`CREATE TABLE contents (content integer, ${columns})`);
    const [original, again] = await digestOf([keyed, [...keyed].reverse()]);
    expect(again).toBe(original);
    expect(alterations).toHaveLength(ALTERATIONS);
    const unnoticed: string[] = [];
    for (let at = 0; at < alterations.length; at += TOGETHER) {
      const some = alterations.slice(at, at + TOGETHER);
      const digests = await digestOf(some.map(({ rows }) => rows));
      expect(digests).toHaveLength(some.length);
      unnoticed.push(
        ...some
          .filter((_, index) => digests[index] === original)
          .map(({ what }) => what),
      );
    }
    expect(unnoticed).toEqual([]);
  });

  it('fails for what has another digest, and names it', async () => {
    const engine = world.engine();
    const unnoticed: string[] = [];
    const verified = alterations.filter((_, index) => index % VERIFIED === 0);
    for (const { what, rows } of verified) {
      await hold(rows);
      const { ok, mismatches } = await engine.verify(run);
      if (ok || mismatches.length === 0) {
        unnoticed.push(what);
      }
    }
    expect(verified).toHaveLength(ALTERATIONS / VERIFIED);
    expect(unnoticed).toEqual([]);
  });
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
      session,
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
