import { VerificationReport } from '@skein/backstage-plugin-dataset-migrations-common';

/** What a verification found out about one schema object. */
export interface ReportOfObject {
  /** Absent where the contract has one. */
  object?: string;
  report: VerificationReport;
}

/** A report by the objects that it is about, in the order of the contract. */
export function reportsByObject(report: VerificationReport): ReportOfObject[] {
  if (!report.objects) {
    return [{ report }];
  }
  return report.objects.map(({ object, ...figures }) => {
    const own = <T extends { object?: string }>(items: T[]) =>
      items.filter(item => item.object === object);
    const mismatches = own(report.mismatches);
    const contractChecks = own(report.contractChecks);
    const columns = own(report.columns);
    return {
      object,
      report: {
        ...report,
        ...figures,
        ok:
          mismatches.length === 0 &&
          [...columns, ...contractChecks].every(({ ok }) => ok),
        mismatches,
        contractChecks,
        columns,
      },
    };
  });
}
