import { JsonObject } from '@backstage/types';
import { contractText } from '../__testUtils__/contractText';
import { parseContract } from '../contracts/parseContract';
import { initPlanning } from '../expressions/parser/sqlParser';
import { printExpression } from '../expressions/printExpression';
import { createPlan } from '../plan/createPlan';
import { contractRules } from './contractRules';
import { isBrokenByOneRow } from './isBrokenByOneRow';
import { judgeRule } from './judgeRule';
import { ContractRule } from './types';

beforeAll(initPlanning);

const delay: JsonObject = { name: 'delay', physicalType: 'integer' };
const carrier: JsonObject = { name: 'carrier', physicalType: 'varchar(3)' };

function contract(properties: JsonObject[], objectQuality?: JsonObject[]) {
  return parseContract(
    contractText('1.0.0', properties, {
      schema: [
        {
          name: 'flights',
          properties,
          ...(objectQuality && { quality: objectQuality }),
        },
      ],
    }),
  );
}

const rulesOf = (properties: JsonObject[], objectQuality?: JsonObject[]) =>
  contractRules(contract(properties, objectQuality));

/** The rule that a quality rule of the field `delay` becomes. */
const ruleOf = (quality: JsonObject) =>
  rulesOf([
    { ...delay, quality: [quality] },
    { name: 'n', physicalType: 'text' },
  ])[0];

/** What it counts, in words of SQL. */
function written({ measure }: ContractRule): string {
  switch (measure.kind) {
    case 'rows':
      return measure.where ? printExpression(measure.where) : 'all';
    case 'aggregate':
      return `${measure.aggregate}(${printExpression(measure.operand)})${
        measure.where ? ` where ${printExpression(measure.where)}` : ''
      }`;
    case 'unmatched':
      return `${measure.field} !~ ${measure.pattern}`;
    default:
      return `duplicates of ${measure.fields}`;
  }
}

describe('what fields promise', () => {
  it('becomes rules about each row', () => {
    const rules = rulesOf([
      {
        name: 'price',
        physicalType: 'decimal(6,2)',
        logicalType: 'number',
        logicalTypeOptions: { minimum: 0.125, exclusiveMaximum: 1e21 },
      },
      {
        name: 'day',
        logicalType: 'date',
        logicalTypeOptions: { maximum: '2020-12-31' },
      },
      {
        name: 'code',
        physicalType: 'varchar(3)',
        logicalType: 'string',
        logicalTypeOptions: { minLength: 2, pattern: '^[A-Z]{2}\\d?$' },
        customProperties: [{ property: 'enum', value: ['AB', 'CD1'] }],
      },
    ]);
    expect(rules.map(rule => [rule.field, rule.rule, written(rule)])).toEqual([
      ['price', 'minimum', 'price < 0.125'],
      ['price', 'exclusiveMaximum', 'price >= 1000000000000000000000'],
      ['day', 'maximum', "day > '2020-12-31'"],
      ['code', 'enum', "not (code = 'AB' or code = 'CD1')"],
      ['code', 'maxLength', 'length(code) > 3'],
      ['code', 'minLength', 'length(code) < 2'],
      ['code', 'pattern', 'code !~ ^[A-Z]{2}[0-9]?$'],
    ]);
  });

  it('leaves out values that the type cannot hold', () => {
    const [rule] = rulesOf([
      {
        ...delay,
        customProperties: [{ property: 'enum', value: [1, 'many'] }],
      },
    ]);
    expect(() => written(rule)).not.toThrow();
  });

  it('names a range that the type does not have', () => {
    expect(() =>
      rulesOf([
        {
          name: 'day',
          logicalType: 'date',
          logicalTypeOptions: { maximum: 'tomorrow' },
        },
      ]),
    ).toThrow(/^maximum of `day`: "tomorrow" is not a value of type date/);
  });
});

