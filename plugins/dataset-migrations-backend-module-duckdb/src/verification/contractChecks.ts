import {
  Contract,
  Field,
  VerificationReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Query } from '../process/Session';
import { Relation } from '../relations/Relation';
import { duckType } from '../sql/duckTypes';
import { ident, literal } from '../sql/quote';
import { Scope } from '../sql/Scope';
import { failsAt } from '../steps/explainFailure';
import { duplicates, uniqueKeys } from './uniqueKeys';

type ContractCheck = VerificationReport['contractChecks'][number];

interface Rule {
  rule: string;
  field: string;
  /** SQL that is true for a row that breaks it. */
  violated: string;
}

/** How many rows of a part break a rule. */
export interface BrokenRule {
  rule: string;
  field: string;
  violations: number;
}

/** What every row of a part must keep to, by the target's contract. */
export function contractRules(
  contract: Contract,
  part: Relation,
  typed: boolean,
): Rule[] {
  return contract.schema.fields.flatMap(field => rulesOf(field, part, typed));
}

/** The rules of all parts together. */
export function sumRules(parts: BrokenRule[][]): ContractCheck[] {
  const totals = new Map<string, ContractCheck>();
  for (const { rule, field, violations } of parts.flat()) {
    const key = `${rule}:${field}`;
    const total = violations + (totals.get(key)?.violations ?? 0);
    totals.set(key, { rule, field, ok: total === 0, violations: total });
  }
  return [...totals.values()];
}

function rulesOf(field: Field, part: Relation, typed: boolean): Rule[] {
  const column = part.fields.get(field.name)!;
  const rules: Rule[] = [];
  const add = (rule: string, violated: string) =>
    rules.push({ rule, field: field.name, violated });
  const read = readable(column);
  const raw = column.raw ?? read;
  if ((!typed || column.raw === undefined) && read !== raw) {
    add('type', failsAt(read));
  }
  const value = typed ? read : `TRY(${read})`;
  if (field.required) {
    add('required', `${raw} IS NULL`);
  }
  if (field.type.kind === 'string' && field.type.maxLength !== undefined) {
    add('max-length', `length(${value}) > ${field.type.maxLength}`);
  }
  if (field.enum && field.enum.length > 0) {
    const type = duckType(field.type);
    const allowed = field.enum.map(
      item => `TRY_CAST(${literal(String(item))} AS ${type})`,
    );
    add(
      'enum',
      `${value} IS NOT NULL AND NOT coalesce(${value} IN (${allowed.join(
        ', ',
      )}), FALSE)`,
    );
  }
  return rules;
}

/** A column that can only pass through is looked at as the file has it. */
function readable(column: {
  raw?: string;
  read(scope: Scope): string;
}): string {
  try {
    return column.read(new Scope());
  } catch {
    return column.raw!;
  }
}

/**
 * Holds the keys of the contract against all parts together.
 *
 * @param parts - each read as the fields of the contract
 */
export async function checkKeys(
  query: Query,
  contract: Contract,
  parts: Relation[],
): Promise<ContractCheck[]> {
  const checks: ContractCheck[] = [];
  const keys = uniqueKeys(contract.schema.fields);
  for (const [index, key] of keys.entries()) {
    const rows = parts.map(part => {
      const columns = key.map(
        field =>
          `TRY(${readable(part.fields.get(field.name)!)}) AS ${ident(
            field.name,
          )}`,
      );
      return `SELECT ${columns.join(', ')} FROM ${part.sql}`;
    });
    const [{ n }] = await query(
      `SELECT coalesce(sum(n), 0) AS n FROM (${duplicates(
        key,
        `(${rows.join(' UNION ALL ')})`,
      )})`,
    );
    const primary = index === 0 && key[0].primaryKeyPosition !== undefined;
    checks.push({
      rule: primary ? 'primary-key' : 'unique',
      field: key.map(({ name }) => name).join(', '),
      ok: Number(n) === 0,
      violations: Number(n),
    });
  }
  return checks;
}
