import { fold } from './ast';
import { readFrom, Relation } from './relations';

interface Source {
  /** How columns are qualified with it: an alias, or schema and table. */
  names: string[];
  relation: Relation;
}

/** What the names in one query can mean: its sources, then those around it. */
export class Scope {
  private readonly sources: Source[] = [];

  constructor(
    private readonly parent?: Scope,
    private readonly ctes: Map<string, Relation> = new Map(),
  ) {}

  /** The scope of a query in FROM: it sees none of the sources beside it. */
  beside(): Scope {
    return new Scope(this.parent, this.ctes);
  }

  add(names: ReadonlyArray<string | undefined>, relation: Relation): void {
    this.sources.push({
      names: names.filter((name): name is string => name !== undefined),
      relation,
    });
  }

  define(name: string, relation: Relation): void {
    this.ctes.set(name, relation);
  }

  /** A common table expression of this query or one around it. */
  cte(name: string): Relation | undefined {
    return this.ctes.get(name) ?? this.parent?.cte(name);
  }

  /** How many sources a name has to be looked for in. */
  get size(): number {
    return this.sources.length + (this.parent?.size ?? 0);
  }

  /** The relations of this query alone, for `*`. */
  get relations(): Relation[] {
    return this.sources.map(({ relation }) => relation);
  }

  /** For `t.*`. */
  relationsNamed(qualifier: readonly string[]): Relation[] {
    const own = this.sources.filter(source => isNamed(source, qualifier));
    return own.length > 0
      ? own.map(({ relation }) => relation)
      : this.parent?.relationsNamed(qualifier) ?? [];
  }

  /**
   * Reads what `a.b.c` names: a column of a source, with fields inside it. Where a
   * name may be one of a table whose columns are not known, or one of a query
   * around it, it counts for both.
   */
  read(parts: readonly string[], line: number): void {
    for (let length = Math.min(3, parts.length - 1); length > 0; length -= 1) {
      const relations = this.relationsNamed(parts.slice(0, length).map(fold));
      if (relations.length > 0) {
        const [column, ...path] = parts.slice(length);
        relations.forEach(relation => relation.read(column, path, line));
        return;
      }
    }
    const [column, ...path] = parts;
    if (!this.readUnqualified(column, path, line) && parts.length === 1) {
      // A row as a whole: `to_json(f)`.
      this.relationsNamed([fold(column)]).forEach(row => row.readAll(line));
    }
  }

  private readUnqualified(
    column: string,
    path: readonly string[],
    line: number,
  ): boolean {
    const isThere = readFrom(this.relations, column, path, line);
    return (
      isThere === true ||
      (this.parent?.readUnqualified(column, path, line) ?? false)
    );
  }
}

function isNamed({ names }: Source, qualifier: readonly string[]): boolean {
  return (
    qualifier.length <= names.length &&
    qualifier.every(
      (name, index) => name === names[names.length - qualifier.length + index],
    )
  );
}
