import { fold } from './ast';
import { Steps } from './Steps';
import { DatasetTable, FieldUse } from './types';

/**
 * Something that a query reads from. Columns that a query names are read at once;
 * those that a star stands for only when somebody asks for them, so that
 * `with f as (select * from flights) select delay from f` reads one field.
 */
export interface Relation {
  /** Undefined when its columns are not known. */
  has(column: string): boolean | undefined;
  /** @param path - nested fields below the column */
  read(column: string, path: readonly string[], line: number): void;
  /** What a star stands for. */
  readAll(line: number, except?: ReadonlySet<string>): void;
}

const NONE: ReadonlySet<string> = new Set();

/** A table that is no dataset's, a function, a model of the same project. */
export const unknownRelation: Relation = {
  has: () => undefined,
  read: () => {},
  readAll: () => {},
};

/** A relation whose columns are names and nothing else, as parameters of a lambda. */
export function namesOnly(names: readonly string[]): Relation {
  return {
    has: column => names.includes(fold(column)),
    read: () => {},
    readAll: () => {},
  };
}

/** The dataset itself: here a column becomes a use of a field. */
export function datasetRelation(
  table: DatasetTable,
  options: { steps: Steps; found(use: FieldUse): void },
): Relation {
  const { datasetRef, fields, current } = table;
  const { steps, found } = options;
  return {
    has: column => fields.has(fold(column)),
    read: (column, path, line) => {
      for (const field of fields.get(fold(column)) ?? []) {
        steps.take();
        found({ datasetRef, field: fieldInside(table, field, path), line });
      }
    },
    readAll: (line, except) => {
      steps.take(fields.size);
      const stands = new Set(current);
      for (const [column, names] of fields) {
        for (const field of names) {
          if (stands.has(field) && !except?.has(column)) {
            found({ datasetRef, field, line, star: true });
          }
        }
      }
    },
  };
}

/**
 * The field that a path below another leads to, by its name in a contract; what no
 * contract tells counts as the field around it.
 */
export function fieldInside(
  { nested }: DatasetTable,
  field: string,
  path: readonly string[],
): string {
  let name = field;
  for (const part of path) {
    const inside = nested.get(fold(`${name}.${part}`));
    if (inside === undefined) {
      return name;
    }
    name = inside;
  }
  return name;
}

/** Several relations that one name may mean. */
export function allOf(relations: readonly Relation[]): Relation {
  return relations.length === 1
    ? relations[0]
    : {
        has: column => any(relations.map(relation => relation.has(column))),
        read: (...reference) =>
          relations.forEach(relation => relation.read(...reference)),
        readAll: (...reference) =>
          relations.forEach(relation => relation.readAll(...reference)),
      };
}

/** One item of a list of results. */
export type Output =
  | { name?: string }
  | { star: Relation[]; except: ReadonlySet<string>; line: number };

/** The result of a query, by its list of outputs. */
export function queryRelation(
  outputs: readonly Output[],
  steps: Steps,
): Relation {
  const names = new Set(
    outputs.flatMap(output => ('star' in output ? [] : output.name ?? [])),
  );
  const stars = outputs.flatMap(output => ('star' in output ? [output] : []));
  // Queries that use each other twice would ask 2ⁿ times.
  const answers = new Map<string, boolean | undefined>();
  const asked = new Set<string>();
  const isNew = (...request: unknown[]) => {
    const key = JSON.stringify(request);
    return !asked.has(key) && Boolean(asked.add(key));
  };
  const starsFor = (column: string) => {
    steps.take(
      stars.reduce((count, { star }) => count + star.length, 1 + stars.length),
    );
    return stars.filter(({ except }) => !except.has(fold(column)));
  };
  return {
    has: column => {
      steps.take();
      if (names.has(fold(column))) {
        return true;
      }
      if (!answers.has(fold(column))) {
        const all = starsFor(column).flatMap(({ star }) => star);
        answers.set(
          fold(column),
          any(all.map(relation => relation.has(column))),
        );
      }
      return answers.get(fold(column));
    },
    read: (column, path, line) => {
      if (!names.has(fold(column)) && isNew(column, path, line)) {
        for (const { star } of starsFor(column)) {
          readFrom(star, column, path, line);
        }
      }
    },
    readAll: (_line, except = NONE) => {
      steps.take(1 + except.size);
      if (isNew([...except].sort())) {
        for (const { star, except: own, line } of stars) {
          steps.take(own.size + except.size);
          const without = new Set([...own, ...except]);
          star.forEach(relation => relation.readAll(line, without));
        }
      }
    },
  };
}

/** What `SELECT *` from relations results in. */
export function starOf(
  relations: Relation[],
  options: { line: number; steps: Steps },
): Relation {
  const { line, steps } = options;
  return queryRelation([{ star: relations, except: NONE, line }], steps);
}

/**
 * Two queries one below the other. By position a star needs each of its columns,
 * as a column more or less on one side is an error.
 */
export function combinedRelation(
  sides: readonly Relation[],
  options: { byName: boolean; line: number },
): Relation {
  if (!options.byName) {
    sides.forEach(side => side.readAll(options.line));
    return sides[0];
  }
  return allOf(sides);
}

/** A relation whose first columns got names by position: `t (a, b)`. */
export function renamedRelation(
  relation: Relation,
  names: readonly string[],
  line: number,
): Relation {
  if (names.length === 0) {
    return relation;
  }
  relation.readAll(line);
  return {
    has: column => names.includes(fold(column)) || relation.has(column),
    read: (column, path, at) => {
      if (!names.includes(fold(column))) {
        relation.read(column, path, at);
      }
    },
    readAll: (...reference) => relation.readAll(...reference),
  };
}

/** A relation with more columns than it has itself, as of UNPIVOT. */
export function extendedRelation(relation: Relation): Relation {
  return {
    ...relation,
    has: column => (relation.has(column) === true ? true : undefined),
  };
}

/**
 * Reads a column from those of the relations that have it.
 *
 * @returns whether one has; undefined when one of unknown columns may
 */
export function readFrom(
  relations: readonly Relation[],
  column: string,
  path: readonly string[],
  line: number,
): boolean | undefined {
  const owners = relations.filter(relation => relation.has(column) === true);
  owners.forEach(relation => relation.read(column, path, line));
  return owners.length > 0
    ? true
    : any(relations.map(relation => relation.has(column)));
}

/** True when one is; else undefined when one is not known. */
function any(answers: ReadonlyArray<boolean | undefined>): boolean | undefined {
  if (answers.includes(true)) {
    return true;
  }
  return answers.includes(undefined) ? undefined : false;
}
