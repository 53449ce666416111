import {
  asExpression,
  Data,
  dottedName,
  Expression,
  fold,
  isObject,
  lineOf,
  listOf,
  nameOf,
  namesOf,
} from './ast';
import {
  combinedRelation,
  extendedRelation,
  namesOnly,
  Output,
  queryRelation,
  readFrom,
  Relation,
  renamedRelation,
  unknownRelation,
} from './relations';
import { Scope } from './Scope';
import { TableNames } from './TableNames';
import { Wildcards } from './Wildcards';

/** A file with more inside each other than this is refused before. */
const MAX_DEPTH = 3_000;

const SET_OPERATIONS = new Set(['union', 'intersect', 'except']);
const QUERIES = new Set([...SET_OPERATIONS, 'select', 'subquery']);
const STATEMENTS = new Set(['delete', 'insert', 'merge', 'update']);
/** What has columns of its own after FROM; all else is a function. */
const SOURCES = new Set([
  ...QUERIES,
  'joined_table',
  'match_recognize',
  'paren',
  'pivot',
  'table',
  'unpivot',
]);

/**
 * Goes through queries as a database does when it resolves their names, and
 * reports each column of a dataset that one of them names.
 */
export class QueryReader {
  /** Of the part that is being read, for parts without a place of their own. */
  private line = 1;
  private depth = 0;

  /** Of a star of the query that is being read, where it does not say so itself. */
  private starLine = 0;

  constructor(
    private readonly tables: TableNames,
    private readonly wildcards: Wildcards,
    /** Reads a statement that is no query, where a query has one inside. */
    private readonly statement: (value: unknown, scope: Scope) => void,
  ) {}

  isQuery({ kind }: Expression): boolean {
    return QUERIES.has(kind);
  }

  /** Reads a query; its stars are read by whoever uses what it results in. */
  query(value: unknown, parent: Scope | undefined): Relation {
    const expression = asExpression(value);
    if (!expression) {
      return unknownRelation;
    }
    const { kind, data } = expression;
    if (kind === 'select') {
      return this.select(data, parent);
    }
    if (SET_OPERATIONS.has(kind)) {
      return this.setOperation(data, parent);
    }
    const scope = new Scope(parent);
    if (kind === 'subquery' || kind === 'paren') {
      this.with(data.with, scope);
      return this.query(data.this, scope);
    }
    // `VALUES`, `TABLE flights`, a pivot as a statement.
    this.source(value, scope);
    return star(scope.relations, this.line);
  }

  /** Common table expressions, each of which sees those before it. */
  with(clause: Data | undefined, scope: Scope): void {
    for (const cte of listOf(clause?.ctes)) {
      const name = nameOf(cte.alias);
      const line = this.line;
      if (name === undefined) {
        continue;
      }
      const names = namesOf(cte.columns);
      const body = asExpression(cte.this);
      if (!body || !this.isQuery(body)) {
        this.unusualCte(body, scope);
        continue;
      }
      if (clause?.recursive && SET_OPERATIONS.has(body.kind)) {
        const first = this.query(body.data.left, scope);
        scope.define(name, renamedRelation(first, names, line));
      }
      const relation = this.query(cte.this, scope);
      scope.define(name, renamedRelation(relation, names, line));
    }
  }

  /** A statement that writes, or, in ClickHouse, an expression. */
  private unusualCte(body: Expression | undefined, scope: Scope): void {
    if (body && STATEMENTS.has(body.kind)) {
      this.statement({ [body.kind]: body.data }, scope);
    } else if (body) {
      this.walk({ [body.kind]: body.data }, scope);
    }
  }

