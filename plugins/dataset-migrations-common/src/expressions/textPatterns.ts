const BLANK = '[ \\t\\n\\r]*';
const YEAR =
  '([0-9]{3}[1-9]|[0-9]{2}[1-9][0-9]|[0-9][1-9][0-9]{2}|[1-9][0-9]{3})';
const DATE = `${YEAR}-[0-9]{2}-[0-9]{2}`;
const TIME = '([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?';
const OFFSET = '(Z|z|[+-][0-9]{2}(:?[0-9]{2})?)';
const DECIMAL = '[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]{1,3})?';
const HEX = '[0-9a-fA-F]';

const whole = (pattern: string) => `^${BLANK}${pattern}${BLANK}$`;

/**
 * How text must look to be cast to each type, as regular expressions that
 * JavaScript, PostgreSQL and RE2 (DuckDB) read alike. PostgreSQL itself takes
 * more (`today`, `Jan 1 2020`, `1/2/2020` by its DateStyle), which would depend
 * on the day or the session. Text that matches can still be no value, such as
 * `2020-02-30`. Engines must refuse text that does not match, numbers excepted:
 * there they may accept what PostgreSQL does (`1_000`, `0x1F`).
 *
 * @public
 */
export const textPatterns = {
  boolean: whole(
    '([tT]|[tT][rR][uU][eE]|[yY]|[yY][eE][sS]|[oO][nN]|1|[fF]|[fF][aA][lL][sS][eE]|[nN]|[nN][oO]|[oO][fF][fF]|0)',
  ),
  integer: whole('[+-]?[0-9]+'),
  decimal: whole(DECIMAL),
  float: whole(
    `(${DECIMAL}|[nN][aA][nN]|[+-]?[iI][nN][fF]([iI][nN][iI][tT][yY])?)`,
  ),
  date: whole(DATE),
  time: whole(TIME),
  timestamp: whole(`${DATE}([ T]${TIME})?`),
  timestampWithZone: whole(`${DATE}([ T]${TIME}${OFFSET}?)?`),
  uuid: `^${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}$`,
} as const;
