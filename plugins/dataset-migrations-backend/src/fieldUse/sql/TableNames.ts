import { Data, Expression, fold, literalsBelow, nameOf } from './ast';
import { allOf, datasetRelation, Relation, unknownRelation } from './relations';
import { Steps } from './Steps';
import { DatasetTable, FieldUse } from './types';

/**
 * What a template put in the place of a call: the schema and name of the table it
 * stands for, or null for a model of the same project.
 */
export type Placeholders = ReadonlyMap<string, readonly string[] | null>;

/** Functions after FROM that are given a table's name. */
const BY_NAME = /^((mysql|postgres|sqlite)_scan|identifier|query_table|table)$/;

/** Which tables of a text are the datasets'. */
export class TableNames {
  /** How often each was met. */
  readonly met = new Map<DatasetTable, number>();
  /** How often a name was one of a common table expression, which hides tables. */
  readonly hidden = new Map<string, number>();
  /** Parts of the tree that were counted: some are read twice. */
  private readonly counted = new WeakSet<object>();

  constructor(
    private readonly options: {
      tables: readonly DatasetTable[];
      placeholders: Placeholders;
      steps: Steps;
      found(use: FieldUse): void;
    },
  ) {}

  /** A name after FROM was one of a common table expression. */
  hide(name: string, part: Data): void {
    if (this.isNew(part)) {
      this.hidden.set(name, (this.hidden.get(name) ?? 0) + 1);
    }
  }

  /** The relation of a table, and how its columns may be qualified. */
  relation(data: Data): {
    relation: Relation;
    names: Array<string | undefined>;
  } {
    const file = nameOf(data.name) ?? '';
    if (/\/|\.(parquet|csv|json|ndjson)$/.test(file)) {
      return {
        relation: this.ofPaths([file], data) ?? unknownRelation,
        names: [],
      };
    }
    // One pair of backticks may hold all of the name.
    const written = [data.schema, data.name].flatMap(
      part => nameOf(part)?.split('.') ?? [],
    );
    const known = this.options.placeholders.get(written[written.length - 1]);
    const names = known === undefined ? written : known ?? [];
    return {
      relation: this.find(names, data) ?? unknownRelation,
      names: [nameOf(data.catalog), ...names.map(fold)],
    };
  }

  /**
   * What a function after FROM gives: `read_parquet('…/flights/*.parquet')`, where the
   * dataset is files; `postgres_scan('…', 'public', 'flights')`.
   */
  ofFunction({ kind, data }: Expression): Relation | undefined {
    const name = fold(String(kind === 'function' ? data.name : kind));
    const texts = [...literalsBelow(data)];
    if (BY_NAME.test(name)) {
      return this.ofNames(texts, data);
    }
    return /^read_|_scan$/.test(name) ? this.ofPaths(texts, data) : undefined;
  }

  /** Whether a text names one of the tables. */
  isNamedIn(text: string): boolean {
    return this.options.tables.some(table => isTableNamedIn(table, text));
  }

  /** Of texts that end with a table, its schema before it where there are three. */
  private ofNames(texts: readonly string[], part: Data): Relation | undefined {
    const [last = '', schema] = [...texts].reverse();
    return this.find(
      texts.length > 2 ? [schema, last] : last.replace(/"/g, '').split('.'),
      part,
    );
  }

  private ofPaths(paths: readonly string[], part: Data): Relation | undefined {
    return this.take(
      ({ names }) =>
        paths.some(path => isInPath(path, names[names.length - 1])),
      part,
    );
  }

  private find(written: readonly string[], part: Data): Relation | undefined {
    return this.take(table => isWritten(table, written), part);
  }

  /** Where a name may be one of several datasets', it counts for all of them. */
  private take(
    matches: (table: DatasetTable) => boolean,
    part: Data,
  ): Relation | undefined {
    const { tables, steps, found } = this.options;
    steps.take(tables.length);
    const taken = tables.filter(matches);
    if (taken.length > 0 && this.isNew(part)) {
      for (const table of taken) {
        this.met.set(table, (this.met.get(table) ?? 0) + 1);
      }
    }
    return taken.length === 0
      ? undefined
      : allOf(taken.map(table => datasetRelation(table, { steps, found })));
  }

  private isNew(part: Data): boolean {
    const isNew = !this.counted.has(part);
    this.counted.add(part);
    return isNew;
  }
}

function isInPath(path: string, folder: string): boolean {
  return path.split(/[\\/]/).map(fold).includes(fold(folder));
}

/**
 * Whether names of SQL, with the table last, are those of a table: the name must be the
 * same; the schema, where both sides say one.
 */
export function isWritten(
  { names }: DatasetTable,
  written: readonly string[],
): boolean {
  const [name, schema] = [...written].reverse().map(fold);
  const [ownName, ownSchema] = [...names].reverse().map(fold);
  return (
    ownName === name &&
    (schema === undefined || ownSchema === undefined || ownSchema === schema)
  );
}

/** Whether a text has the table's name as a word. */
export function isTableNamedIn({ names }: DatasetTable, text: string): boolean {
  const name = names[names.length - 1].replace(/[^\w]/g, '\\$&');
  return new RegExp(`(^|[^\\w])${name}($|[^\\w])`, 'i').test(text);
}
