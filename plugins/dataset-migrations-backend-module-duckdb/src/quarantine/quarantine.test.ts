import { mkdir, writeFile } from 'fs/promises';
import path from 'path';
import {
  evaluateMapping,
  evaluateSetAside,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import fc from 'fast-check';
import { Change, planOf, rename, runOf } from '../__testUtils__/changes';
import { fileList, query } from '../__testUtils__/independentReader';
import {
  filesBelow,
  plainFiles,
  readPublished,
} from '../__testUtils__/publishedFiles';
import {
  World,
  copyAll,
  field,
  integer,
  makeWorld,
  text,
  usePool,
} from '../__testUtils__/world';
import { resolveDataset } from '../publishing/resolveDataset';

// Processes are started, and the machine may be busy.
jest.setTimeout(120_000);

const pool = usePool();

describe('rows of files that are set aside', () => {
  let world: World;
  let folder: string;

  beforeEach(async () => {
    world = await makeWorld({ pool: pool(), chunkRows: 10 });
    folder = path.join(world.root, 'data');
    await mkdir(folder);
  });

  afterEach(() => world.close());

  const id = field('id', integer, { primaryKeyPosition: 1, required: true });
  const quarantine = (name: string) => ({
    agent: 'cast-type',
    payload: { field: name, onFailure: 'quarantine' },
  });

  const change = (format: string): Change => ({
    format,
    from: [id, field('amount', text), field('note', text)],
    to: [id, field('total', integer), field('note', text)],
    steps: [rename('amount', 'total'), quarantine('total')],
  });

  async function put(file: string, content: string) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), content);
  }

  const putRows = (name: string, select: string) =>
    query(`COPY (${select}) TO '${path.join(folder, name)}' (FORMAT parquet)`);

  /** The files that the manifest names for the migration. */
  const asideFiles = async (dataset = folder) => {
    const { migrations = [] } = (await readPublished(dataset))!;
    return (migrations[0].setAside ?? []).map(file =>
      path.join(dataset, file.path),
    );
  };

  const kept = async (columns: string) =>
    query(
      `SELECT ${columns} FROM read_parquet(${fileList(
        await asideFiles(),
      )}) ORDER BY skein_file, skein_row`,
    );

  const current = async () => {
    const { files } = await resolveDataset(folder);
    return files;
  };

  it.each(['csv', 'ndjson'])(
    'need not be what the contract says: %s',
    async format => {
      await put(
        `a.${format}`,
        format === 'csv'
          ? 'id,amount,note,day\n1,1,x,2026-01-01\n2,bad,y,no day\n'
          : '{"id": 1, "amount": "1", "note": "x", "day": "2026-01-01"}\n{"id": 2, "amount": "bad", "note": "y", "day": "no day"}\n',
      );
      const day = field('day', { kind: 'date' });
      const plain = change(format);
      const run = await runOf(world, {
        ...plain,
        from: [...plain.from, day],
        to: [...plain.to, day],
      });
      const kinds = async () => {
        const { findings } = await world.engine.preflight({
          ...run,
          samples: 0,
        });
        return findings.map(({ kind, rows }) => [kind, rows]);
      };
      await expect(kinds()).resolves.toEqual([['rows-set-aside', 1]]);
      await copyAll(world.engine, run);
      await expect(world.engine.verify(run)).resolves.toMatchObject({
        ok: true,
        setAside: { keptRows: 1 },
      });
      // Of a row that is mapped it is found.
      await put(
        `b.${format}`,
        format === 'csv'
          ? 'id,amount,note,day\n3,3,x,no day\n'
          : '{"id": 3, "amount": "3", "note": "x", "day": "no day"}\n',
      );
      expect(await kinds()).toContainEqual(['type-mismatch', 1]);
    },
  );

  it('keep the text of a CSV file, with where they were and why they are here', async () => {
    await put(
      'year=2023/a.csv',
      'id,amount,note\n1,1,x\n2, 7 ,y\n3,n/a,"a ""b"""\n',
    );
    await put('year=2024/b.csv', 'id,amount,note\n4,,\n5,1e3,""\n');
    const partitioned = field('year', integer);
    const csv = change('csv');
    const run = await runOf(world, {
      ...csv,
      from: [...csv.from, partitioned],
      to: [...csv.to, partitioned],
    });
    const plan = await planOf(world, run);
    expect(plan.refusals).toEqual([]);
    expect(plan.notes).toContainEqual(
      expect.stringContaining(
        'Rows whose amount cannot be cast to integer go to Parquet files in _skein/quarantine/2.0.0',
      ),
    );
    await copyAll(world.engine, run);
    await expect(world.engine.verify(run)).resolves.toMatchObject({
      ok: true,
      sourceRows: 3,
      setAside: {
        place: '_skein/quarantine/2.0.0',
        keptRows: 2,
        fields: [{ name: 'amount', rows: 2 }],
      },
    });
    await world.engine.cutOver(run);
    expect(
      await kept(
        'id, amount, note, "year", skein_failed_fields AS fields, skein_file AS file, skein_row AS row',
      ),
    ).toEqual([
      {
        id: '3',
        amount: 'n/a',
        note: 'a "b"',
        year: '2023',
        fields: ['amount'],
        file: 'year=2023/a.csv',
        row: '2',
      },
      {
        id: '5',
        amount: '1e3',
        note: '',
        year: '2024',
        fields: ['amount'],
        file: 'year=2024/b.csv',
        row: '1',
      },
    ]);
    // Nothing that a reader of the version meets.
    expect((await current()).join()).not.toContain('quarantine');
  });

  it('name a field once that fails for several reasons', async () => {
    await put('a.csv', 'id,amount,note\n1,1,x\n2,bad,y\n3,70000,z\n');
    const csv = change('csv');
    const small = field('small', { kind: 'integer', bits: 16 });
    const run = await runOf(world, {
      ...csv,
      to: [...csv.to, small],
      steps: [
        {
          agent: 'derive-field',
          payload: { field: 'raw', expression: 'amount' },
        },
        rename('raw', 'small'),
        ...csv.steps,
        quarantine('small'),
      ],
    });
    const { findings } = await world.engine.preflight({ ...run, samples: 9 });
    expect(findings.map(({ rows, samples }) => [rows, samples])).toEqual([
      [1, ['bad']],
      [2, ['70000', 'bad']],
    ]);
    await copyAll(world.engine, run);
    await expect(world.engine.verify(run)).resolves.toMatchObject({
      ok: true,
      setAside: { keptRows: 2, fields: [{ name: 'amount', rows: 2 }] },
    });
    await world.engine.cutOver(run);
    expect(await kept('id, skein_failed_fields AS fields')).toEqual([
      { id: '2', fields: ['amount'] },
      { id: '3', fields: ['amount'] },
    ]);
  });

  it('keep the types of a Parquet file', async () => {
    const types = `'x' AS amount, 'n' AS note, 1.50::DECIMAL(9,2) AS price, [1, NULL, 3] AS list, {'a': 1} AS nested, TIMESTAMP '2026-01-01 00:00:00.000001' AS at, 'ab'::BLOB AS raw`;
    await putRows('a.parquet', `SELECT 1::INTEGER AS id, ${types}`);
    const parquet = change('parquet');
    const more = [
      field('price', { kind: 'decimal', precision: 9, scale: 2 }),
      field('list', { kind: 'array', items: integer }),
      field('nested', { kind: 'object', fields: [field('a', integer)] } as any),
      field('at', { kind: 'timestamp', zone: false }),
      field('raw', { kind: 'bytes' }),
    ];
    const run = await runOf(world, {
      ...parquet,
      from: [...parquet.from, ...more],
      to: [...parquet.to, ...more],
    });
    await copyAll(world.engine, run);
    await expect(world.engine.verify(run)).resolves.toMatchObject({
      ok: true,
      targetRows: 0,
      setAside: { keptRows: 1 },
    });
    await world.engine.cutOver(run);
    const described = (file: string) =>
      query(`DESCRIBE SELECT * FROM read_parquet('${file}')`);
    const [file] = await asideFiles();
    const before = await described(path.join(folder, 'a.parquet'));
    expect((await described(file)).slice(0, before.length)).toEqual(before);
  });

  it('G9: are set aside of files that come later, too', async () => {
    await put('a.csv', 'id,amount,note\n1,1,x\n2,bad,y\n');
    const run = await runOf(world, change('csv'));
    await copyAll(world.engine, run);
    await put('b.csv', 'id,amount,note\n3,worse,z\n4,4,z\n');
    await world.engine.cutOver(run);
    expect(await kept('id, amount')).toEqual([
      { id: '2', amount: 'bad' },
      { id: '3', amount: 'worse' },
    ]);
  });

  it('are there as long as nobody deletes them, but after a roll back', async () => {
    await put('a.csv', 'id,amount,note\n1,1,x\n2,bad,y\n');
    const run = await runOf(world, change('csv'));
    await copyAll(world.engine, run);
    await world.engine.cutOver(run);
    await world.engine.rollback(run);
    expect(await asideFiles()).toEqual([]);
    await world.engine.cleanUp(run);
    const below = path.join(folder, '_skein/quarantine');
    expect(await filesBelow(below)).toEqual([]);
    expect(await plainFiles(folder)).toHaveLength(1);

    const again = { ...run, migrationId: 'm2', fence: 2 };
    await copyAll(world.engine, again);
    await world.engine.cutOver(again);
    await world.engine.cleanUp(again);
    expect(await filesBelow(below)).toHaveLength(1);
  });

  it('beside the old version are only missing in the new one', async () => {
    await put('a.csv', 'id,amount,note\n1,1,x\n2,bad,y\n');
    const run = await runOf(world, {
      ...change('csv'),
      rest: { policy: 'coexist' },
    });
    await expect(planOf(world, run)).resolves.toMatchObject({ refusals: [] });
    await copyAll(world.engine, run);
    await world.engine.cutOver(run);
    expect(await kept('id')).toEqual([{ id: '2' }]);
    await world.engine.retire(run);
    expect(await kept('id')).toEqual([{ id: '2' }]);
  });

  it('do not get to an agent', async () => {
    await put(
      'a.ndjson',
      '{"id": 1, "amount": "5"}\n{"id": 2, "amount": "x", "note": null}\n{"id": 3, "amount": 7}\n',
    );
    const ndjson = change('ndjson');
    const run = await runOf(world, ndjson);
    const [projection] = run.mapping.segments;
    const seen: unknown[] = [];
    const given = {
      ...run,
      mapping: {
        ...run.mapping,
        // No way leads back through an agent.
        inverse: undefined,
        segments: [
          projection,
          {
            kind: 'agent' as const,
            agent: 'as is',
            payload: {},
            output: ndjson.to,
          },
          {
            kind: 'projection' as const,
            fields: ndjson.to.map(to => ({
              field: to,
              expression: {
                op: 'field' as const,
                name: to.name,
                type: to.type,
              },
            })),
          },
        ],
      },
      agents: {
        run: async ({ batch }: any) => {
          seen.push(...batch.rows.map((row: any) => row.id));
          return { batch, rowsAffected: batch.rows.length };
        },
      },
    };
    await copyAll(world.engine, given);
    expect(seen).toEqual([1, 3]);
    await expect(world.engine.verify(given)).resolves.toMatchObject({
      ok: true,
      targetRows: 2,
      setAside: { keptRows: 1 },
    });
  });

  it('G5: are noticed where the file that keeps them is no such file', async () => {
    await put('a.csv', 'id,amount,note\n1,1,x\n2,bad,y\n');
    const run = await runOf(world, change('csv'));
    await copyAll(world.engine, run);
    const [file] = await filesBelow(path.join(folder, '_skein/quarantine'));
    await writeFile(file, 'rubbish');
    const report = await world.engine.verify(run);
    expect(report.ok).toBe(false);
    expect(report.mismatches).toContainEqual(
      expect.objectContaining({
        message: expect.stringContaining('cannot be read'),
      }),
    );
    await expect(world.engine.cutOver(run)).rejects.toThrow(
      'Parts were written after they were made',
    );
  });

  it('need the names of their columns', async () => {
    await put('a.csv', 'id,amount,note,skein_row\n1,1,x,1\n');
    const csv = change('csv');
    const named = field('skein_row', text);
    const run = await runOf(world, {
      ...csv,
      from: [...csv.from, named],
      to: [...csv.to, named],
    });
    await expect(planOf(world, run)).resolves.toMatchObject({
      refusals: [expect.stringContaining("'skein_row' has the name of one")],
    });
  });

  it('and the new version are the source, as the slow evaluator has it', async () => {
    const value = fc.oneof(
      fc.constantFrom(null, '', ' 7 ', '+1', '-0', '1e3', '2147483648', '１'),
      fc.integer().map(String),
      fc.string({ maxLength: 6 }).filter(one => !one.includes('\0')),
    );
    const literal = (one: string | null) =>
      one === null ? 'NULL::VARCHAR' : `'${one.replace(/'/g, "''")}'`;
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 40 }),
        async rows => {
          round += 1;
          const at = `random-${round}`;
          const dataset = path.join(world.root, at);
          await mkdir(dataset);
          const selects = rows.map(
            ([amount, note], index) =>
              `SELECT ${index + 1}::INTEGER AS id, ${literal(
                amount,
              )} AS amount, ${literal(note)} AS note`,
          );
          await query(
            `COPY (${selects.join(
              ' UNION ALL ',
            )}) TO '${dataset}/a.parquet' (FORMAT parquet)`,
          );
          const parquet = change('parquet');
          const run = await runOf(world, {
            ...parquet,
            to: [id, field('total', integer), field('note', { kind: 'date' })],
            steps: [...parquet.steps, quarantine('note')],
            path: at,
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
          await copyAll(world.engine, run);
          await expect(world.engine.verify(run)).resolves.toMatchObject({
            ok: true,
            mismatches: [],
          });
          await world.engine.cutOver(run);
          const { files } = await resolveDataset(dataset);
          expect(
            await query(
              `SELECT id::VARCHAR AS id, total::VARCHAR AS total, note::VARCHAR AS note FROM read_parquet(${fileList(
                files,
              )}) ORDER BY id::INTEGER`,
            ),
          ).toEqual(mapped);
          const written = await asideFiles(dataset);
          expect(
            written.length === 0
              ? []
              : await query(
                  `SELECT id::VARCHAR AS id, amount, note, skein_failed_fields AS fields FROM read_parquet(${fileList(
                    written,
                  )}) ORDER BY skein_row`,
                ),
          ).toEqual(aside.map(({ row, fields }) => ({ ...row, fields })));
        },
      ),
      { numRuns: 12, endOnFailure: true },
    );
  });
});
