import { InputError } from '@backstage/errors';
import { Field } from '../../contracts/types';
import { castRule } from '../castRule';
import { sameType } from '../../contracts/formatFieldType';
import { unify } from '../coercion';
import { call } from '../functions/registry';
import {
  BOOLEAN,
  castLiteral,
  nullLiteral,
  numberLiteral,
  textLiteral,
} from '../literals';
import { binary, coerceUntyped, unary } from '../operators';
import { Expression } from '../types';
import {
  binaryOperators,
  constructNames,
  expressionKinds,
  syntaxFunctions,
} from './allowList';
import { SqlNode } from './sqlParser';
import { readTypeName } from './typeNames';

const MAX_NODES = 500;
const MAX_DEPTH = 60;

function refuse(construct: string): never {
  throw new InputError(`${construct} is not allowed`);
}

/**
 * Turns PostgreSQL's parse tree into a typed tree of ours. What is not named
 * here is refused: this is the allow-list.
 */
export class Translator {
  private nodes = 0;

  constructor(private readonly fields: Map<string, Field>) {}

  /** @throws InputError naming what is not allowed or does not fit */
  translate(node: SqlNode, depth: number = 0): Expression {
    this.nodes += 1;
    if (this.nodes > MAX_NODES) {
      throw new InputError(`must have at most ${MAX_NODES} parts`);
    }
    if (depth > MAX_DEPTH) {
      throw new InputError(`must not nest deeper than ${MAX_DEPTH} levels`);
    }
    const [[kind, body]] = Object.entries(node ?? { nothing: {} });
    const inner = (child: SqlNode) => this.translate(child, depth + 1);
    switch (kind) {
      case 'A_Const':
        return this.constant(body);
      case 'ColumnRef':
        return this.column(body);
      case 'A_Expr':
        return this.operation(body, inner);
      case 'BoolExpr':
        return this.logic(body, inner);
      case 'NullTest':
        return unary(
          body.nulltesttype === 'IS_NULL' ? 'is null' : 'is not null',
          inner(body.arg),
        );
      case 'TypeCast':
        return this.cast(body, inner);
      case 'FuncCall':
        return this.functionCall(body, inner);
      case 'CoalesceExpr':
        return call('coalesce', body.args.map(inner));
      case 'CaseExpr':
        return this.caseExpression(body, inner);
      default:
        return refuse(constructNames[kind] ?? kind);
    }
  }

  /** The parser leaves out values that are zero, empty or false. */
  private constant(body: SqlNode): Expression {
    if (body.isnull) {
      return nullLiteral();
    }
    if (body.boolval) {
      return {
        op: 'literal',
        value: body.boolval.boolval === true,
        type: BOOLEAN,
      };
    }
    if (body.sval) {
      return textLiteral(body.sval.sval ?? '');
    }
    if (body.ival || body.fval) {
      const text = body.fval ? body.fval.fval : String(body.ival.ival ?? 0);
      return (
        numberLiteral(text) ?? refuse(`the number ${String(text).slice(0, 40)}`)
      );
    }
    return refuse('a bit string');
  }

  private column(body: SqlNode): Expression {
    const parts: SqlNode[] = body.fields;
    const name = parts[0].String?.sval;
    if (parts.length !== 1 || name === undefined) {
      const written = parts.map(part => part.String?.sval ?? '*').join('.');
      throw new InputError(
        `${written} is not allowed: name a field without a table`,
      );
    }
    const field = this.fields.get(name);
    if (!field) {
      throw new InputError(this.unknownField(name));
    }
    return { op: 'field', name: field.name, type: field.type };
  }

  private unknownField(name: string): string {
    const names = [...this.fields.keys()];
    const otherCase = names.find(
      other => other.toLocaleLowerCase('en-US') === name,
    );
    return otherCase
      ? `there is no field ${name}; write "${otherCase}" in double quotes`
      : `there is no field ${name}; there are ${names.slice(0, 20).join(', ')}`;
  }

  private operation(
    body: SqlNode,
    inner: (node: SqlNode) => Expression,
  ): Expression {
    switch (body.kind) {
      case 'AEXPR_OP':
        return this.operator(body, inner);
      case 'AEXPR_NULLIF':
        return call('nullif', [inner(body.lexpr), inner(body.rexpr)]);
      case 'AEXPR_IN':
        return this.inList(body, inner);
      case 'AEXPR_BETWEEN':
      case 'AEXPR_NOT_BETWEEN':
        return this.between(body, inner);
      default:
        return refuse(expressionKinds[body.kind] ?? body.kind);
    }
  }

