import { asExpression, Data, fold, listOf, nameOf, namesOf } from './ast';
import type { QueryReader } from './QueryReader';
import {
  extendedRelation,
  Relation,
  renamedRelation,
  unknownRelation,
} from './relations';
import { Scope } from './Scope';
import { TableNames } from './TableNames';

/** What has columns of its own after FROM; all else is a function. */
const SOURCES = new Set([
  'except',
  'intersect',
  'joined_table',
  'match_recognize',
  'paren',
  'pivot',
  'select',
  'subquery',
  'table',
  'union',
  'unpivot',
]);

/** Reads what stands after FROM and JOIN, and gives it its names in a scope. */
export class SourceReader {
  constructor(
    private readonly queries: QueryReader,
    private readonly tables: TableNames,
  ) {}

  /** Something after FROM or JOIN. */
  read(
    value: unknown,
    scope: Scope,
    options: { alias?: string; lateral?: boolean } = {},
  ): void {
    const expression = asExpression(value);
    if (!expression) {
      return;
    }
    const { kind, data } = expression;
    const line = kind === 'table' ? this.queries.at(data) : this.queries.line;
    const alias = nameOf(data.alias) ?? options.alias;
    const columns = namesOf(data.column_aliases);
    const add = (relation: Relation, names = [alias]) =>
      scope.add(names, renamedRelation(relation, columns, line));
    const inner = asExpression(data.this);
    const lateral = options.lateral || data.lateral === true;
    switch (kind) {
      case 'table': {
        const { relation, names } = this.table(data, scope);
        add(relation, alias === undefined ? names : [alias]);
        break;
      }
      case 'subquery':
      case 'paren':
        if (inner && this.queries.isQuery(inner)) {
          const query = data.order_by ? value : data.this;
          add(this.queries.query(query, lateral ? scope : scope.beside()));
        } else {
          this.read(data.this, scope, { alias, lateral });
        }
        break;
      case 'select':
      case 'union':
      case 'intersect':
      case 'except':
        add(this.queries.query(value, lateral ? scope : scope.beside()));
        break;
      case 'column':
        // A table after PIVOT.
        this.read({ table: { name: data.name, schema: data.table } }, scope);
        break;
      case 'alias':
      case 'table_sample':
      case 'tablesample':
        if (columns.length > 0 && inner && SOURCES.has(inner.kind)) {
          add(this.relationOf(data.this, scope, lateral));
        } else {
          this.read(data.this, scope, { alias, lateral });
        }
        break;
      case 'joined_table':
        if (alias === undefined) {
          this.joinedTable(data, scope);
        } else {
          const group = scope.beside();
          this.joinedTable(data, group);
          add(this.queries.starOf(group.relations));
        }
        break;
      case 'lateral':
        this.lateral(data, scope, options.alias);
        break;
      case 'match_recognize':
      case 'pivot':
      case 'unpivot':
        add(this.pivot(kind, data, scope, lateral));
        break;
      default:
        this.queries.walk(data, scope);
        add(this.tables.ofFunction(expression) ?? unknownRelation);
    }
  }

  join(join: Data, scope: Scope): void {
    const kind = String(join.kind ?? '').toLowerCase();
    const before = [...scope.relations];
    this.queries.steps.take(before.length * (1 + listOf(join.using).length));
    this.read(join.this, scope, { lateral: /apply|lateral/.test(kind) });
    const line = this.queries.line;
    for (const identifier of listOf(join.using)) {
      const name = nameOf(identifier);
      if (name !== undefined) {
        scope.relations.forEach(relation => relation.read(name, [], line));
      }
    }
    if (kind.startsWith('natural')) {
      // By all names that both have, which a table that is not known may have.
      const joined = scope.relations.slice(before.length);
      [...before, ...joined].forEach(relation => relation.readAll(line));
    }
    const { this: source, using, kind: _kind, ...conditions } = join;
    this.queries.walk(conditions, scope);
  }

  /** LATERAL VIEW of Hive and Spark. */
  view(view: Data, scope: Scope): void {
    this.queries.walk(view.this, scope);
    scope.add([nameOf(view.table_alias)], unknownRelation);
  }

  private table(data: Data, scope: Scope) {
    const name = nameOf(data.name);
    const cte = data.schema || name === undefined ? undefined : scope.cte(name);
    if (cte) {
      this.tables.hide(name!, data);
      return { relation: cte, names: [name] };
    }
    return this.tables.relation(data);
  }

  private relationOf(value: unknown, scope: Scope, lateral: boolean): Relation {
    const inner = lateral ? new Scope(scope) : scope.beside();
    this.read(value, inner);
    return this.queries.starOf(inner.relations);
  }

  private joinedTable(data: Data, scope: Scope): void {
    this.read(data.left, scope);
    listOf(data.joins).forEach(join => this.join(join, scope));
  }

  private lateral(data: Data, scope: Scope, outerAlias?: string): void {
    const inner = asExpression(data.this);
    const alias =
      typeof data.alias === 'string' ? fold(data.alias) : outerAlias;
    if (inner && this.queries.isQuery(inner)) {
      scope.add([alias], this.queries.query(data.this, scope));
    } else {
      this.queries.walk(data.this, scope);
      scope.add([alias], unknownRelation);
    }
  }

  /** Pivoting groups by all columns that it does not name, unless it says by which. */
  private pivot(
    kind: string,
    data: Data,
    scope: Scope,
    lateral: boolean,
  ): Relation {
    const inner = lateral ? new Scope(scope) : scope.beside();
    this.queries.with(data.with, inner);
    this.read(data.this, inner);
    const { this: source, with: ctes, ...rest } = data;
    this.queries.walk(rest, inner);
    const relation = this.queries.starOf(inner.relations);
    if (kind !== 'pivot' || data.unpivot === true) {
      return extendedRelation(relation);
    }
    if (!data.group) {
      relation.readAll(this.queries.line);
    }
    return unknownRelation;
  }
}