  /** Something after FROM or JOIN. */
  source(
    value: unknown,
    scope: Scope,
    options: { alias?: string; lateral?: boolean } = {},
  ): void {
    const expression = asExpression(value);
    if (!expression) {
      return;
    }
    const { kind, data } = expression;
    const line = kind === 'table' ? this.at(data) : this.line;
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
        if (inner && this.isQuery(inner)) {
          add(this.query(data.this, lateral ? scope : scope.beside()));
        } else {
          this.source(data.this, scope, { alias, lateral });
        }
        break;
      case 'select':
      case 'union':
      case 'intersect':
      case 'except':
        add(this.query(value, lateral ? scope : scope.beside()));
        break;
      case 'column':
        // A table after PIVOT.
        this.source({ table: { name: data.name, schema: data.table } }, scope);
        break;
      case 'alias':
      case 'table_sample':
      case 'tablesample':
        if (columns.length > 0 && inner && SOURCES.has(inner.kind)) {
          add(this.relationOf(data.this, scope, lateral));
        } else {
          this.source(data.this, scope, { alias, lateral });
        }
        break;
      case 'joined_table':
        if (alias === undefined) {
          this.joinedTable(data, scope);
        } else {
          const group = scope.beside();
          this.joinedTable(data, group);
          add(star(group.relations, line));
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
        this.walk(data, scope);
        add(this.tables.ofFunction(expression) ?? unknownRelation);
    }
  }

  join(join: Data, scope: Scope): void {
    const kind = String(join.kind ?? '').toLowerCase();
    const before = [...scope.relations];
    this.source(join.this, scope, { lateral: /apply|lateral/.test(kind) });
    const line = this.line;
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
    this.walk(conditions, scope);
  }

  /** Reads the columns that any other part names. */
  walk(value: unknown, scope: Scope): void {
    if (Array.isArray(value)) {
      value.forEach(item => this.walk(item, scope));
      return;
    }
    if (!isObject(value)) {
      return;
    }
    this.depth += 1;
    if (this.depth > MAX_DEPTH) {
      throw new RangeError('nested too deeply');
    }
    const expression = asExpression(value);
    if (!expression || !this.special(expression, value, scope)) {
      Object.values(value).forEach(inner => this.walk(inner, scope));
    }
    this.depth -= 1;
  }

  /** @returns false for a kind that is like any other */
  private special(expression: Expression, value: Data, scope: Scope): boolean {
    const { kind, data } = expression;
    switch (kind) {
      case 'column':
      case 'dot':
        return this.column(expression, scope);
      case 'star':
        this.starOutputs(data, scope).forEach(output =>
          queryRelation([output]).readAll(this.line),
        );
        return true;
      case 'count':
        this.walk({ ...data, this: starless(data.this) }, scope);
        return true;
      case 'exists':
        this.query(data.this, scope);
        return true;
      case 'columns':
      case 'function':
        if (kind === 'columns' || fold(String(data.name)) === 'columns') {
          // DuckDB: all whose names match a pattern.
          scope.relations.forEach(relation => relation.readAll(this.line));
        }
        return false;
      case 'lambda':
        this.walk(data.body, this.lambdaScope(data, scope));
        return true;
      default:
        if (!this.isQuery(expression)) {
          return false;
        }
        this.query(value, scope).readAll(this.line);
        return true;
    }
  }

  private lambdaScope(data: Data, scope: Scope): Scope {
    const inner = new Scope(scope);
    inner.add([], namesOnly(namesOf(data.parameters)));
    return inner;
  }

  private select(data: Data, parent: Scope | undefined): Relation {
    const scope = new Scope(parent);
    const {
      with: ctes,
      from,
      joins,
      lateral_views: views,
      expressions,
      order_by: order,
      into,
      locks,
      ...clauses
    } = data;
    this.with(ctes, scope);
    listOf(from?.expressions).forEach(item => this.source(item, scope));
    listOf(joins).forEach(join => this.join(join, scope));
    for (const view of listOf(views)) {
      this.walk(view.this, scope);
      scope.add([nameOf(view.table_alias)], unknownRelation);
    }
    const items = listOf(expressions);
    this.starLine = items.some(item => asExpression(item)?.kind === 'star')
      ? this.wildcards.lineBefore(from)
      : 0;
    // `FROM flights` alone gives all of it.
    const outputs =
      items.length > 0
        ? items.flatMap(item => this.outputs(item, scope))
        : [{ star: scope.relations, except: NONE, line: this.line }];
    this.walk(clauses, scope);
    const isOutput = (name: string) =>
      outputs.some(output => 'name' in output && output.name === name);
    for (const { this: key } of listOf(order?.expressions)) {
      const column = asExpression(key);
      const parts = column && dottedName(column);
      // A name alone is that of an output first.
      if (!(parts?.length === 1 && isOutput(fold(parts[0])))) {
        this.walk(key, scope);
      }
    }
    const relation = queryRelation(outputs);
    if (data.distinct === true) {
      // Which rows there are hangs on each of its columns.
      relation.readAll(this.line);
    }
    return relation;
  }

