import { VerificationReport } from '@skein/backstage-plugin-dataset-migrations-common';

/** What a verification found out about one schema object. */
export interface ReportOfObject {
  /** Absent where the contract has one. */
  object?: string;
  report: Omit<VerificationReport, 'ok' | 'seconds' | 'objects'>;
}

/** A report by the objects that it is about, in the order of the contract. */
export function reportsByObject(report: VerificationReport): ReportOfObject[] {
  if (!report.objects) {
    return [{ report }];
  }
  return report.objects.map(({ object, ...figures }) => {
    const own = <T extends { object?: string }>(items: T[]) =>
      items.filter(item => item.object === object);
    return {
      object,
      report: {
        ...figures,
        mismatches: own(report.mismatches),
        contractChecks: own(report.contractChecks),
        columns: own(report.columns),
      },
    };
  });
}
