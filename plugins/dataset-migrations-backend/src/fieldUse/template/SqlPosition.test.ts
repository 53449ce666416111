import { SqlPosition } from './SqlPosition';

function at(...sql: string[]) {
  const position = new SqlPosition();
  sql.forEach(part => position.pass(part));
  const { inText, inComment } = position;
  return [inText, inComment];
}

const TEXT = [true, false];
const COMMENT = [false, true];
const NEITHER = [false, false];

describe('where in SQL a template is', () => {
  it.each<[string, boolean[]]>([
    ["select '", TEXT],
    ["select 'it''s ", TEXT],
    ["select 'a' || '", TEXT],
    ["select '' || '", TEXT],
    ['select -- it', COMMENT],
    ['select /* it', COMMENT],
    ['select /* it */ 1', NEITHER],
    ["select -- it's\n 1", NEITHER],
    ['select "it\'s" ', NEITHER],
    ["select 'a'", NEITHER],
  ])('is known where all dialects agree: %j', (sql, expected) => {
    expect(at(sql)).toEqual(expected);
    expect(at(...sql)).toEqual(expected);
  });

  it.each([
    ["select 'a\\' , '"],
    ["select 1 # it's '"],
    ["select 1 // it's '"],
    ["select $$ it's $$, '"],
    ["select '''it's '"],
    ["select r'\\', '"],
    ["select q'[it's]' || '"],
    ["select [it's], '"],
    ["select 1 --2 '"],
    ['select /* /* */ a '],
  ])('is not said where they do not: %j', sql => {
    expect(at(sql)).toEqual(NEITHER);
  });
});
