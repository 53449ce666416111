import { flightFields } from './flights';

/** Takes one of several. */
export type PickOne = <T>(items: readonly T[]) => T;

interface Query {
  sql: string;
  /** Names of its results. */
  columns: string[];
}

/** Names for results: some are those of other fields. */
const ALIASES = ['late', 'place', 'delay', 'origin', 'id', 'flights'];

/**
 * A query of `flights` as people nest them: common table expressions, subqueries,
 * joins, unions, groups, orders. Most of them run.
 */
export function randomQuery(pick: PickOne): string {
  return queryOf(pick, pick([0, 1, 2, 3])).sql;
}

function queryOf(pick: PickOne, depth: number): Query {
  const kinds = ['plain', 'group', 'join', 'union', 'order', 'in'];
  switch (pick<string>(depth > 0 ? [...kinds, 'cte'] : kinds)) {
    case 'cte': {
      const inner = queryOf(pick, depth - 1);
      const name = pick(['c', 'd', 'flights']);
      const outer = listOf(pick, inner.columns);
      const where = conditionOf(pick, inner.columns);
      return {
        sql: `with ${name} as (${inner.sql}) select ${outer.list} from ${name}${where}`,
        columns: outer.columns,
      };
    }
    case 'group': {
      const { from, columns } = sourceOf(pick, depth);
      const by = pick(columns);
      return {
        sql: `select ${by}, count(${pick(
          columns,
        )}) as n from ${from} group by ${by} having max(${pick(
          columns,
        )}::text) is not null order by ${pick([by, 'n', '1'])}`,
        columns: [by, 'n'],
      };
    }
    case 'join': {
      const left = sourceOf(pick, depth);
      const right = sourceOf(pick, 0);
      const [a, b] = [pick(left.columns), pick(right.columns)];
      return {
        sql: `select l.${a}, r.${b} as other from ${left.bare} l ${pick([
          'join',
          'left join',
        ])} ${right.bare} r on l.${pick(left.columns)}::text = r.${pick(
          right.columns,
        )}::text`,
        columns: [a, 'other'],
      };
    }
    case 'union': {
      const one = plain(pick, depth);
      return {
        sql: `${one.sql} union all ${one.sql} order by ${pick([
          '1',
          ...one.columns.slice(0, 1),
        ])}`,
        columns: one.columns,
      };
    }
    case 'order': {
      const one = plain(pick, depth);
      return {
        sql: `(${one.sql}) order by ${pick(one.columns)} limit 3`,
        columns: one.columns,
      };
    }
    case 'in': {
      const { from, columns } = sourceOf(pick, depth);
      const inner = sourceOf(pick, 0);
      const field = pick(columns);
      return {
        sql: `select ${field} from ${from} where ${field}::text in (select ${pick(
          inner.columns,
        )}::text from ${inner.from}${conditionOf(pick, inner.columns)})`,
        columns: [field],
      };
    }
    default:
      return plain(pick, depth);
  }
}

function plain(pick: PickOne, depth: number): Query {
  const { from, columns } = sourceOf(pick, depth);
  const { list, columns: results } = listOf(pick, columns);
  return {
    sql: `select ${list} from ${from}${conditionOf(pick, columns)}`,
    columns: results,
  };
}

/** What stands after FROM; `bare` without a name of its own. */
function sourceOf(
  pick: PickOne,
  depth: number,
): { from: string; bare: string; columns: string[] } {
  if (depth <= 0) {
    const bare = pick(['flights', 'public.flights']);
    return {
      from: `${bare}${pick(['', ' f', ' as x'])}`,
      bare,
      columns: [...flightFields],
    };
  }
  const { sql, columns } = queryOf(pick, depth - 1);
  return { from: `(${sql}) s`, bare: `(${sql})`, columns };
}

function listOf(
  pick: PickOne,
  columns: readonly string[],
): { list: string; columns: string[] } {
  const [a, b] = [pick(columns), pick(columns)];
  const alias = pick(ALIASES);
  switch (pick(['star', 'names', 'alias', 'expression'])) {
    case 'star':
      return { list: '*', columns: [...columns] };
    case 'names':
      return a === b
        ? { list: a, columns: [a] }
        : { list: `${a}, ${b}`, columns: [a, b] };
    case 'alias':
      return { list: `${a} as ${alias}`, columns: [alias] };
    default:
      return {
        list: `coalesce(${a}::text, ${b}::text) as ${alias}`,
        columns: [alias],
      };
  }
}

function conditionOf(pick: PickOne, columns: readonly string[]): string {
  return pick([true, false]) ? ` where ${pick(columns)} is not null` : '';
}