describe('quality rules of the library', () => {
  it.each<[string, JsonObject, string]>([
    ['NULLs', { metric: 'nullValues', mustBe: 0 }, 'delay is null'],
    [
      'listed values that stand for none',
      {
        metric: 'missingValues',
        arguments: { missingValues: [null, -1] },
        mustBe: 0,
      },
      'delay is null or delay = -1',
    ],
    [
      'values that are not listed',
      {
        metric: 'invalidValues',
        arguments: { validValues: [1, 2.5] },
        mustBeLessThan: 5,
      },
      'not (delay = 1 or delay = 2.5)',
    ],
    [
      'values that occur again',
      { metric: 'duplicateValues', mustBe: 0, unit: 'percent' },
      'duplicates of delay',
    ],
  ])('count %s', (_, quality, expected) => {
    expect(written(ruleOf(quality))).toBe(expected);
  });

  it('are about the object, too', () => {
    const rules = rulesOf(
      [delay, carrier],
      [
        { metric: 'rowCount', mustBeBetween: [1, 10] },
        {
          name: 'One delay per carrier',
          metric: 'duplicateValues',
          arguments: { properties: ['carrier', 'delay'] },
          mustBe: 0,
        },
        { type: 'text', description: 'for people' },
      ],
    );
    expect(rules.slice(1).map(rule => [rule.rule, written(rule)])).toEqual([
      ['rowCount mustBeBetween 1 and 10', 'all'],
      ['One delay per carrier', 'duplicates of carrier,delay'],
    ]);
  });

  it.each<[JsonObject, RegExp]>([
    [{ metric: 'rowCount', mustBe: 1 }, /rowCount belongs to the object/],
    [
      { metric: 'nullValues', mustBe: 0, unit: 'furlongs' },
      /quality\[0\]: the unit furlongs is not known/,
    ],
    [
      { metric: 'nullValues', mustBe: 'none' },
      /quality\[0\]: mustBe needs a number/,
    ],
    [
      { metric: 'invalidValues', mustBeLessThan: 3 },
      /needs either arguments.validValues or arguments.pattern/,
    ],
    [
      { metric: 'nullValues', mustBeBetween: [5, 1] },
      /mustBeBetween needs the smaller number first/,
    ],
  ])('that cannot be checked are refused: %j', (quality, message) => {
    expect(() => ruleOf(quality)).toThrow(message);
  });

  it('are looked at when a plan is made', () => {
    const to = contract([
      { ...delay, quality: [{ metric: 'rowCount', mustBe: 1 }] },
    ]);
    expect(() =>
      createPlan({
        from: contract([delay]),
        to: { ...to, version: '2.0.0' },
      }),
    ).toThrow(
      'Version 2.0.0 cannot be verified: schema[0].properties[0].quality[0]: rowCount belongs to the object, not a property',
    );
  });
});

describe('quality rules in SQL', () => {
  const sql = (query: string, more: JsonObject = { mustBe: 0 }) =>
    ruleOf({ type: 'sql', query, ...more });

  it.each([
    ['SELECT COUNT(*) FROM ${object} WHERE ${property} < 0', 'delay < 0'],
    ['select count(*) as n from ${table}', 'all'],
    ['SELECT count("${column}") FROM ${table}', 'count(delay)'],
    ['SELECT count(DISTINCT n) FROM ${table}', 'count-distinct(n)'],
    [
      "SELECT sum(${column} * 2) FILTER (WHERE n = 'x') FROM ${table} WHERE ${column} > 1",
      "sum(delay * 2) where delay > 1 and n = 'x'",
    ],
    ['SELECT max(length(n)) FROM ${table}', 'max(length(n))'],
  ])('become a measure of ours: %s', (query, expected) => {
    expect(written(sql(query))).toBe(expected);
  });

  it.each([
    ['DELETE FROM ${table}', 'must be one SELECT, not DeleteStmt'],
    ['SELECT 1; SELECT 2', 'must not contain a semicolon'],
    ['SELECT count(*) FROM ${table} -- all', 'must not contain comments'],
    ['SELECT count(*) FROM pg_authid', 'must select from ${object} alone'],
    [
      'SELECT count(*) FROM ${table}, pg_authid',
      'must select from ${object} alone',
    ],
    [
      'SELECT count(*) FROM secret.${table}',
      'must select from ${object} alone',
    ],
    [
      'SELECT count(*) FROM ${table} JOIN pg_authid ON true',
      'must select from ${object} alone, not from a join',
    ],
    [
      'SELECT count(*) FROM (SELECT 1) AS x',
      'must select from ${object} alone, not from a sub-select',
    ],
    [
      "SELECT count(*) FROM pg_read_file('/etc/passwd')",
      'must select from ${object} alone, not from a function',
    ],
    [
      'SELECT count(*) FROM ${table} WHERE EXISTS (SELECT 1)',
      'a sub-select is not allowed',
    ],
    [
      'SELECT count(*) FROM ${table} WHERE pg_sleep(10) IS NULL',
      'function pg_sleep is not allowed',
    ],
    ['SELECT pg_sleep(10) FROM ${table}', 'must select one of count'],
    ['SELECT count(*) + 1 FROM ${table}', 'must select one of count'],
    ['SELECT count(*), 1 FROM ${table}', 'must select one number, not 2'],
    ['SELECT count(*) FROM ${table} GROUP BY n', 'GROUP BY is not allowed'],
    [
      'SELECT count(*) FROM ${table} UNION SELECT 1',
      'UNION, INTERSECT or EXCEPT is not allowed',
    ],
    [
      'WITH x AS (DELETE FROM y) SELECT count(*) FROM ${table}',
      'WITH is not allowed',
    ],
    ['SELECT count(*) INTO x FROM ${table}', 'INTO is not allowed'],
    ['SELECT count(*) FROM ${table} FOR UPDATE', 'FOR UPDATE is not allowed'],
    ['SELECT count(*) FROM ${host}', '${host} is no placeholder'],
    ['SELECT count(*) OVER () FROM ${table}', 'count with over is not allowed'],
    ['SELECT sum(n) FROM ${table}', 'sum needs a number'],
    [
      'SELECT count(*) FROM ${table} WHERE nobody = 1',
      'there is no field nobody',
    ],
  ])('are refused by name: %s', (query, message) => {
    expect(() => sql(query)).toThrow(
      `schema[0].properties[0].quality[0]: ${message}`,
    );
  });

  it('that are about no property have no placeholder for one', () => {
    expect(() =>
      rulesOf(
        [delay],
        [
          {
            type: 'sql',
            query: 'SELECT count(${column}) FROM ${table}',
            mustBe: 0,
          },
        ],
      ),
    ).toThrow('${column} stands for a property, but the rule is not under one');
  });
});

