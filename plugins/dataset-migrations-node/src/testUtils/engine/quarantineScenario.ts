import {
  Expression,
  MappingSegment,
  SetAside,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { flightsScenario, migratedFlight, Scenario } from './scenario';
import { ConformanceRow } from './types';

type Cast = Extract<Expression, { op: 'cast' }>;

/** Whether {@link quarantineScenario} sets a row aside. */
const isAside = ({ id }: ConformanceRow) => Number(id) % 9 === 0;

/**
 * As {@link flightsScenario}, but the delay of every ninth row is no number, and
 * such rows are set aside.
 */
export function quarantineScenario(options: { rows?: number } = {}): Scenario {
  const clean = flightsScenario(options);
  const rows = clean.from.rows.map(row =>
    isAside(row) ? { ...row, delay: `late by ${row.id}` } : row,
  );
  const setAside: SetAside[] = [];
  return {
    from: { ...clean.from, rows },
    to: {
      ...clean.to,
      rows: rows.filter(row => !isAside(row)).map(migratedFlight),
    },
    mapping: {
      ...clean.mapping,
      segments: clean.mapping.segments.map(segment =>
        quarantining(segment, setAside),
      ),
      setAside,
    },
    aside: rows.filter(isAside),
  };
}

/** The segment with casts that set rows aside, which are noted. */
function quarantining(
  segment: MappingSegment,
  noted: SetAside[],
): MappingSegment {
  return segment.kind === 'agent'
    ? segment
    : {
        ...segment,
        fields: segment.fields.map(({ field, expression }) => {
          if (expression.op !== 'cast') {
            return { field, expression };
          }
          const cast: Cast = { ...expression, onFailure: 'quarantine' };
          noted.push(setAsideBy(cast));
          return { field, expression: cast };
        }),
      };
}

function setAsideBy(cast: Cast): SetAside {
  const { operand: value, type } = cast;
  const is = (
    operator: 'is null' | 'is not null',
    operand: Expression,
  ): Expression => ({
    op: 'unary',
    operator,
    operand,
    type: { kind: 'boolean' },
  });
  return {
    field: 'delay',
    value,
    type,
    condition: {
      op: 'binary',
      operator: 'and',
      left: is('is not null', value),
      right: is('is null', cast),
      type: { kind: 'boolean' },
    },
  };
}
