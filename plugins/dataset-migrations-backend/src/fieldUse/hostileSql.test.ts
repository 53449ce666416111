import { flightsTable, project } from './__testUtils__/flights';
import { readSqlText } from './readSqlText';
import { SqlParser } from './sql/SqlParser';

jest.setTimeout(60_000);

const times = (text: string, count: number) => text.repeat(count);

/** Texts that name the table, and what is said of them. */
const refused: Array<[what: string, sql: string, reason: RegExp]> = [
  ['no SQL', 'select from from flights where', /^is not parsed: /],
  ['a text without an end', "select 'delay from flights", /^is not parsed: /],
  [
    'very much of it',
    `select delay from flights where id in (${times('1, ', 100_000)}1)`,
    /^is not parsed: has more than \d+ characters$/,
  ],
  [
    'parentheses in each other',
    `select ${times('(', 5_000)}delay${times(')', 5_000)} from flights`,
    /^is not (parsed|read): /,
  ],
  [
    'functions in each other',
    `select ${times('abs(', 5_000)}delay${times(')', 5_000)} from flights`,
    /^is not (parsed|read): /,
  ],
  [
    'queries in each other',
    `select delay from ${times('(select * from ', 4_000)}flights${times(
      ') x',
      4_000,
    )}`,
    /^is not (parsed|read): /,
  ],
  [
    'a chain of operators',
    `select delay${times(' + 1', 20_000)} from flights`,
    /^is not (parsed|read): /,
  ],
  [
    'a chain of NOT',
    `select delay from flights where ${times('not ', 20_000)}cancelled`,
    /^is not (parsed|read): /,
  ],
  [
    'a chain of CASE',
    `select ${times('case when delay > 1 then ', 3_000)}1${times(
      ' end',
      3_000,
    )} from flights`,
    /^is not (parsed|read): /,
  ],
  [
    'names that take very long to resolve',
    `with c0 as (select * from flights)${Array.from(
      { length: 1_500 },
      (_, index) => `, c${index + 1} as (select * from c${index})`,
    ).join('')} select ${Array.from(
      { length: 1_500 },
      (_, index) => `x${index}`,
    ).join(', ')} from c1500`,
    /^is not read: its names take more than 2000000 steps to resolve$/,
  ],
  [
    'a statement that is not known',
    'create function f() returns int language sql as $$ select max(delay) from flights $$',
    /create function is not understood$/,
  ],
  [
    'a loop',
    '{% for c in [1] %} select delay from flights {% endfor %}',
    /^{% for c in \[1\] %} is not evaluated$/,
  ],
  [
    'a loop that has no end',
    '{% for i in range(10 ** 12) %}{% for j in range(10 ** 12) %}x{% endfor %}{% endfor %} flights',
    /^{% for .* is not evaluated$/,
  ],
  [
    'a macro',
    'select {{ cents("delay") }} from flights',
    /^{{ cents\("delay"\) }} is not evaluated$/,
  ],
  [
    'code of Python',
    "select {{ ''.__class__.__mro__[1].__subclasses__() }} from flights",
    /is not evaluated$/,
  ],
  [
    'an environment',
    "select {{ env_var('TOKEN') }} from flights",
    /is not evaluated$/,
  ],
  [
    'a tag without an end',
    'select delay from flights {{ ',
    /^{{ is never closed$/,
  ],
  [
    'an IF without an end',
    '{% if a %} select delay from flights',
    /^{% if %} without {% endif %}$/,
  ],
  [
    'an ENDIF too many',
    'select delay from flights {% endif %}',
    /^{% endif %} without {% if %}$/,
  ],
  [
    'IF in each other',
    `${times('{% if a %}', 100)} select delay from flights ${times(
      '{% endif %}',
      100,
    )}`,
    /^nests {% if %} more than 40$/,
  ],
  [
    'many conditions',
    `select delay from flights ${Array.from(
      { length: 40 },
      (_, index) => `{% if c${index} %} {% endif %}`,
    ).join('')}`,
    /^has 40 conditions, more than 6$/,
  ],
  [
    'many tags',
    `select delay from flights ${times('{# #}', 3_000)}`,
    /^has more than 2000 template tags$/,
  ],
  [
    'a text written very often',
    `{% set a = '${times(
      'x',
      10_000,
    )}' %} select delay from flights where ${times('{{ a }}', 500)}`,
    /^becomes more than \d+ characters of SQL$/,
  ],
];

/** Texts that must come to an end, whatever is found in them. */
const survived: Array<[what: string, sql: string]> = [
  ['nothing', ''],
  ['a NUL', 'select delay\0 from flights'],
  ['half a character', "select delay from flights where carrier = '\ud800'"],
  ['a byte order mark', '\ufeffselect delay from flights'],
  ['only semicolons', `${times(';', 5_000)} select delay from flights`],
  ['a very long name', `select ${times('a', 100_000)} from flights`],
  [
    'a very long union',
    `select delay from flights ${times(
      ' union all select delay from flights',
      2_000,
    )}`,
  ],
  [
    'very many CTEs',
    `with ${Array.from(
      { length: 1_000 },
      (_, index) =>
        `c${index} as (select * from ${
          index === 0 ? 'flights' : `c${index - 1}`
        })`,
    ).join(', ')} select delay from c999`,
  ],
  [
    'CTEs that double themselves',
    `with c0 as (select * from flights), ${Array.from(
      { length: 40 },
      (_, index) =>
        `c${
          index + 1
        } as (select * from c${index} a join c${index} b on a.id = b.id)`,
    ).join(', ')} select delay from c40`,
  ],
  ['names of objects', 'select __proto__, constructor, toString from flights'],
];

describe('hostile SQL and templates', () => {
  const parser = new SqlParser({ timeoutMs: 20_000 });
  afterAll(() => parser.close());

  const read = (sql: string) =>
    readSqlText(sql, {
      parser,
      dialects: ['postgresql'],
      tables: [flightsTable()],
      project,
    });

  it.each(refused)(
    'says why it is not read: %s',
    async (_what, sql, reason) => {
      const { uses, unread } = await read(sql);
      expect(uses).toEqual([]);
      expect(unread.map(part => part.reason)).toEqual([
        expect.stringMatching(reason),
      ]);
      expect(unread[0].reason.length).toBeLessThan(300);
    },
  );

  it.each(survived)('comes to an end: %s', async (_what, sql) => {
    const { uses, unread } = await read(sql);
    expect(uses.length + unread.length).toBeLessThan(10_000);
  });

  it('goes on after a text that broke the parser', async () => {
    const { uses } = await read('select delay from flights');
    expect(uses).toEqual([
      { datasetRef: 'resource:default/flights', field: 'delay', line: 1 },
    ]);
  });

  it('does not speak of what has nothing to do with the dataset', async () => {
    expect(
      await read("select from from {{ source('raw', 'trips') }} {{ nonsense"),
    ).toEqual({
      uses: [],
      unread: [],
    });
  });
});
