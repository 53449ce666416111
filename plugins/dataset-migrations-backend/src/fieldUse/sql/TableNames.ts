import { asExpression, Data, Expression, fold, nameOf } from './ast';
import { datasetRelation, Relation, unknownRelation } from './relations';
import { DatasetTable, FieldUse } from './types';

/**
 * What a template put in the place of a call: the schema and name of the table it
 * stands for, or null for a model of the same project.
 */
export type Placeholders = ReadonlyMap<string, readonly string[] | null>;

/** Which tables of a text are the datasets'. */
export class TableNames {
  /** How often each was met. */
  readonly met = new Map<DatasetTable, number>();

  constructor(
    private readonly options: {
      tables: readonly DatasetTable[];
      placeholders: Placeholders;
      found(use: FieldUse): void;
    },
  ) {}

  /** The relation of a table, and how its columns may be qualified. */
  relation(data: Data): {
    relation: Relation;
    names: Array<string | undefined>;
  } {
    const file = nameOf(data.name) ?? '';
    if (/\/|\.(parquet|csv|json|ndjson)$/.test(file)) {
      return { relation: this.ofPath(file) ?? unknownRelation, names: [] };
    }
    // One pair of backticks may hold all of the name.
    const written = [data.schema, data.name].flatMap(
      part => nameOf(part)?.split('.') ?? [],
    );
    const known = this.options.placeholders.get(written[written.length - 1]);
    const names = known === undefined ? written : known ?? [];
    return {
      relation: this.find(names.map(fold)) ?? unknownRelation,
      names: [nameOf(data.catalog), ...names.map(fold)],
    };
  }

  /** `read_parquet('…/flights/*.parquet')`, where the dataset is files. */
  ofFunction({ kind, data }: Expression): Relation | undefined {
    const name = fold(String(kind === 'function' ? data.name : kind));
    if (!/^read_|_scan$/.test(name)) {
      return undefined;
    }
    const [first] = Array.isArray(data.args) ? data.args : [data.this];
    const path = asExpression(first)?.data.value;
    return typeof path === 'string' ? this.ofPath(path) : undefined;
  }

  /** Whether a text names one of the tables. */
  isNamedIn(text: string): boolean {
    return this.options.tables.some(table => isTableNamedIn(table, text));
  }

  private ofPath(path: string): Relation | undefined {
    const folders = path.split(/[\\/]/).map(fold);
    return this.take(({ names }) =>
      folders.includes(fold(names[names.length - 1])),
    );
  }

  /** The name must be the same; the schema, where both sides say one. */
  private find(written: readonly string[]): Relation | undefined {
    const [name, schema] = [...written].reverse();
    return this.take(table => {
      const [ownName, ownSchema] = [...table.names].reverse().map(fold);
      return (
        ownName === name &&
        (schema === undefined ||
          ownSchema === undefined ||
          ownSchema === schema)
      );
    });
  }

  private take(
    matches: (table: DatasetTable) => boolean,
  ): Relation | undefined {
    const table = this.options.tables.find(matches);
    if (table) {
      this.met.set(table, (this.met.get(table) ?? 0) + 1);
    }
    return table && datasetRelation(table, this.options.found);
  }
}

/** Whether a text has the table's name as a word. */
export function isTableNamedIn({ names }: DatasetTable, text: string): boolean {
  const name = names[names.length - 1].replace(/[^\w]/g, '\\$&');
  return new RegExp(`(^|[^\\w])${name}($|[^\\w])`, 'i').test(text);
}
