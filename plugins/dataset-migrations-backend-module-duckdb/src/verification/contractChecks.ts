import {
  Contract,
  Field,
  VerificationReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Query } from '../process/Session';
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

/**
 * Holds what was written against the target's contract, part by part, and its
 * keys over all parts.
 *
 * @param parts - each read as the fields of the contract
 */
export async function checkContract(
  query: Query,
  contract: Contract,
  parts: Relation[],
  typed: boolean,
): Promise<ContractCheck[]> {
  const totals = new Map<string, ContractCheck>();
  for (const part of parts) {
    const rules = contract.schema.fields.flatMap(field =>
      rulesOf(field, part, typed),
    );
    if (rules.length === 0) {
      break;
    }
    const counts = rules.map(
      ({ violated }, index) =>
        `count(*) FILTER (WHERE ${violated}) AS r${index}`,
    );
    const [found] = await query(`SELECT ${counts.join(', ')} FROM ${part.sql}`);
    rules.forEach(({ rule, field }, index) => {
      const key = `${rule}:${field}`;
      const before = totals.get(key)?.violations ?? 0;
      const violations = before + Number(found[`r${index}`]);
      totals.set(key, { rule, field, ok: violations === 0, violations });
    });
  }
  return [
    ...totals.values(),
    ...(await checkRules(query, contract, parts)),
    ...(await checkKeys(query, contract, parts)),
  ];
}

function rulesOf(field: Field, part: Relation, typed: boolean): Rule[] {
  const column = part.fields.get(field.name)!;
  const raw = column.raw!;
  const rules: Rule[] = [];
  const add = (rule: string, violated: string) =>
    rules.push({ rule, field: field.name, violated });
  const read = readable(column);
  if (!typed && read !== raw) {
    add('type', failsAt(read));
  }
  if (field.required) {
    add('required', `${raw} IS NULL`);
  }
  return rules;
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
