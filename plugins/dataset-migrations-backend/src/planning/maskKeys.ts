import {
  Contract,
  Field,
  Mapping,
  VerificationReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { MASK, maskedFields } from './maskPreview';

/**
 * A report without the keys of rows, where one of the fields that engines tell
 * rows by is masked in a preview (G11). What differs, and in how many rows, stays.
 */
export function maskKeys(
  report: VerificationReport,
  mapping: Mapping,
  contracts: { from: Contract; to: Contract },
): VerificationReport {
  const hidden = maskedFields(mapping, contracts);
  const { from, to } = contracts;
  if (
    !mayTell(from.schema.fields, hidden.before) &&
    !mayTell(to.schema.fields, hidden.after)
  ) {
    return report;
  }
  return {
    ...report,
    mismatches: report.mismatches.map(mismatch => ({
      ...mismatch,
      ranges: mismatch.ranges.length > 0 ? [MASK] : [],
    })),
  };
}

/**
 * Whether a hidden field may be part of what rows are told by: the primary key,
 * or, where the contract declares none, any key that the store itself has.
 */
function mayTell(fields: Field[], hidden: string[]): boolean {
  const key = fields.filter(field => field.primaryKeyPosition !== undefined);
  return (key.length > 0 ? key : fields).some(({ name }) =>
    hidden.includes(name),
  );
}
