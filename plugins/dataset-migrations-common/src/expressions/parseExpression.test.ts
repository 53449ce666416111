import { InputError } from '@backstage/errors';
import { formatFieldType } from '../contracts/formatFieldType';
import { Field, FieldType } from '../contracts/types';
import { exprFields, isNullable } from './inspectExpression';
import { parseExpression } from './parseExpression';
import { initPlanning } from './parser/sqlParser';
import { printExpression } from './printExpression';

const field = (name: string, type: FieldType, required = false): Field => ({
  name,
  type,
  required,
  unique: false,
});

const fields: Field[] = [
  field('origin', { kind: 'string' }, true),
  field('destination', { kind: 'string' }),
  field('code', { kind: 'string', maxLength: 3 }),
  field('delay', { kind: 'integer', bits: 32 }, true),
  field('total', { kind: 'integer', bits: 64 }),
  field('price', { kind: 'decimal', precision: 10, scale: 2 }),
  field('ratio', { kind: 'float', bits: 64 }),
  field('late', { kind: 'boolean' }),
  field('day', { kind: 'date' }),
  field('at', { kind: 'timestamp', zone: false }),
  field('Mixed Case', { kind: 'string' }),
  field('order', { kind: 'integer', bits: 32 }),
  field('tags', { kind: 'array', items: { kind: 'string' } }),
  field('doc', { kind: 'json' }),
  field('raw', { kind: 'bytes' }),
];

beforeAll(initPlanning);

describe('parseExpression', () => {
  it.each<[string, string]>([
    ["origin || '-' || destination", 'text'],
    ['delay + 1', 'integer'],
    ['delay + total', 'bigint'],
    ['price * delay', 'decimal(20,2)'],
    ['price + 0.001', 'decimal(12,3)'],
    ['ratio * price', 'double precision'],
    ['delay > 15 and not late', 'boolean'],
    ["day >= '2020-01-01'", 'boolean'],
    ['extract(year from day)', 'decimal(10,0)'],
    ["date_trunc('month', at)", 'timestamp'],
    ['case when late then 1 else 2.5 end', 'decimal(11,1)'],
    ['coalesce(code, origin)', 'text'],
    ['round(price)', 'decimal(9,0)'],
    ['"Mixed Case"', 'text'],
    ['"order" + 1', 'integer'],
    ['null', 'text'],
    ['cast(null as date)', 'date'],
    ["'2020-01-31'::date", 'date'],
    ['3000000000', 'bigint'],
    ['1.50', 'decimal(3,2)'],
  ])('types %s as %s', (text, expected) => {
    expect(formatFieldType(parseExpression(text, fields).type)).toBe(expected);
  });

  it('writes out what SQL converts silently', () => {
    expect(parseExpression("day > '2020-01-31'", fields)).toEqual({
      op: 'binary',
      operator: '>',
      left: { op: 'field', name: 'day', type: { kind: 'date' } },
      right: { op: 'literal', value: '2020-01-31', type: { kind: 'date' } },
      type: { kind: 'boolean' },
    });
  });

  it('prints what people would write', () => {
    const readable = [
      "origin || '-' || destination",
      'delay > 15 and (late or total is null)',
      "case when delay > 15 then 'late' else 'on time' end",
      'total + delay',
      "coalesce(\"Mixed Case\", 'it''s')",
      '(delay + 1) * 2',
      'delay - (1 - total)',
      '-delay',
      "day >= '2020-01-01'",
      'extract(year from day)',
    ];
    for (const text of readable) {
      expect(printExpression(parseExpression(text, fields))).toBe(text);
    }
  });

  it('names the fields that it reads, each once', () => {
    const expression = parseExpression(
      'case when late then origin else coalesce(destination, origin) end',
      fields,
    );
    expect(exprFields(expression)).toEqual(['late', 'origin', 'destination']);
  });

  it.each<[string, boolean]>([
    ['origin', false],
    ['destination', true],
    ['origin || destination', true],
    ["coalesce(destination, 'x')", false],
    ["concat(destination, 'x')", false],
    ['destination is null', false],
    ["case when late then 'x' end", true],
    ["case when late then 'x' else origin end", false],
    ["nullif(origin, '')", true],
    ['upper(origin)', false],
  ])('knows whether %s can be NULL: %s', (text, expected) => {
    expect(isNullable(parseExpression(text, fields), fields)).toBe(expected);
  });
});

