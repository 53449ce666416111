import {
  Contract,
  Field,
  VerificationReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Query } from '../process/Session';
import { contractRules } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { Relation } from '../relations/Relation';
import { ident } from '../sql/quote';
import { failsAt } from '../steps/explainFailure';
import { checkRules } from './contractRules';
import { readable } from './readable';
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
export function rowRules(
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
  if (field.required) {
    add('required', `${raw} IS NULL`);
  }
  return rules;
}

/** Whether the contract says anything that no part tells by itself. */
export function hasWholeRules(contract: Contract): boolean {
  return (
    uniqueKeys(contract.schema.fields).length > 0 ||
    contractRules(contract).length > 0
  );
}

/**
 * Holds what the contract says of values, and its keys, against all parts
 * together.
 *
 * @param parts - each read as the fields of the contract
 */
export async function checkWhole(
  query: Query,
  contract: Contract,
  parts: Relation[],
): Promise<ContractCheck[]> {
  return [
    ...(await checkRules(query, contract, parts)),
    ...(await checkKeys(query, contract, parts)),
  ];
}

async function checkKeys(
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
      rule: primary ? 'primaryKey' : 'unique',
      field: key.map(({ name }) => name).join(', '),
      ok: Number(n) === 0,
      violations: Number(n),
    });
  }
  return checks;
}
