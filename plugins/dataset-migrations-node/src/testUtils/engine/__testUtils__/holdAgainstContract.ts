import {
  Contract,
  Field,
  VerificationReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  checkContractRules,
  evaluateExpression,
  Row,
  RowMeasurer,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { ConformanceRow } from '../types';

type Measure = Parameters<RowMeasurer['together']>[0][number];

/** Required fields by themselves, the other rules by the common package. */
export async function holdAgainstContract(
  contract: Contract,
  rows: ConformanceRow[],
): Promise<VerificationReport['contractChecks']> {
  const found = rows.map(asRow);
  const rules = await checkContractRules(contract, {
    together: async measures => ({
      rows: found.length,
      measured: measures.map(measure => measureRows(measure, found)),
    }),
    // The kit has no rules that need more than one row.
    alone: async () => null,
  });
  return [...requiredFields(contract.schema.fields, rows), ...rules];
}

function requiredFields(
  fields: Field[],
  rows: ConformanceRow[],
): VerificationReport['contractChecks'] {
  return fields
    .filter(({ required }) => required)
    .map(({ name }) => {
      const violations = rows.filter(row => row[name] === null).length;
      return {
        rule: 'required',
        field: name,
        ok: violations === 0,
        violations,
      };
    });
}

function measureRows(measure: Measure, rows: Row[]): number | null {
  if (measure.kind !== 'rows') {
    return null;
  }
  const { where } = measure;
  return where
    ? rows.filter(row => evaluateExpression(where, row) === true).length
    : rows.length;
}

function asRow(row: ConformanceRow): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'number' ? String(value) : value,
    ]),
  );
}
