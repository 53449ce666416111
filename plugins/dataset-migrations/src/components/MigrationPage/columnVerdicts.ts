import { VerificationReport } from '@skein/backstage-plugin-dataset-migrations-common';

type Mismatch = VerificationReport['mismatches'][number];
type ContractCheck = VerificationReport['contractChecks'][number];

/** All that a verification found out about one column. */
export interface ColumnVerdict {
  name: string;
  /** Whether the digests of old and new version are equal. */
  agrees: boolean;
  mismatches: Mismatch[];
  checks: ContractCheck[];
}

/** What a verification found out, by column. */
export interface VerdictsByColumn {
  /** Columns with something wrong first, else in the order of the version. */
  columns: ColumnVerdict[];
  /** What is of no single column: numbers of rows, keys of several columns. */
  mismatches: Mismatch[];
  checks: ContractCheck[];
}

/** Sorts differences and broken rules to the columns that they are about. */
export function columnVerdicts(
  report: Pick<VerificationReport, 'columns' | 'mismatches' | 'contractChecks'>,
): VerdictsByColumn {
  const names = new Set(report.columns.map(({ name }) => name));
  const ofNone = (name: string | undefined) =>
    name === undefined || !names.has(name);
  const columns = report.columns.map(({ name, ok }): ColumnVerdict => {
    return {
      name,
      agrees: ok,
      mismatches: report.mismatches.filter(item => item.column === name),
      checks: report.contractChecks.filter(item => item.field === name),
    };
  });
  return {
    columns: columns.sort((a, b) => Number(isSound(a)) - Number(isSound(b))),
    mismatches: report.mismatches.filter(item => ofNone(item.column)),
    checks: report.contractChecks.filter(item => ofNone(item.field)),
  };
}

function isSound({ agrees, mismatches, checks }: ColumnVerdict): boolean {
  return agrees && mismatches.length === 0 && checks.every(({ ok }) => ok);
}