  private operator(
    body: SqlNode,
    inner: (node: SqlNode) => Expression,
  ): Expression {
    const name = body.name
      .map((part: SqlNode) => part.String?.sval ?? '')
      .join('.');
    if (!body.lexpr && name === '-') {
      return unary('-', inner(body.rexpr));
    }
    if (!body.lexpr || !Object.hasOwn(binaryOperators, name)) {
      return refuse(`operator ${name}`);
    }
    return binary(binaryOperators[name], inner(body.lexpr), inner(body.rexpr));
  }

  /** `x in (a, b)` is `x = a or x = b`. */
  private inList(
    body: SqlNode,
    inner: (node: SqlNode) => Expression,
  ): Expression {
    const comparisons = body.rexpr.List.items.map((item: SqlNode) =>
      binary('=', inner(body.lexpr), inner(item)),
    );
    const any = comparisons.reduce((left: Expression, right: Expression) =>
      binary('or', left, right),
    );
    return body.name[0].String.sval === '<>' ? unary('not', any) : any;
  }

  private between(
    body: SqlNode,
    inner: (node: SqlNode) => Expression,
  ): Expression {
    const [low, high] = body.rexpr.List.items;
    const inside = binary(
      'and',
      binary('>=', inner(body.lexpr), inner(low)),
      binary('<=', inner(body.lexpr), inner(high)),
    );
    return body.kind === 'AEXPR_NOT_BETWEEN' ? unary('not', inside) : inside;
  }

  private logic(
    body: SqlNode,
    inner: (node: SqlNode) => Expression,
  ): Expression {
    const operands: Expression[] = body.args.map(inner);
    switch (body.boolop) {
      case 'AND_EXPR':
        return operands.reduce((left, right) => binary('and', left, right));
      case 'OR_EXPR':
        return operands.reduce((left, right) => binary('or', left, right));
      default:
        return unary('not', operands[0]);
    }
  }

  private cast(
    body: SqlNode,
    inner: (node: SqlNode) => Expression,
  ): Expression {
    const type = readTypeName(body.typeName);
    const operand = inner(body.arg);
    const rule = castRule(operand.type, type);
    const isNull = operand.op === 'literal' && operand.value === null;
    if (!rule.possible && !isNull) {
      throw new InputError(rule.reason);
    }
    if (operand.op === 'literal') {
      return castLiteral(operand, type);
    }
    return sameType(operand.type, type)
      ? operand
      : { op: 'cast', operand, type, onFailure: 'refuse' };
  }

  private functionCall(
    body: SqlNode,
    inner: (node: SqlNode) => Expression,
  ): Expression {
    const parts: string[] = body.funcname.map(
      (part: SqlNode) => part.String?.sval ?? '',
    );
    const isSyntax = body.funcformat === 'COERCE_SQL_SYNTAX';
    const written = parts[parts.length - 1];
    if (parts.length !== (isSyntax ? 2 : 1)) {
      return refuse(`function ${parts.join('.')}`);
    }
    const { funcname, args = [], funcformat, location, ...extras } = body;
    const [extra] = Object.keys(extras);
    if (extra) {
      return refuse(
        extra === 'over'
          ? `the window function ${written}`
          : `function ${written} with ${extra}`,
      );
    }
    if (isSyntax && !Object.hasOwn(syntaxFunctions, written)) {
      return refuse(`function ${written}`);
    }
    if (!isSyntax && written === 'extract') {
      return refuse('function extract without FROM');
    }
    if (written === 'date_part') {
      throw new InputError(
        'function date_part is not allowed; use extract(part from value)',
      );
    }
    const name = isSyntax ? syntaxFunctions[written] : written;
    return call(name, args.map(inner));
  }

  /** `case x when a` is `case when x = a`. */
  private caseExpression(
    body: SqlNode,
    inner: (node: SqlNode) => Expression,
  ): Expression {
    const whens: SqlNode[] = body.args.map((arg: SqlNode) => arg.CaseWhen);
    const conditions = whens.map(when => {
      const condition = body.arg
        ? binary('=', inner(body.arg), inner(when.expr))
        : coerceUntyped(inner(when.expr), BOOLEAN);
      if (condition.type.kind !== 'boolean') {
        throw new InputError('WHEN needs a condition');
      }
      return condition;
    });
    const results = whens.map(when => inner(when.result));
    const otherwise = body.defresult ? [inner(body.defresult)] : [];
    const { expressions, type } = unify([...results, ...otherwise], 'CASE');
    return {
      op: 'case',
      branches: conditions.map((when, index) => ({
        when,
        then: expressions[index],
      })),
      ...(otherwise.length > 0 ? { otherwise: expressions[whens.length] } : {}),
      type,
    };
  }
}
