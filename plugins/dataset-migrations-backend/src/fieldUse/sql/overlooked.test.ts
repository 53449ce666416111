import { flightsTable } from '../__testUtils__/flights';
import { overlooked, sqlInTexts } from './overlooked';
import { Steps } from './Steps';
import { TableNames } from './TableNames';

function look(
  sql: string,
  placeholders: Array<[string, string[] | null]> = [],
) {
  const options = {
    tables: [flightsTable()],
    placeholders: new Map(placeholders),
  };
  const tables = new TableNames({
    ...options,
    steps: new Steps(),
    found: () => {},
  });
  return overlooked(sql, options, tables);
}

describe('a table that was not met', () => {
  it.each([
    ['select 1\nfrom flights', 2],
    ['x join only "flights"', 1],
    ['x\njoin\n`flights` f', 3],
    ['select 1 from public.flights', 1],
    ['select 1 from wh . "public" . "flights" x', 1],
    // Neither hides the table.
    ['select 1 from flights as f', 1],
    ['select 1 from flights\nas f', 1],
  ])('is said to be overlooked: %j', (sql, line) => {
    expect(look(sql)).toEqual([
      { line, reason: 'stands in a part that is not understood: flights' },
    ]);
  });

  it.each([
    'select 1 -- from flights',
    "select ' from flights '",
    'select 1 from flights_archive',
    'select 1 from archive.flights',
    'select flights from x',
    'select 1 from flights.x',
    'select 1 from x /* from flights',
  ])('is not seen where there is none: %j', sql => {
    expect(look(sql)).toEqual([]);
  });

  it('may be behind a call of a template', () => {
    const sql = 'select 1 from skein_relation_0';
    expect(look(sql, [['skein_relation_0', ['flights']]])).toHaveLength(1);
    expect(look(sql, [['skein_relation_0', ['archive', 'flights']]])).toEqual(
      [],
    );
    expect(look(sql, [['skein_relation_0', null]])).toEqual([]);
  });

  it('is looked for in linear time', () => {
    expect(look(`${"/* ' ".repeat(50_000)} from flights`)).toEqual([]);
    expect(look('x from flights\n'.repeat(15_000))).toHaveLength(1);
  });
});

describe('SQL in texts', () => {
  const inText = (value: string) =>
    sqlInTexts(
      [{ select: { x: { literal: { literal_type: 'string', value } } } }],
      {
        tables: [flightsTable()],
        placeholders: new Map([
          ['skein_relation_0', ['public', 'flights']],
          ['skein_relation_1', ['public', 'trips']],
        ]),
      },
    );

  it.each(['select delay from flights', 'LOCK table public.flights'])(
    'is said to be unread where it names the table: %s',
    text => {
      expect(inText(text)).toEqual([
        { reason: 'stands in a text that is SQL itself: flights' },
      ]);
    },
  );

  it('may name it by a call of a template', () => {
    expect(inText('select delay from skein_relation_0')).toHaveLength(1);
    expect(inText('skein_relation_0')).toHaveLength(1);
    expect(inText('select delay from skein_relation_1')).toEqual([]);
  });

  it.each(['flights', 'all flights', 'select 1 from trips', 'from'])(
    'is not seen where there is none: %s',
    text => {
      expect(inText(text)).toEqual([]);
    },
  );
});
