import { flightsTable } from '../__testUtils__/flights';
import { overlooked } from './overlooked';
import { TableNames } from './TableNames';

function look(
  sql: string,
  placeholders: Array<[string, string[] | null]> = [],
) {
  const options = {
    tables: [flightsTable()],
    placeholders: new Map(placeholders),
  };
  const tables = new TableNames({ ...options, found: () => {} });
  return overlooked(sql, options, tables);
}

describe('a table that was not met', () => {
  it.each([
    ['select 1\nfrom flights', 2],
    ['x join only "flights"', 1],
    ['x\njoin\n`flights` f', 3],
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
    'with flights as (select 1) select * from flights',
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
});
