import {
  Field,
  Mapping,
  MappingSegment,
  ProjectedField,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  evaluateExpression,
  evaluateSetAside,
  Row,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { InputError } from '@backstage/errors';
import { EngineRun } from '../../../engine/types';
import { ConformanceRow } from '../types';
import { Fault } from './faults';

function toEvaluator(row: ConformanceRow): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'number' ? String(value) : value,
    ]),
  );
}

/** One field of the next row; `undefined` where it cannot be computed. */
export function compute(
  { field, expression }: ProjectedField,
  row: ConformanceRow,
): ConformanceRow[string] | undefined {
  try {
    const value = evaluateExpression(expression, toEvaluator(row));
    return typeof value === 'string' && field.type.kind === 'integer'
      ? Number(value)
      : value;
  } catch (error) {
    return undefined;
  }
}

function project(
  fields: ProjectedField[],
  row: ConformanceRow,
  has: (fault: Fault) => boolean,
): ConformanceRow {
  return Object.fromEntries(
    fields.map(projected => {
      const value = compute(projected, row);
      if (value === undefined) {
        const { name } = projected.field;
        throw new InputError(
          has('tells values in its errors')
            ? `${name} cannot be computed from ${JSON.stringify(row)}`
            : `${name} cannot be computed for a row`,
        );
      }
      return [projected.field.name, value];
    }),
  );
}

/** Splits rows into those that the mapping maps and those that it sets aside. */
export function splitRows(
  mapping: Mapping,
  rows: ConformanceRow[],
): { mapped: ConformanceRow[]; aside: ConformanceRow[] } {
  const isAside = (row: ConformanceRow) =>
    evaluateSetAside(mapping, toEvaluator(row)).length > 0;
  return {
    mapped: rows.filter(row => !isAside(row)),
    aside: rows.filter(isAside),
  };
}

/** Pushes rows through all segments of the run's mapping. */
export async function mapRows(
  run: Pick<EngineRun, 'mapping' | 'agents' | 'signal'>,
  rows: ConformanceRow[],
  checkpoint: string,
  has: (fault: Fault) => boolean = () => false,
): Promise<ConformanceRow[]> {
  let current = rows;
  let fields: Field[] = run.mapping.source;
  for (const segment of run.mapping.segments) {
    if (segment.kind === 'projection') {
      current = current.map(row => project(segment.fields, row, has));
      fields = segment.fields.map(({ field }) => field);
    } else {
      current = await runAgent(
        run,
        segment,
        { fields, rows: current },
        checkpoint,
        has,
      );
      fields = segment.output;
    }
  }
  return current;
}

async function runAgent(
  { agents, signal }: Pick<EngineRun, 'agents' | 'signal'>,
  { agent, payload }: Extract<MappingSegment, { kind: 'agent' }>,
  batch: { fields: Field[]; rows: ConformanceRow[] },
  checkpoint: string,
  has: (fault: Fault) => boolean,
): Promise<ConformanceRow[]> {
  if (has('runs no agent')) {
    return batch.rows.map(row => ({ letters: null, ...row }));
  }
  signal.throwIfAborted();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  const result = await Promise.race([
    agents.run({ agent, payload, batch, checkpoint, signal }),
    aborted,
  ]);
  const same = result.batch.rows.length === batch.rows.length;
  if (!same && !has('trusts agents')) {
    throw new InputError(
      `The agent ${agent} returned ${result.batch.rows.length} rows for ${batch.rows.length}`,
    );
  }
  return result.batch.rows as ConformanceRow[];
}
