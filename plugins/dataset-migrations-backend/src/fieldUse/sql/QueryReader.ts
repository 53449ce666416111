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
  namesOnly,
  Output,
  queryRelation,
  readFrom,
  Relation,
  renamedRelation,
  starOf,
  unknownRelation,
} from './relations';
import { Scope } from './Scope';
import { Steps } from './Steps';
import { SourceReader } from './SourceReader';
import { TableNames } from './TableNames';
import { Wildcards } from './Wildcards';

/** A file with more inside each other than this is refused before. */
const MAX_DEPTH = 3_000;

const SET_OPERATIONS = new Set(['union', 'intersect', 'except']);
const QUERIES = new Set([...SET_OPERATIONS, 'select', 'subquery']);
const STATEMENTS = new Set(['delete', 'insert', 'merge', 'update']);

/**
 * Goes through queries as a database does when it resolves their names, and
 * reports each column of a dataset that one of them names.
 */
export class QueryReader {
  /** Of the part that is being read, for parts without a place of their own. */
  line = 1;
  private depth = 0;
  /** What stands after FROM. */
  readonly sources: SourceReader;

  /** Of a star of the query that is being read, where it does not say so itself. */
  private starLine = 0;

  constructor(
    tables: TableNames,
    private readonly wildcards: Wildcards,
    readonly steps: Steps,
    /** Reads a statement that is no query, where a query has one inside. */
    private readonly statement: (value: unknown, scope: Scope) => void,
  ) {
    this.sources = new SourceReader(this, tables);
  }

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
      return this.inParentheses(data, scope);
    }
    // `VALUES`, `TABLE flights`, a pivot as a statement.
    this.sources.read(value, scope);
    return this.starOf(scope.relations);
  }

  /** What `SELECT *` from relations results in. */
  starOf(relations: Relation[]): Relation {
    return starOf(relations, { line: this.line, steps: this.steps });
  }

  /** What comes behind parentheses belongs to the query inside, unless that has its own. */
  private inParentheses(data: Data, scope: Scope): Relation {
    const inner = asExpression(data.this);
    if (!inner || !data.order_by || inner.data.order_by) {
      return this.ordered(this.query(data.this, scope), data, scope);
    }
    const { kind, data: own } = inner;
    const { order_by: order, limit, offset } = data;
    return this.query(
      { [kind]: { limit, offset, ...own, order_by: order } },
      scope,
    );
  }

  /** Reads what comes behind a whole query, whose names are those of its results. */
  private ordered(relation: Relation, data: Data, scope: Scope): Relation {
    const results = new Scope(scope);
    results.add([], relation);
    this.walk([data.order_by, data.limit, data.offset], results);
    return relation;
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

  /** Reads the columns that any other part names. */
  walk(value: unknown, scope: Scope): void {
    if (Array.isArray(value)) {
      value.forEach(item => this.walk(item, scope));
      return;
    }
    if (!isObject(value)) {
      return;
    }
    this.steps.take();
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
          queryRelation([output], this.steps).readAll(this.line),
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
    listOf(from?.expressions).forEach(item => this.sources.read(item, scope));
    listOf(joins).forEach(join => this.sources.join(join, scope));
    listOf(views).forEach(view => this.sources.view(view, scope));
    const items = listOf(expressions);
    // A query inside has stars of its own.
    const outerStarLine = this.starLine;
    this.starLine = items.some(item => asExpression(item)?.kind === 'star')
      ? this.wildcards.lineBefore(from)
      : 0;
    // `FROM flights` alone gives all of it.
    const outputs =
      items.length > 0
        ? items.flatMap(item => this.outputs(item, scope))
        : [
            {
              star: scope.relations,
              except: new Set<string>(),
              line: this.line,
            },
          ];
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
    this.starLine = outerStarLine;
    const relation = queryRelation(outputs, this.steps);
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
    return this.ordered(
      combinedRelation(sides, { byName: data.by_name === true, line }),
      data,
      scope,
    );
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
    this.steps.take(scope.size);
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

  /** The line of a part without others inside. */
  at(data: Data | undefined): number {
    this.line = lineOf(data) || this.line;
    return this.line;
  }
}

/** What is counted, where that is not just rows. */
function starless(counted: unknown): unknown {
  return asExpression(counted)?.kind === 'star' ? undefined : counted;
}
