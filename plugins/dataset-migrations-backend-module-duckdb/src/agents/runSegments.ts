import { randomUUID } from 'crypto';
import { open, rm } from 'fs/promises';
import path from 'path';
import { InputError } from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import {
  Field,
  Mapping,
  MappingSegment,
  ProjectedField,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { AgentRunner } from '@skein/backstage-plugin-dataset-migrations-node';
import { ROW } from '../formats/Format';
import { Session } from '../process/Session';
import { untilAborted } from '../process/untilAborted';
import { projectFields } from '../relations/projectFields';
import { Relation, withoutRaw } from '../relations/Relation';
import { spell } from '../relations/spell';
import { ident, literal, pathLiteral } from '../sql/quote';
import { fromBatchValue, toBatchValue } from './batchValues';
import { stagedLine, stagedRelation } from './stagedRelation';

/** Rows that an agent gets at a time; more would only fill the worker's memory. */
const BATCH_ROWS = 5_000;

type AgentSegment = Extract<MappingSegment, { kind: 'agent' }>;

/** What the imperative agents of a mapping are run with. */
export interface AgentWork {
  session: Session;
  agents: AgentRunner;
  /** What the rows are called in an agent's checkpoint: `chunk 3`. */
  slice: string;
}

/** The last projection of a mapping, which yields the target. */
export function finalProjection(mapping: Mapping): ProjectedField[] {
  const last = mapping.segments[mapping.segments.length - 1];
  if (last?.kind !== 'projection') {
    throw new InputError('A mapping must end with a projection');
  }
  return last.fields;
}

/** Whether a mapping has imperative agents. */
export function hasAgents(mapping: Mapping): boolean {
  return mapping.segments.some(({ kind }) => kind === 'agent');
}

/**
 * Runs everything of a mapping that comes before its last projection, and lends
 * the rows to which that is applied. Purely declarative mappings lend the
 * source itself.
 */
export async function withSegments<T>(
  mapping: Mapping,
  source: Relation,
  work: AgentWork,
  use: (relation: Relation) => Promise<T>,
): Promise<T> {
  const staged: string[] = [];
  const newFile = (ending: string) => {
    const file = path.join(work.session.temp, `${randomUUID()}.${ending}`);
    staged.push(file);
    return file;
  };
  try {
    let relation = source;
    let projection: ProjectedField[] | undefined;
    for (const segment of mapping.segments.slice(0, -1)) {
      if (segment.kind === 'projection') {
        projection = segment.fields;
        continue;
      }
      const input = newFile('parquet');
      const output = newFile('ndjson');
      const fields = projection ?? identity(relation);
      await work.session.query(copyInput(relation, fields, input));
      await runAgent(segment, fields, work, input, output);
      relation = stagedRelation(output, segment.output);
      projection = undefined;
    }
    return await use(relation);
  } finally {
    await Promise.all(staged.map(file => rm(file, { force: true })));
  }
}

/** Stages the rows that an agent gets, as texts in the order of the source. */
function copyInput(
  relation: Relation,
  projection: ProjectedField[],
  file: string,
): string {
  const columns = projectFields(withoutRaw(relation), projection).map(
    ({ field, sql }, index) =>
      `${spell(sql, field.type)} AS ${ident(`c${index}`)}`,
  );
  return `COPY (SELECT ${[ident(ROW), ...columns].join(', ')} FROM ${
    relation.sql
  }) TO ${literal(file)} (FORMAT parquet)`;
}

/** Pushes every row through one agent, batch by batch, from file to file. */
async function runAgent(
  segment: AgentSegment,
  projection: ProjectedField[],
  { session, agents, slice }: AgentWork,
  input: string,
  output: string,
): Promise<void> {
  const fields = projection.map(({ field }) => field);
  const row = ident(ROW);
  const handle = await open(output, 'wx');
  try {
    for (let from = 0; ; from += BATCH_ROWS) {
      session.signal.throwIfAborted();
      const found = await session.query(
        `SELECT * FROM read_parquet(${pathLiteral(
          input,
        )}) WHERE ${row} >= ${from} AND ${row} < ${
          from + BATCH_ROWS
        } ORDER BY ${row}`,
      );
      if (found.length === 0) {
        return;
      }
      const result = await untilAborted(
        session.signal,
        agents.run({
          agent: segment.agent,
          payload: segment.payload,
          batch: { fields, rows: found.map(item => toBatchRow(item, fields)) },
          checkpoint: `${slice}, row ${from}`,
          signal: session.signal,
        }),
      );
      const { rows } = result.batch;
      if (rows.length !== found.length) {
        throw new InputError(
          `The agent ${segment.agent} returned ${rows.length} rows for ${found.length}`,
        );
      }
      const lines = rows.map((item, index) =>
        stagedLine(from + index, toTexts(item, segment.output)),
      );
      await handle.write(lines.join(''));
    }
  } finally {
    await handle.close();
  }
}

function identity(relation: Relation): ProjectedField[] {
  return [...relation.fields.values()].map(({ field }) => ({
    field,
    expression: { op: 'field', name: field.name, type: field.type },
  }));
}

function toBatchRow(row: Record<string, unknown>, fields: Field[]): JsonObject {
  return Object.fromEntries(
    fields.map((field, index) => [
      field.name,
      toBatchValue(row[`c${index}`] as string | null, field.type),
    ]),
  );
}

function toTexts(row: JsonObject, fields: Field[]): Array<string | null> {
  return fields.map(field =>
    fromBatchValue(row[field.name], field.type, field.name),
  );
}
