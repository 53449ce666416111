import { JsonObject } from '@backstage/types';
import {
  Expression,
  Field,
  FieldType,
  Mapping,
  ProjectedField,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { AgentRunner } from '../../agents/types';
import { conformanceRows, ConformanceRow } from './types';

/** Two versions of a dataset, the way between them, and what must come out. */
export interface Scenario {
  from: { version: string; fields: Field[]; rows: ConformanceRow[] };
  to: { version: string; fields: Field[]; rows: ConformanceRow[] };
  mapping: Mapping;
  /** Rows of the old version that must be in quarantine; none by default. */
  aside?: ConformanceRow[];
}

const INTEGER: FieldType = { kind: 'integer', bits: 32 };
const TEXT: FieldType = { kind: 'string' };
const BOOLEAN: FieldType = { kind: 'boolean' };

const field = (
  name: string,
  type: FieldType,
  rest: Partial<Field> = {},
): Field => ({ name, type, required: false, unique: false, ...rest });

const read = (name: string, type: FieldType): Expression => ({
  op: 'field',
  name,
  type,
});

const text = (value: string): Expression => ({
  op: 'literal',
  value,
  type: TEXT,
});

const join = (left: Expression, right: Expression): Expression => ({
  op: 'binary',
  operator: '||',
  left,
  right,
  type: TEXT,
});

const id = field('id', INTEGER, {
  required: true,
  unique: true,
  primaryKeyPosition: 1,
});

const flights = {
  source: [
    id,
    field('carrier', TEXT, { required: true }),
    field('delay', TEXT),
    field('origin', TEXT, { required: true }),
    field('destination', TEXT, { required: true }),
    field('note', TEXT),
    field('cancelled', BOOLEAN, { required: true }),
  ],
  target: [
    id,
    field('airline', TEXT, { required: true }),
    field('arrival_delay', INTEGER),
    field('origin', TEXT, { required: true }),
    field('destination', TEXT, { required: true }),
    field('note', TEXT),
    field('route', TEXT, { required: true }),
    field('source', TEXT, { required: true, default: 'legacy' }),
  ],
};

const flightExpressions: Record<string, Expression> = {
  id: read('id', INTEGER),
  airline: read('carrier', TEXT),
  arrival_delay: {
    op: 'cast',
    operand: read('delay', TEXT),
    type: INTEGER,
    onFailure: 'refuse',
  },
  origin: read('origin', TEXT),
  destination: read('destination', TEXT),
  note: read('note', TEXT),
  route: join(join(read('origin', TEXT), text('-')), read('destination', TEXT)),
  source: text('legacy'),
};

function project(
  fields: Field[],
  expressions: Record<string, Expression>,
): ProjectedField[] {
  return fields.map(target => ({
    field: target,
    expression: expressions[target.name],
  }));
}

function flightRow(index: number): ConformanceRow {
  return {
    id: index + 1,
    carrier: ['AA', 'UA', 'DL'][index % 3],
    delay: index % 7 === 0 ? null : String(index * 3 - 50),
    origin: ['ATL', 'SFO', 'JFK', 'ORD'][index % 4],
    destination: ['LAX', 'BOS', 'DEN'][index % 3],
    note: [null, '', `note ${index}`][index % 3],
    cancelled: index % 4 === 0,
  };
}

/** The row of the new version, computed here and not by any engine. */
export function migratedFlight(row: ConformanceRow): ConformanceRow {
  return {
    id: row.id,
    airline: row.carrier,
    arrival_delay: row.delay === null ? null : Number(row.delay),
    origin: row.origin,
    destination: row.destination,
    note: row.note,
    route: `${row.origin}-${row.destination}`,
    source: 'legacy',
  };
}

/**
 * Rename, cast, derive, add with a default and drop at once; NULL and the empty
 * text side by side. Needs a copy in every engine.
 *
 * @param options.rows - how many; {@link conformanceRows} by default
 */
export function flightsScenario(options: { rows?: number } = {}): Scenario {
  const rows = Array.from(
    { length: options.rows ?? conformanceRows },
    (_, index) => flightRow(index),
  );
  return {
    from: { version: '1.0.0', fields: flights.source, rows },
    to: {
      version: '2.0.0',
      fields: flights.target,
      rows: rows.map(migratedFlight),
    },
    mapping: {
      source: flights.source,
      target: flights.target,
      segments: [
        {
          kind: 'projection',
          fields: project(flights.target, flightExpressions),
        },
      ],
    },
  };
}

/** A rename and a new field with a constant: some engines need no copy. */
export function renameScenario(): Scenario {
  const source = [id, field('carrier', TEXT, { required: true })];
  const target = [
    id,
    field('airline', TEXT, { required: true }),
    field('source', TEXT, { required: true, default: 'legacy' }),
  ];
  const rows = flightsScenario().from.rows.map(row => ({
    id: row.id,
    carrier: row.carrier,
  }));
  return {
    from: { version: '1.0.0', fields: source, rows },
    to: {
      version: '1.1.0',
      fields: target,
      rows: rows.map(row => ({
        id: row.id,
        airline: row.carrier,
        source: 'legacy',
      })),
    },
    mapping: {
      source,
      target,
      segments: [
        { kind: 'projection', fields: project(target, flightExpressions) },
      ],
    },
  };
}

/** From the new version of {@link flightsScenario} on: another rename. */
export function nextScenario(before: Scenario): Scenario {
  const source = before.to.fields;
  const target = source
    .filter(({ name }) => name !== 'note')
    .map(old => (old.name === 'route' ? { ...old, name: 'leg' } : old));
  return {
    from: before.to,
    to: {
      version: '3.0.0',
      fields: target,
      rows: before.to.rows.map(({ note, route, ...rest }) => ({
        ...rest,
        leg: route,
      })),
    },
    mapping: {
      source,
      target,
      segments: [
        {
          kind: 'projection',
          fields: target.map(to => ({
            field: to,
            expression: read(to.name === 'leg' ? 'route' : to.name, to.type),
          })),
        },
      ],
    },
  };
}

/** The agent of {@link agentScenario}, by the name in its mapping. */
export const conformanceAgent = 'conformance-shout';

/**
 * An imperative agent between two projections: it writes carriers in capitals
 * with an exclamation mark, and counts the letters of the note.
 */
export function agentScenario(): Scenario {
  const base = flightsScenario();
  const source = flights.source;
  const output = [
    id,
    field('carrier', TEXT, { required: true }),
    field('letters', INTEGER),
    field('note', TEXT),
  ];
  const target = [
    id,
    field('shouted', TEXT, { required: true }),
    field('letters', INTEGER),
    field('note', TEXT),
  ];
  const before = [source[0], source[1], source[5]];
  return {
    from: base.from,
    to: {
      version: '2.0.0',
      fields: target,
      rows: base.from.rows.map(row => ({
        id: row.id,
        shouted: `${row.carrier}!`,
        letters: row.note === null ? null : String(row.note).length,
        note: row.note,
      })),
    },
    mapping: {
      source,
      target,
      segments: [
        {
          kind: 'projection',
          fields: before.map(kept => ({
            field: kept,
            expression: read(kept.name, kept.type),
          })),
        },
        { kind: 'agent', agent: conformanceAgent, payload: {}, output },
        {
          kind: 'projection',
          fields: target.map(to => ({
            field: to,
            expression: read(
              to.name === 'shouted' ? 'carrier' : to.name,
              to.type,
            ),
          })),
        },
      ],
    },
  };
}

/** Runs {@link conformanceAgent} as it should be run. */
export const shoutingAgents: AgentRunner = {
  async run({ batch }) {
    const rows = batch.rows.map(
      (row): JsonObject => ({
        id: row.id,
        carrier: `${row.carrier}!`,
        letters: row.note === null ? null : String(row.note).length,
        note: row.note,
      }),
    );
    return { batch: { fields: batch.fields, rows }, rowsAffected: rows.length };
  },
};