  private setOperation(data: Data, parent: Scope | undefined): Relation {
    const scope = new Scope(parent);
    this.with(data.with, scope);
    const line = this.line;
    const sides = [data.left, data.right].map(side => this.query(side, scope));
    return combinedRelation(sides, { byName: data.by_name === true, line });
  }

  private outputs(value: unknown, scope: Scope): Output[] {
    const expression = asExpression(value);
    if (expression?.kind === 'star') {
      return this.starOutputs(expression.data, scope);
    }
    if (expression?.kind === 'alias') {
      this.walk(expression.data.this, scope);
      return [{ name: nameOf(expression.data.alias) }];
    }
    this.walk(value, scope);
    const parts = expression && dottedName(expression);
    return [parts ? { name: fold(parts[parts.length - 1]) } : {}];
  }

  /** A star with what is taken out, put in another's place, or renamed. */
  private starOutputs(data: Data, scope: Scope): Output[] {
    const line = lineOf(data.table) || this.starLine || this.line;
    const relations = data.table?.name
      ? scope.relationsNamed(String(data.table.name).split('.').map(fold))
      : scope.relations;
    const renames = listOf(data.rename).map(([from, to]) => ({ from, to }));
    const replaced = listOf(data.replace).map(item => item.alias);
    const named = [...listOf(data.except), ...renames.map(({ from }) => from)];
    for (const name of namesOf(named)) {
      readFrom(relations, name, [], line);
    }
    listOf(data.replace).forEach(item => this.walk(item.this, scope));
    const names = namesOf([...replaced, ...renames.map(({ to }) => to)]);
    return [
      {
        star: relations,
        except: new Set(namesOf([...named, ...replaced])),
        line,
      },
      ...names.map(name => ({ name })),
    ];
  }

  private column(expression: Expression, scope: Scope): boolean {
    const line = this.at(expression.data);
    const parts = dottedName(expression);
    if (!parts) {
      return false;
    }
    if (parts[parts.length - 1] === '*') {
      scope
        .relationsNamed(parts.slice(0, -1).map(fold))
        .forEach(relation => relation.readAll(line));
    } else {
      scope.read(parts, line);
    }
    return true;
  }

  private table(data: Data, scope: Scope) {
    const name = nameOf(data.name);
    const cte = data.schema || name === undefined ? undefined : scope.cte(name);
    return cte ? { relation: cte, names: [name] } : this.tables.relation(data);
  }

  private relationOf(value: unknown, scope: Scope, lateral: boolean): Relation {
    const inner = lateral ? new Scope(scope) : scope.beside();
    this.source(value, inner);
    return star(inner.relations, this.line);
  }

  private joinedTable(data: Data, scope: Scope): void {
    this.source(data.left, scope);
    listOf(data.joins).forEach(join => this.join(join, scope));
  }

  private lateral(data: Data, scope: Scope, outerAlias?: string): void {
    const inner = asExpression(data.this);
    const alias =
      typeof data.alias === 'string' ? fold(data.alias) : outerAlias;
    if (inner && this.isQuery(inner)) {
      scope.add([alias], this.query(data.this, scope));
    } else {
      this.walk(data.this, scope);
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
    this.with(data.with, inner);
    this.source(data.this, inner);
    const { this: source, with: ctes, ...rest } = data;
    this.walk(rest, inner);
    const relation = star(inner.relations, this.line);
    if (kind !== 'pivot' || data.unpivot === true) {
      return extendedRelation(relation);
    }
    if (!data.group) {
      relation.readAll(this.line);
    }
    return unknownRelation;
  }

  /** The line of a part without others inside. */
  at(data: Data | undefined): number {
    this.line = lineOf(data) || this.line;
    return this.line;
  }
}

const NONE: ReadonlySet<string> = new Set();

function star(relations: Relation[], line: number): Relation {
  return queryRelation([{ star: relations, except: NONE, line }]);
}

/** What is counted, where that is not just rows. */
function starless(counted: unknown): unknown {
  return asExpression(counted)?.kind === 'star' ? undefined : counted;
}