describe('judgeRule', () => {
  const judged = (limit: JsonObject, measured: number | null, rows = 100) =>
    judgeRule(ruleOf({ metric: 'nullValues', ...limit }), measured, rows);

  it.each<[JsonObject, number, boolean]>([
    [{ mustBe: 3 }, 3, true],
    [{ mustBe: 3 }, 2, false],
    [{ mustNotBe: 3 }, 3, false],
    [{ mustNotBe: 3 }, 4, true],
    [{ mustBeGreaterThan: 3 }, 3, false],
    [{ mustBeGreaterThan: 3 }, 4, true],
    [{ mustBeGreaterOrEqualTo: 3 }, 3, true],
    [{ mustBeGreaterOrEqualTo: 3 }, 2, false],
    [{ mustBeLessThan: 3 }, 3, false],
    [{ mustBeLessThan: 3 }, 2, true],
    [{ mustBeLessOrEqualTo: 3 }, 3, true],
    [{ mustBeLessOrEqualTo: 3 }, 4, false],
    [{ mustBeBetween: [3, 5] }, 3, true],
    [{ mustBeBetween: [3, 5] }, 6, false],
    [{ mustNotBeBetween: [3, 5] }, 5, false],
    [{ mustNotBeBetween: [3, 5] }, 6, true],
    [{ mustBeLessThan: 5, unit: 'percent' }, 9, true],
    [{ mustBeLessThan: 5, unit: 'percent' }, 10, false],
  ])('%j of %d is %s', (limit, measured, ok) => {
    expect(judged(limit, measured, 200).ok).toBe(ok);
  });

  it('counts rows where rows break it, and says no number otherwise', () => {
    expect(judged({ mustBe: 0 }, 7)).toMatchObject({
      ok: false,
      violations: 7,
    });
    const [, largest] = rulesOf(
      [delay, carrier],
      [
        {
          type: 'sql',
          query: 'SELECT max(delay) FROM ${table}',
          mustBeLessThan: 9,
        },
      ],
    );
    expect(judgeRule(largest, 4_711, 10)).toEqual({
      rule: 'sql mustBeLessThan 9',
      ok: false,
      violations: 1,
    });
    expect(judgeRule(largest, null, 10).ok).toBe(false);
  });

  it('takes no rows for zero percent', () => {
    expect(judged({ mustBe: 0, unit: 'percent' }, 0, 0).ok).toBe(true);
  });
});

describe('isBrokenByOneRow', () => {
  it.each<[JsonObject, boolean]>([
    [{ metric: 'nullValues', mustBe: 0 }, true],
    [{ metric: 'nullValues', mustBe: 1 }, false],
    [{ metric: 'nullValues', mustNotBe: 1 }, false],
    [{ metric: 'nullValues', mustBeLessThan: 1 }, true],
    [{ metric: 'nullValues', mustBeLessThan: 2 }, false],
    [{ metric: 'nullValues', mustBeLessOrEqualTo: 0 }, true],
    [{ metric: 'nullValues', mustBeBetween: [0, 0.5] }, true],
    [{ metric: 'nullValues', mustBeBetween: [0, 1] }, false],
    [{ metric: 'nullValues', mustBeGreaterThan: 0 }, false],
    [{ metric: 'nullValues', mustBe: 0, unit: 'percent' }, true],
    [{ metric: 'nullValues', mustBeLessThan: 1, unit: 'percent' }, false],
    [{ metric: 'duplicateValues', mustBe: 0 }, false],
    [
      {
        type: 'sql',
        query: 'SELECT count(*) FROM ${table} WHERE ${column} < 0',
        mustBe: 0,
      },
      false,
    ],
  ])('%j: %s', (quality, expected) => {
    expect(isBrokenByOneRow(ruleOf(quality))).toBe(expected);
  });

  it('is what a field promises of each value', () => {
    const [rule] = rulesOf([
      {
        ...carrier,
        logicalType: 'string',
        logicalTypeOptions: { minLength: 2 },
      },
    ]);
    expect(isBrokenByOneRow(rule)).toBe(true);
  });

  it('is no number of all rows', () => {
    const [rowCount] = rulesOf(
      [{ name: 'n', physicalType: 'text' }],
      [{ metric: 'rowCount', mustBe: 0 }],
    );
    expect(isBrokenByOneRow(rowCount)).toBe(false);
  });
});
