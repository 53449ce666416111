import { VerificationReport } from '@skein/backstage-plugin-dataset-migrations-common';

/** What an engine found out about one schema object. */
export interface ObjectReport {
  /** Absent where the contract has one. */
  object?: string;
  report: VerificationReport;
}

/** One report on all objects: sums, and all that was found out with its object. */
export function combineReports(reports: ObjectReport[]): VerificationReport {
  const [{ object, report }] = reports;
  if (object === undefined) {
    return report;
  }
  const all = reports.map(item => item.report);
  const sum = (numberOf: (item: VerificationReport) => number) =>
    all.reduce((total, item) => total + numberOf(item), 0);
  return {
    ok: all.every(item => item.ok),
    sourceRows: sum(item => item.sourceRows),
    targetRows: sum(item => item.targetRows),
    sourceChecksum: all.map(item => item.sourceChecksum).join(' '),
    targetChecksum: all.map(item => item.targetChecksum).join(' '),
    objects: reports.map(item => ({
      object: item.object!,
      sourceRows: item.report.sourceRows,
      targetRows: item.report.targetRows,
      sourceChecksum: item.report.sourceChecksum,
      targetChecksum: item.report.targetChecksum,
      setAside: item.report.setAside,
    })),
    columns: ofAll(reports, item => item.columns),
    mismatches: ofAll(reports, item => item.mismatches),
    contractChecks: ofAll(reports, item => item.contractChecks),
    seconds: sum(item => item.seconds),
  };
}

function ofAll<T extends object>(
  reports: ObjectReport[],
  listOf: (report: VerificationReport) => T[],
): Array<T & { object?: string }> {
  return reports.flatMap(({ object, report }) =>
    listOf(report).map(item => ({ object, ...item })),
  );
}
