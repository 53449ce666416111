import { createHash } from 'crypto';
import {
  Field,
  VerificationMismatch,
  VerificationReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { ConformanceRow } from '../types';
import { Fault } from './faults';

const show = (value: unknown) => JSON.stringify(value ?? null);

function partsOf(
  rows: ConformanceRow[],
  has: (fault: Fault) => boolean,
): string[] {
  if (has('counts rows only')) {
    return [String(rows.length)];
  }
  const spell = (value: unknown) =>
    show(has('takes NULL for empty') ? value ?? '' : value);
  if (has('adds up columns only')) {
    return Object.keys(rows[0] ?? {}).map(name =>
      rows
        .map(row => spell(row[name]))
        .sort()
        .join(),
    );
  }
  return rows.map(row =>
    Object.keys(row)
      .sort()
      .map(name => spell(row[name]))
      .join(),
  );
}

function checksum(rows: ConformanceRow[], has: (fault: Fault) => boolean) {
  const parts = partsOf(rows, has);
  return createHash('sha256').update(parts.sort().join('\n')).digest('hex');
}

/** Compares by key, row by row: slow, and as plain as can be. */
export function compare(
  expected: ConformanceRow[],
  actual: ConformanceRow[],
  fields: Field[],
  has: (fault: Fault) => boolean,
): VerificationReport {
  const [sourceChecksum, targetChecksum] = [expected, actual].map(rows =>
    checksum(rows, has),
  );
  const same =
    expected.length === actual.length && sourceChecksum === targetChecksum;
  const mismatches =
    same || has('verifies blindly')
      ? []
      : differences(expected, actual, fields);
  if (has('names no ranges')) {
    mismatches.forEach(mismatch => mismatch.ranges.splice(0));
  }
  return {
    ok: same || has('verifies blindly'),
    sourceRows: expected.length,
    targetRows: actual.length,
    sourceChecksum,
    targetChecksum: has('verifies blindly') ? sourceChecksum : targetChecksum,
    columns: fields.map(({ name }) => ({
      name,
      ok: !mismatches.some(({ column }) => column === name),
    })),
    mismatches,
    contractChecks: [],
    seconds: 0,
  };
}

function differences(
  expected: ConformanceRow[],
  actual: ConformanceRow[],
  fields: Field[],
): VerificationMismatch[] {
  const ids = [...new Set([...expected, ...actual].map(({ id }) => id))];
  const of = (rows: ConformanceRow[], id: unknown) =>
    rows.filter(row => row.id === id);
  const range = (found: unknown[]) => found.map(id => `id ${id}..${id}`);
  const miscounted = ids.filter(
    id => of(expected, id).length !== of(actual, id).length,
  );
  const byColumn = fields.map(({ name }) => ({
    name,
    wrong: ids.filter(
      id =>
        !miscounted.includes(id) &&
        show(of(expected, id)[0][name]) !== show(of(actual, id)[0][name]),
    ),
  }));
  return [
    ...(miscounted.length > 0
      ? [{ ranges: range(miscounted), message: 'Rows are missing or doubled' }]
      : []),
    ...byColumn
      .filter(({ wrong }) => wrong.length > 0)
      .map(({ name, wrong }) => ({
        column: name,
        ranges: range(wrong),
        message: `${name} differs`,
      })),
  ];
}
