import { InputError } from '@backstage/errors';
import { JsonObject, JsonValue } from '@backstage/types';
import { Contract, Field, QualityRule } from '../contracts/types';
import { binary, unary } from '../expressions/operators';
import { fieldRules, isOneOf, valueOf } from './fieldRules';
import { readLimit } from './limits';
import { portablePattern } from './portablePattern';
import { readQualityQuery } from './qualityQuery';
import { ContractRule, RuleMeasure } from './types';

type LibraryRule = Extract<QualityRule, { kind: 'library' }>;

/** Rules of one contract, so that a verification stays a few passes. */
const MAX_RULES = 1_000;

/**
 * What a contract promises about the values of its rows, in a form that every
 * engine checks alike: enumerations, lengths, ranges and patterns of its fields,
 * and its `quality` rules of the kinds `library` and `sql`. Types, required
 * fields and keys are not among them, as engines know these from their stores.
 * {@link initPlanning} must have been awaited.
 *
 * @throws InputError naming the rule that cannot be checked, and why
 * @public
 */
export function contractRules(contract: Contract): ContractRule[] {
  const { fields, quality = [] } = contract.schema;
  const rules = [
    ...fields.flatMap(fieldRules),
    ...quality.map(rule => qualityRule(rule, fields)),
  ];
  if (rules.length > MAX_RULES) {
    throw new InputError(
      `the contract has ${rules.length} rules; at most ${MAX_RULES} are checked`,
    );
  }
  return rules;
}

function qualityRule(rule: QualityRule, fields: Field[]): ContractRule {
  try {
    return {
      rule: rule.name ?? titleOf(rule),
      ...(rule.field !== undefined && { field: rule.field }),
      kind: rule.kind,
      measure:
        rule.kind === 'sql'
          ? readQualityQuery(rule.query, fields, rule.field)
          : libraryMeasure(rule, fields),
      unit: unitOf(rule),
      limit: readLimit(rule.limit),
    };
  } catch (error) {
    throw error instanceof InputError
      ? new InputError(`${rule.path}: ${error.message}`)
      : error;
  }
}

/** The metric with its limit: `nullValues mustBeLessThan 5 percent`. */
function titleOf({ unit, limit, ...rule }: QualityRule): string {
  const what = rule.kind === 'sql' ? 'sql' : rule.metric;
  const value = Array.isArray(limit.value)
    ? limit.value.join(' and ')
    : String(limit.value);
  return `${what} ${limit.operator} ${value}${
    unit === 'percent' ? ' percent' : ''
  }`;
}

function unitOf({ unit = 'rows', ...rule }: QualityRule): 'rows' | 'percent' {
  if (rule.kind === 'sql') {
    // The query says what it counts.
    return 'rows';
  }
  if (unit !== 'rows' && unit !== 'percent') {
    throw new InputError(`the unit ${unit} is not known: use rows or percent`);
  }
  if (unit === 'percent' && rule.metric === 'rowCount') {
    throw new InputError('rowCount is counted in rows, not in percent');
  }
  return unit;
}

function libraryMeasure(rule: LibraryRule, fields: Field[]): RuleMeasure {
  const values = rule.arguments ?? {};
  switch (rule.metric) {
    case 'rowCount':
      if (rule.field !== undefined) {
        throw new InputError('rowCount belongs to the object, not a property');
      }
      return { kind: 'rows' };
    case 'nullValues':
      return {
        kind: 'rows',
        where: unary('is null', valueOf(fieldOf(rule, fields))),
      };
    case 'missingValues':
      return missing(fieldOf(rule, fields), values);
    case 'invalidValues':
      return invalid(fieldOf(rule, fields), values);
    case 'duplicateValues':
      return { kind: 'duplicates', fields: duplicated(rule, fields) };
    default:
      throw new InputError(`the metric ${rule.metric} is not known`);
  }
}

function fieldOf(rule: LibraryRule, fields: Field[]): Field {
  const field = fields.find(({ name }) => name === rule.field);
  if (!field) {
    throw new InputError(`${rule.metric} belongs to a property`);
  }
  return field;
}

/** Without a list, NULL is what is missing. */
function missing(field: Field, { missingValues }: JsonObject): RuleMeasure {
  const values = missingValues === undefined ? [null] : listOf(missingValues);
  const written = values.filter(value => value !== null);
  const isMissing = isOneOf(field, written);
  return {
    kind: 'rows',
    where: values.includes(null)
      ? binary('or', unary('is null', valueOf(field)), isMissing)
      : isMissing,
  };
}

function invalid(
  field: Field,
  { validValues, pattern }: JsonObject,
): RuleMeasure {
  if ((validValues === undefined) === (pattern === undefined)) {
    throw new InputError(
      'invalidValues needs either arguments.validValues or arguments.pattern',
    );
  }
  if (validValues !== undefined) {
    return {
      kind: 'rows',
      where: unary('not', isOneOf(field, listOf(validValues))),
    };
  }
  if (typeof pattern !== 'string' || field.type.kind !== 'string') {
    throw new InputError('arguments.pattern must be a text, of a text field');
  }
  return {
    kind: 'unmatched',
    field: field.name,
    pattern: portablePattern(pattern),
  };
}

function duplicated(rule: LibraryRule, fields: Field[]): string[] {
  if (rule.field !== undefined) {
    return [rule.field];
  }
  const named = listOf(rule.arguments?.properties).map(String);
  const unknown = named.find(
    name => !fields.some(field => field.name === name),
  );
  if (named.length === 0 || unknown !== undefined) {
    throw new InputError(
      unknown === undefined
        ? 'duplicateValues of the object needs arguments.properties'
        : `there is no property ${unknown}`,
    );
  }
  return named;
}

function listOf(values: JsonValue | undefined): JsonValue[] {
  if (!Array.isArray(values)) {
    throw new InputError('the arguments need a list of values');
  }
  return values as JsonValue[];
}
