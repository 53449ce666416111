import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { flightFields, flightsTable, project } from './__testUtils__/flights';
import { readSqlText } from './readSqlText';
import { SqlParser } from './sql/SqlParser';

interface LabelledQuery {
  id: string;
  dialect: string;
  sql: string;
  /** `field:line`, with `*` for every field. */
  reads: string[];
}

const queries: LabelledQuery[] = parse(
  readFileSync(join(__dirname, '__fixtures__/queries.yaml'), 'utf8'),
);

const WANTED = 0.98;

describe('labelled queries', () => {
  const parser = new SqlParser();
  afterAll(() => parser.close());

  async function found({ sql, dialect }: LabelledQuery): Promise<Set<string>> {
    const { uses, unread } = await readSqlText(sql, {
      parser,
      dialects: [dialect],
      tables: [flightsTable()],
      project,
    });
    return new Set([
      ...uses.map(({ field, line }) => `${field}:${line}`),
      ...unread.map(({ reason }) => `unread ${reason}`),
    ]);
  }

  it('has at least 100 of them', () => {
    expect(queries.length).toBeGreaterThanOrEqual(100);
    expect(new Set(queries.map(({ id }) => id)).size).toBe(queries.length);
  });

  it('finds their fields with a precision and a recall of at least 0.98', async () => {
    let right = 0;
    let tooMany = 0;
    let missed = 0;
    const wrong: string[] = [];
    for (const query of queries) {
      const expected = new Set(query.reads.flatMap(expand));
      const actual = await found(query);
      const extra = [...actual].filter(read => !expected.has(read));
      const lacking = [...expected].filter(read => !actual.has(read));
      right += actual.size - extra.length;
      tooMany += extra.length;
      missed += lacking.length;
      if (extra.length + lacking.length > 0) {
        wrong.push(`${query.id}: not ${extra}; but ${lacking}`);
      }
    }
    const precision = right / (right + tooMany);
    const recall = right / (right + missed);
    // eslint-disable-next-line no-console
    console.info(
      `${queries.length} queries, ${
        right + missed
      } reads: precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}`,
      ...wrong,
    );
    expect(precision).toBeGreaterThanOrEqual(WANTED);
    expect(recall).toBeGreaterThanOrEqual(WANTED);
  });
});

describe('texts of which it cannot be told', () => {
  const parser = new SqlParser();
  afterAll(() => parser.close());

  const texts: Array<Pick<LabelledQuery, 'id' | 'dialect' | 'sql'>> = parse(
    readFileSync(join(__dirname, '__fixtures__/unread.yaml'), 'utf8'),
  );

  it.each(texts.map(text => [text.id, text] as const))(
    'G6: are said to be unread: %s',
    async (_id, { sql, dialect }) => {
      const { unread } = await readSqlText(sql, {
        parser,
        dialects: [dialect],
        tables: [flightsTable()],
        project,
      });
      expect(unread).not.toEqual([]);
    },
  );
});

describe('several datasets', () => {
  const parser = new SqlParser();
  afterAll(() => parser.close());

  it('G6: count each where a name may be any of them', async () => {
    const tables = [
      flightsTable(),
      flightsTable({ datasetRef: 'resource:default/more', names: ['flights'] }),
      flightsTable({ datasetRef: 'resource:x/other', names: ['x', 'flights'] }),
    ];
    const refs = async (sql: string) => {
      const { uses } = await readSqlText(sql, {
        parser,
        dialects: ['postgresql'],
        tables,
        project,
      });
      return uses.map(({ datasetRef }) => datasetRef);
    };
    expect(await refs('select delay from flights')).toEqual([
      'resource:default/flights',
      'resource:default/more',
      'resource:x/other',
    ]);
    expect(await refs('select delay from x.flights')).toEqual([
      'resource:default/more',
      'resource:x/other',
    ]);
  });

  it('G6: count each field of the same column', async () => {
    const { uses } = await readSqlText('select delay from flights', {
      parser,
      dialects: ['postgresql'],
      tables: [
        flightsTable({ fields: new Map([['delay', ['delay', 'Delay']]]) }),
      ],
      project,
    });
    expect(uses.map(({ field }) => field)).toEqual(['delay', 'Delay']);
  });
});

function expand(read: string): string[] {
  const [field, line] = read.split(':');
  return field === '*' ? flightFields.map(name => `${name}:${line}`) : [read];
}
