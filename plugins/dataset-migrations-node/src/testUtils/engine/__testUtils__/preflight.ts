import { PreflightFinding } from '@skein/backstage-plugin-dataset-migrations-common';
import { Engine, EnginePreflight } from '../../../engine/types';
import { ConformanceRow } from '../types';
import { compute, splitRows } from './rows';

/** Computes every field of every row and looks at what comes out. */
export function preflightRows(
  all: ConformanceRow[],
  { mapping, samples }: Parameters<Engine['preflight']>[0],
): EnginePreflight {
  const { mapped: rows, aside } = splitRows(mapping, all);
  const [first] = mapping.segments;
  const projection = first.kind === 'projection' ? first.fields : [];
  const findings: PreflightFinding[] = [];
  const add = (
    kind: string,
    field: string,
    count: number,
    values: string[] = [],
  ) => {
    if (count > 0) {
      findings.push({
        kind,
        field,
        rows: count,
        message: `${kind} in ${field}`,
        samples: [...new Set(values)].slice(0, samples),
      });
    }
  };
  for (const { field } of mapping.setAside ?? []) {
    add(
      'rows-set-aside',
      field,
      aside.length,
      aside.map(row => String(row[field])),
    );
  }
  for (const projected of projection) {
    const { field, expression } = projected;
    const values = rows.map(row => compute(projected, row));
    const failing = rows.filter((_, index) => values[index] === undefined);
    const operand =
      expression.op === 'cast' && expression.operand.op === 'field'
        ? expression.operand.name
        : field.name;
    add(
      'cast-fails',
      field.name,
      failing.length,
      failing.map(row => String(row[operand])),
    );
    if (field.required) {
      add(
        'not-null-violated',
        field.name,
        values.filter(value => value === null).length,
      );
    }
    if (field.unique) {
      const twice = values.filter(
        (value, index) =>
          value !== null &&
          value !== undefined &&
          values.indexOf(value) < index,
      );
      add('duplicate-key', field.name, twice.length, twice.map(String));
    }
  }
  return { rowsScanned: all.length, findings };
}