describe('G10: parseExpression refuses', () => {
  it.each<[string, string]>([
    // What is no expression
    ['', 'must not be empty'],
    ['   ', 'must not be empty'],
    ['delay +', 'is not valid SQL: syntax error at end of input'],
    ['delay; drop table flights', 'must not contain a semicolon'],
    ['delay;', 'must not contain a semicolon'],
    ['delay -- comment', 'must not contain comments'],
    ['delay /* comment */', 'must not contain comments'],
    ['delay from pg_shadow', 'holds more of a query (fromClause)'],
    ['delay into outfile', 'holds more of a query (intoClause)'],
    ['delay union select passwd from pg_shadow', 'holds more of a query'],
    ['delay where true', 'holds more of a query (whereClause)'],
    ['delay limit 1', 'holds more of a query'],
    ['delay, origin', 'must be one expression, but holds 2'],
    ['delay as d', 'must be one expression without the alias "d"'],
    ['distinct delay', 'holds more of a query (distinctClause)'],
    ['*', '* is not allowed: name a field without a table'],
    ["origin || '\0'", 'must not contain a NUL character'],
    ['delay'.padEnd(4_001), 'must be at most 4000 characters'],
    [
      `${'('.repeat(60)}1${')'.repeat(60)}`,
      'must not nest deeper than 50 parentheses',
    ],
    [`${'not '.repeat(200)}late`, 'must not nest deeper than 60 levels'],
    [Array(300).fill('1').join('+'), 'must not nest deeper than 60 levels'],
    [
      `delay in (${Array(400).fill('1').join(',')})`,
      'must have at most 500 parts',
    ],
    [Array(1_001).fill('1').join(' '), 'must be at most 1000 words and signs'],
    // What the grammar has and we do not
    ['(select 1)', 'a sub-select is not allowed'],
    ['exists (select 1)', 'a sub-select is not allowed'],
    ['delay in (select 1)', 'a sub-select is not allowed'],
    ['$1', 'a parameter such as $1 is not allowed'],
    ['tags[1]', 'an index or a field of a value is not allowed'],
    ['array[1]', 'ARRAY[...] is not allowed'],
    ['row(1, 2)', 'a row value is not allowed'],
    [
      'current_date',
      'a value that depends on the session, such as current_date is not allowed',
    ],
    ['current_user', 'a value that depends on the session'],
    ['late is true', 'IS TRUE or IS FALSE is not allowed'],
    ['origin collate "C"', 'COLLATE is not allowed'],
    ['greatest(delay, 1)', 'greatest or least is not allowed'],
    ["b'101'", 'a bit string is not allowed'],
    [
      'flights.delay',
      'flights.delay is not allowed: name a field without a table',
    ],
    // Operators
    ["origin ~ '(a+)+$'", 'operator ~ is not allowed'],
    ["origin like 'a%'", 'LIKE is not allowed'],
    ["origin ilike 'a%'", 'ILIKE is not allowed'],
    ["origin similar to 'a'", 'SIMILAR TO is not allowed'],
    ['delay = any(tags)', 'ANY is not allowed'],
    ['delay is distinct from 1', 'IS DISTINCT FROM is not allowed'],
    ['delay ^ 2', 'operator ^ is not allowed'],
    ['delay & 1', 'operator & is not allowed'],
    ["doc -> 'x'", 'operator -> is not allowed'],
    ['delay operator(pg_catalog.+) 1', 'operator pg_catalog.+ is not allowed'],
    // Functions
    ["pg_read_file('/etc/passwd')", 'function pg_read_file is not allowed'],
    ["lo_import('/etc/passwd')", 'function lo_import is not allowed'],
    ["read_text('/etc/passwd')", 'function read_text is not allowed'],
    ['pg_sleep(100)', 'function pg_sleep is not allowed'],
    ["set_config('x', 'y', false)", 'function set_config is not allowed'],
    ["dblink('x', 'y')", 'function dblink is not allowed'],
    ['version()', 'function version is not allowed'],
    ['random()', 'function random is not allowed'],
    ['now()', 'function now is not allowed'],
    [
      "regexp_replace(origin, 'a', 'b')",
      'function regexp_replace is not allowed',
    ],
    ["repeat('x', 1000000000)", 'function repeat is not allowed'],
    ['pg_catalog.lower(origin)', 'function pg_catalog.lower is not allowed'],
    ['constructor(origin)', 'function constructor is not allowed'],
    ['count(*)', 'function count'],
    ['sum(delay) over ()', 'the window function sum is not allowed'],
    [
      'lower(distinct origin)',
      'function lower with agg_distinct is not allowed',
    ],
    [
      'lower(variadic tags)',
      'function lower with func_variadic is not allowed',
    ],
    ["at at time zone 'Europe/Berlin'", 'function timezone is not allowed'],
    ["overlay(origin placing 'x' from 1)", 'function overlay is not allowed'],
    ["date_part('year', day)", 'use extract(part from value)'],
    // Arguments
    ['lower(delay)', 'argument 1 of lower needs text, got integer; cast it'],
    ['lower(origin, origin)', 'function lower takes 1 argument(s), got 2'],
    [
      'left(origin, -1)',
      'argument 2 of left must be a number from 0 to 10000 written out',
    ],
    [
      'left(origin, delay)',
      'argument 2 of left must be a number from 0 to 10000 written out',
    ],
    ['substr(origin, 0)', 'argument 2 of substring must be a number from 1'],
    ['lpad(origin, 1000000000)', 'argument 2 of lpad must be a number'],
    [
      "split_part(origin, '', 1)",
      'argument 2 of split_part must be a text written out, and not empty',
    ],
    ['extract(century from day)', 'the part of extract must be one of year'],
    ['extract(hour from day)', 'the part of extract must be one of year'],
    [
      "date_trunc('month', day)",
      'argument 2 of date_trunc needs timestamp, got date; cast it',
    ],
    [
      'round(delay)',
      'argument 1 of round needs a decimal or a float, got integer',
    ],
    ['round(ratio, 2)', 'round takes digits only for decimals'],
    [
      'coalesce(origin, delay)',
      'coalesce cannot mix text and integer; cast one of them',
    ],
    // Types
    [
      'delay + origin',
      'operator + cannot mix integer and text; cast one of them',
    ],
    ["delay + 'x'", '"x" is not a value of type integer'],
    ['delay || origin', 'operator || needs text, got integer; cast it'],
    ['delay and late', 'operator and needs boolean, got integer; cast it'],
    ['price / delay', 'operator / is not allowed for decimals'],
    ['ratio % 2', 'operator % is not defined for floats'],
    ['doc = doc', 'operator = does not compare json'],
    ['raw < raw', 'operator < does not compare bytes'],
    ['case when delay then 1 end', 'WHEN needs a condition'],
    [
      "case when late then 1 else 'x' end",
      '"x" is not a value of type integer',
    ],
    ['unknown_field', 'there is no field unknown_field; there are origin'],
    ['Origin || "Origin"', 'there is no field Origin'],
    ['mixed_case', 'there is no field mixed_case'],
    // Casts
    ["'abc'::integer", '"abc" is not a value of type integer'],
    ["'2020-02-30'::date", '"2020-02-30" is not a value of type date'],
    ["'today'::date", '"today" is not a value of type date'],
    ['99999::smallint', '"99999" cannot be cast from integer to smallint'],
    ['late::date', 'a boolean cannot be cast to date'],
    ['ratio::text', 'a double precision cannot be cast to text'],
    [
      'origin::varchar(2)',
      'type varchar(n) is not allowed: such a cast cuts text silently',
    ],
    ['origin::regclass', 'type regclass is not allowed'],
    ['origin::xml', 'type xml is not allowed'],
    ['origin::pg_catalog.bytea', 'type bytea is not allowed'],
    ['origin::myschema.mytype', 'type myschema.mytype is not allowed'],
    ['origin::text[]', 'casts to arrays'],
    ['at::timestamp(3)', 'give it no precision'],
    ['price::numeric(0)', 'is not a valid type'],
    ['price::numeric(10,-2)', 'is not a valid type'],
    ["interval '1 day'", 'type interval is not allowed'],
    ['1e999999', 'the number 1e999999 is not allowed'],
    ['-(cast(-32768 as smallint))', 'is not a value of type smallint'],
  ])('%s', (text, message) => {
    const attempt = () => parseExpression(text, fields);
    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow(message);
  });

  it('still works after everything above', () => {
    expect(printExpression(parseExpression('delay + 1', fields))).toBe(
      'delay + 1',
    );
  });
});
