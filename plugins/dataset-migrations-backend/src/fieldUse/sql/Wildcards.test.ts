import { Wildcards } from './Wildcards';

const from = (sql: string, name: string) => [
  { name: { span: { start: [...sql.split(name)[0]].length } } },
];

describe('Wildcards', () => {
  it.each([
    ['select\n*\nfrom flights', 2],
    ['select a,\n*\nfrom flights', 2],
    ['select distinct\n*\nfrom flights', 2],
    ['select /* * */\n\nf.*\n, count(*), 2 * a from flights', 3],
    ['select \'*\', "*" -- *\n, * from flights', 2],
    ["select 'é😀\n', * from flights", 2],
    ['select 2 * a, count(*) from flights', 0],
    ['select b from flights where (select\n*\nfrom x)', 0],
    ['select\n*,\n(select * from x)\nfrom flights', 2],
    ['select a, (select\n* from flights)', 2],
  ])('knows the line of the star before FROM: %j', (sql, line) => {
    expect(new Wildcards(sql).lineBefore(from(sql, 'flights'))).toBe(line);
  });

  it.each(['/*', "'", '"', '`', '--'])(
    'looks once for the end of what has none: %j',
    open => {
      // Looked for anew from each of them it would be 10¹⁰ characters.
      const sql = `select * from flights ${`${open} x `.repeat(40_000)}`;
      expect(new Wildcards(sql).lineBefore(from(sql, 'flights'))).toBe(1);
    },
  );
});
