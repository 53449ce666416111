import { Row } from '../expressions/evaluate/evaluateExpression';

/** What an expression comes to where engines are known to differ. @public */
export interface ExpressionEdge {
  /** Over `caseFields`. */
  text: string;
  /** The fields that are not NULL. */
  row: Row;
  /** As `evaluateExpression` writes values; a row that fails has none. */
  value: Row[string] | { fails: true };
}

const fails = { fails: true } as const;

const edge = (
  text: string,
  row: Row,
  value: ExpressionEdge['value'],
): ExpressionEdge => ({ text, row, value });

/**
 * Expressions whose value PostgreSQL, DuckDB and JavaScript would not agree on
 * by themselves, each with the one value that it has here. An engine computes
 * that value, or fails where it says so, or refuses the whole expression.
 *
 * @public
 */
export const expressionEdges: readonly ExpressionEdge[] = [
  // Integers divide toward zero, and the rest has the sign of the dividend.
  edge('whole / 2', { whole: '7' }, '3'),
  edge('whole / 2', { whole: '-7' }, '-3'),
  edge('whole / small', { whole: '1', small: '0' }, fails),
  edge('whole % 3', { whole: '-7' }, '-1'),
  edge('whole % small', { whole: '7', small: '-3' }, '1'),
  edge('whole % small', { whole: '7', small: '0' }, fails),
  edge('whole / small', { whole: '-2147483648', small: '-1' }, fails),
  edge('whole + 1', { whole: '2147483647' }, fails),
  edge('whole - 1', { whole: '-2147483648' }, fails),
  edge('small * small', { small: '200' }, fails),
  edge('-small', { small: '-32768' }, fails),
  edge('abs(whole)', { whole: '-2147483648' }, fails),
  edge('big + 1', { big: '9223372036854775807' }, fails),
  edge(
    'big - whole',
    { big: '9007199254740993', whole: '1' },
    '9007199254740992',
  ),
  edge('big % 10', { big: '9007199254740993' }, '3'),
  // Decimals are exact; halves go away from zero.
  edge('price + rate', { price: '0.10', rate: '0.2000' }, '0.3000'),
  edge('price * rate', { price: '-0.05', rate: '0.5000' }, '-0.025000'),
  edge('price % 3', { price: '-7.50' }, '-1.50'),
  edge('round(price)', { price: '2.50' }, '3'),
  edge('round(price)', { price: '-2.50' }, '-3'),
  edge('round(rate, 2)', { rate: '1.0050' }, '1.01'),
  edge('floor(price)', { price: '-0.01' }, '-1'),
  edge('ceil(price)', { price: '-0.99' }, '0'),
  edge('price = 1.5', { price: '1.50' }, true),
  edge('price = 0', { price: '-0.00' }, true),
  edge('price::numeric(4,1)', { price: '9.95' }, '10.0'),
  edge('price::numeric(3,1)', { price: '99.95' }, fails),
  edge('price::integer', { price: '0.50' }, '1'),
  edge('price::integer', { price: '-0.50' }, '-1'),
  edge('price::text', { price: '1.50' }, '1.50'),
  edge('price::text', { price: '-0.50' }, '-0.50'),
  // Floats: halves go to even; NaN is greater than all and equal to itself.
  edge('round(wide)', { wide: '2.5' }, '2'),
  edge('round(wide)', { wide: '3.5' }, '4'),
  edge('round(wide)', { wide: '-2.5' }, '-2'),
  edge('wide::integer', { wide: '2.5' }, '2'),
  edge('wide::integer', { wide: '-3.5' }, '-4'),
  edge('wide::integer', { wide: 'NaN' }, fails),
  edge('wide::integer', { wide: 'Infinity' }, fails),
  edge('wide::integer', { wide: '3000000000' }, fails),
  edge('wide::numeric(10,2)', { wide: '0.125' }, '0.13'),
  edge('wide::numeric(10,2)', { wide: 'NaN' }, fails),
  edge('wide / whole', { wide: '1', whole: '0' }, fails),
  edge('wide / wide', { wide: '0' }, fails),
  edge('wide * wide', { wide: '1e300' }, fails),
  edge('wide = wide', { wide: 'NaN' }, true),
  edge('wide > 1', { wide: 'NaN' }, true),
  edge('wide < 1', { wide: 'NaN' }, false),
  edge('wide = 0', { wide: '-0' }, true),
  edge('wide::real', { wide: '1e300' }, fails),
  edge('wide * wide', { wide: '1e-300' }, fails),
  edge('wide::real', { wide: '1e-300' }, fails),
  edge('wide / 1e300::double precision', { wide: '1e-300' }, fails),
  edge('digits::double precision', { digits: '1e-400' }, fails),
  edge('digits::real', { digits: '1e-60' }, fails),
  edge('narrow::double precision', { narrow: '0.1' }, '0.10000000149011612'),
  edge('narrow = 0.1', { narrow: '0.1' }, false),
  edge(
    'big::double precision',
    { big: '9007199254740993' },
    '9007199254740992',
  ),
  // Text is read strictly, and never cut.
  edge('digits::integer', { digits: '12.7' }, fails),
  edge('digits::integer', { digits: ' 12 ' }, '12'),
  edge('digits::integer', { digits: '' }, fails),
  edge('digits::integer', { digits: '1e3' }, fails),
  edge('digits::integer', { digits: '\u0661' }, fails),
  edge('digits::numeric(4,1)', { digits: '12.75' }, '12.8'),
  edge('digits::double precision', { digits: '1e400' }, fails),
  edge('digits::boolean', { digits: 'TRUE' }, true),
  edge('digits::boolean', { digits: 'yes please' }, fails),
  edge('digits::date', { digits: '2020-02-30' }, fails),
  edge('digits::date', { digits: 'today' }, fails),
  edge('digits::date', { digits: '31/12/2020' }, fails),
  edge(
    'digits::timestamp',
    { digits: '2020-02-29 12:00' },
    '2020-02-29T12:00:00',
  ),
  edge('digits::timestamp', { digits: 'infinity' }, fails),
  // Text is code points, compared by them; nothing is normalised or trimmed.
  edge('length(name)', { name: 'a\u{1f49c}b' }, '3'),
  edge('length(name)', { name: 'e\u0301' }, '2'),
  edge("name = '\u00e9'", { name: 'e\u0301' }, false),
  edge("name = 'a'", { name: 'a ' }, false),
  edge("name < 'a'", { name: 'B' }, true),
  edge("name < 'a'", { name: '\u00e4' }, false),
  edge('upper(name)', { name: 'stra\u00dfe' }, 'STRA\u00dfE'),
  edge('lower(name)', { name: '\u00c4\u00d6' }, '\u00e4\u00f6'),
  edge('trim(name)', { name: '\t x ' }, '\t x'),
  edge(
    'left(name, 2)',
    { name: '\u{1f49c}\u{1f49c}\u{1f49c}' },
    '\u{1f49c}\u{1f49c}',
  ),
  edge('right(name, 5)', { name: 'abc' }, 'abc'),
  edge('substring(name, 3, 2)', { name: 'ab' }, ''),
  edge("split_part(name, '-', 3)", { name: 'a-b' }, ''),
  edge("split_part(name, '.', 2)", { name: 'a.b' }, 'b'),
  edge("replace(name, '.', '$1')", { name: 'a.b' }, 'a$1b'),
  edge('lpad(name, 2)', { name: 'abc' }, 'ab'),
  edge("rpad(name, 5, 'xy')", { name: 'ab' }, 'abxyx'),
  // NULL: three-valued, swallowed by concat alone.
  edge('name || code', { name: 'a' }, null),
  edge('concat(name, code)', { name: 'a' }, 'a'),
  edge('concat(name, code)', {}, ''),
  edge('yes and whole > 0', { whole: '-1' }, false),
  edge('yes or whole > 0', { whole: '1' }, true),
  edge('not yes', {}, null),
  edge('whole in (1, 2)', {}, null),
  edge('whole not in (1, 2)', { whole: '3' }, true),
  edge('whole = small', { whole: '1' }, null),
  edge("nullif(name, '')", { name: '' }, null),
  edge('coalesce(whole, 0)', {}, '0'),
  edge("case when yes then 'a' else 'b' end", {}, 'b'),
  edge('case when whole <> 0 then 10 / whole else 0 end', { whole: '0' }, '0'),
  edge('whole between 3 and 1', { whole: '2' }, false),
  // Dates: proleptic, in UTC, weeks and years of ISO.
  edge('extract(week from day)', { day: '2021-01-03' }, '53'),
  edge('extract(isoyear from day)', { day: '2024-12-30' }, '2025'),
  edge('extract(dow from day)', { day: '2021-01-03' }, '0'),
  edge('extract(isodow from day)', { day: '2021-01-03' }, '7'),
  edge('extract(hour from instant)', { instant: '2024-03-31T01:30:00Z' }, '1'),
  edge(
    "date_trunc('week', moment)",
    { moment: '2021-01-03T06:07:08' },
    '2020-12-28T00:00:00',
  ),
  edge(
    "date_trunc('day', instant)",
    { instant: '2024-03-31T23:30:00Z' },
    '2024-03-31T00:00:00Z',
  ),
  edge('make_date(2019, 2, small)', { small: '29' }, fails),
  edge('make_date(0, 1, small)', { small: '1' }, fails),
  edge('moment::date', { moment: '1969-12-31T23:59:59.999999' }, '1969-12-31'),
  edge(
    'moment::text',
    { moment: '2020-02-29T13:45:30.500000' },
    '2020-02-29 13:45:30.5',
  ),
  edge(
    'instant::text',
    { instant: '2020-02-29T23:30:00Z' },
    '2020-02-29 23:30:00+00',
  ),
  edge(
    'moment < instant',
    { moment: '2020-01-01T00:00:00', instant: '2020-01-01T00:00:00.000001Z' },
    true,
  ),
  edge(
    'day::timestamp = moment',
    { day: '2020-01-01', moment: '2020-01-01T00:00:00' },
    true,
  ),
  edge('clock::text', { clock: '23:59:59.999999' }, '23:59:59.999999'),
];
