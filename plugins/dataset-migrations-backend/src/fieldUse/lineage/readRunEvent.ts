import { InputError } from '@backstage/errors';
import { JsonObject, JsonValue } from '@backstage/types';
import { storableText } from '../../datasets/storableJson';

const MAX_DATASETS = 1_000;
const MAX_FIELDS = 20_000;
/** Characters of a name. */
const MAX_NAME = 1_000;
/** Of job and run together: an entry of an index has room for 2,704 with the refs. */
const MAX_KEY_BYTES = 2_000;
/** Clocks differ; an event of tomorrow would win over all of today. */
const MAX_AHEAD_MS = 10 * 60 * 1000;

/** A dataset as OpenLineage names it. */
interface LineageDataset {
  namespace: string;
  name: string;
}

/** What a run event says about the columns that a run read. */
export interface RunEvent {
  /** Of the job. */
  namespace: string;
  /** Its namespace and its name, with a slash between them. */
  job: string;
  runId: string;
  eventTime: Date;
  /** Why it says nothing of columns; absent when it does. */
  silent?: string;
  /** How the run ended by this event; absent while it goes on. */
  outcome?: 'complete' | 'failed';
  /** Whether all of its outputs, of which there is one, say of what columns they are. */
  whole: boolean;
  /**
   * Whether it tells of columns that outputs are not made of, but hang on. Some
   * clients never do.
   */
  tellsFilters: boolean;
  inputs: LineageDataset[];
  columns: Array<LineageDataset & { column: string }>;
  /** What it says of each output, and of the columns that their values come from. */
  outputs: OutputColumns[];
}

interface OutputColumns extends LineageDataset {
  columns: Array<{ column: string; inputs: InputColumn[] }>;
}

/** A column that values of an output come from. */
export interface InputColumn extends LineageDataset {
  column: string;
  /** Whether it is said that the value is computed, not taken over as it is. */
  computed: boolean;
}

/**
 * Reads an OpenLineage run event: its inputs, and the columns of inputs that the
 * `columnLineage` facets of its outputs name, for single columns of the output and
 * for all of it (filters, joins, orders).
 *
 * @throws InputError naming path and value of what is no run event
 */
export function readRunEvent(body: unknown, now = new Date()): RunEvent {
  const event = objectAt(body, 'the event');
  const job = objectAt(event.job, 'job');
  const run = objectAt(event.run, 'run');
  const eventTime = timeAt(event.eventTime, 'eventTime', now);
  const outputs = listAt(event.outputs, 'outputs');
  const facets = outputs.flatMap((output, index) => {
    const path = `outputs[${index}].facets.columnLineage`;
    const { columnLineage } = optionalObject(
      objectAt(output, `outputs[${index}]`).facets,
      `outputs[${index}].facets`,
    );
    const facet =
      columnLineage === undefined ? {} : objectAt(columnLineage, path);
    return columnLineage === undefined || facet._deleted === true
      ? []
      : [{ path, facet, output, at: `outputs[${index}]` }];
  });
  const columns = facets.flatMap(({ facet, path }) => columnsOf(facet, path));
  if (columns.length > MAX_FIELDS) {
    throw new InputError(`The event names more than ${MAX_FIELDS} columns`);
  }
  const silent = silence(event.eventType, {
    outputs: outputs.length,
    facets: facets.length,
  });
  const outcome = outcomeOf(event.eventType);
  const namespace = nameAt(job.namespace, 'job.namespace');
  return {
    namespace,
    ...keyAt(
      `${namespace}/${nameAt(job.name, 'job.name')}`,
      nameAt(run.runId, 'run.runId'),
    ),
    eventTime,
    ...(silent === undefined ? {} : { silent }),
    ...(outcome === undefined ? {} : { outcome }),
    whole: facets.length > 0 && facets.length === outputs.length,
    tellsFilters: facets.some(({ facet }) => tellsFilters(facet)),
    inputs: listAt(event.inputs, 'inputs').map((input, index) =>
      datasetAt(input, `inputs[${index}]`),
    ),
    columns,
    outputs: facets.map(({ facet, path, output, at }) => ({
      ...datasetAt(output, at),
      columns: outputColumnsOf(facet, path),
    })),
  };
}

/**
 * A run that failed may not have read what it was to read. One that does not tell of all
 * that it wrote would seem to have stopped reading what went there.
 */
function silence(
  type: JsonValue | undefined,
  count: { outputs: number; facets: number },
): string | undefined {
  if (type === 'FAIL' || type === 'ABORT') {
    return `its eventType is ${type}`;
  }
  if (count.facets === 0) {
    return 'no output has a columnLineage facet';
  }
  return count.facets < count.outputs
    ? `${count.outputs - count.facets} of ${
        count.outputs
      } outputs have no columnLineage facet`
    : undefined;
}

function outcomeOf(type: JsonValue | undefined): RunEvent['outcome'] {
  if (type === 'COMPLETE') {
    return 'complete';
  }
  return type === 'FAIL' || type === 'ABORT' ? 'failed' : undefined;
}

/**
 * Columns of filters, joins and orders are in a list of their own, or among those of
 * every output as indirect ones, depending on how the client is set up.
 */
function tellsFilters({ fields, dataset }: JsonObject): boolean {
  return (
    Array.isArray(dataset) ||
    Object.values(partOf(fields)).some(field =>
      itemsOf(partOf(field).inputFields).some(input =>
        itemsOf(partOf(input).transformations).some(
          transformation => partOf(transformation).type === 'INDIRECT',
        ),
      ),
    )
  );
}

function itemsOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Which run an event is of, as far as it can be told; for the audit of any event. */
export function runOf(body: unknown): { job?: string; runId?: string } {
  const { job, run } = partOf(body);
  const { namespace, name } = partOf(job);
  const { runId } = partOf(run);
  const text = (value: unknown) =>
    typeof value === 'string' ? value.slice(0, MAX_NAME) : undefined;
  const [space, title, id] = [namespace, name, runId].map(text);
  return {
    ...(space !== undefined && title !== undefined
      ? { job: `${space}/${title}` }
      : {}),
    ...(id === undefined ? {} : { runId: id }),
  };
}

function partOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)
    : {};
}

function columnsOf(facet: JsonObject, path: string): RunEvent['columns'] {
  const fields = optionalObject(facet.fields, `${path}.fields`);
  const lists = Object.entries(fields).map(([name, value]) => {
    const at = `${path}.fields[${JSON.stringify(name.slice(0, 100))}]`;
    return { at, list: objectAt(value, at).inputFields };
  });
  return [
    ...lists.map(({ at, list }) => ({ at: `${at}.inputFields`, list })),
    { at: `${path}.dataset`, list: facet.dataset },
  ].flatMap(({ at, list }) =>
    listAt(list, at).map((item, index) => ({
      ...datasetAt(item, `${at}[${index}]`),
      column: nameAt(
        objectAt(item, `${at}[${index}]`).field,
        `${at}[${index}].field`,
      ),
    })),
  );
}

/** Columns that only decide which rows there are, or in what order, are left out. */
function outputColumnsOf(
  facet: JsonObject,
  path: string,
): OutputColumns['columns'] {
  const fields = optionalObject(facet.fields, `${path}.fields`);
  return Object.entries(fields).map(([column, value]) => {
    const at = `${path}.fields[${JSON.stringify(column.slice(0, 100))}]`;
    return {
      column: nameAt(column, at),
      inputs: listAt(objectAt(value, at).inputFields, `${at}.inputFields`)
        .map((input, index) =>
          inputColumnAt(input, `${at}.inputFields[${index}]`),
        )
        .filter(input => input !== undefined),
    };
  });
}

function inputColumnAt(
  value: JsonValue,
  path: string,
): InputColumn | undefined {
  const { field, transformations } = objectAt(value, path);
  const input = {
    ...datasetAt(value, path),
    column: nameAt(field, `${path}.field`),
  };
  const steps = listAt(transformations, `${path}.transformations`).map(
    (step, index) => objectAt(step, `${path}.transformations[${index}]`),
  );
  if (steps.length > 0 && steps.every(({ type }) => type === 'INDIRECT')) {
    return undefined;
  }
  const isComputed = ({ subtype, masking }: JsonObject) =>
    subtype === 'TRANSFORMATION' ||
    subtype === 'AGGREGATION' ||
    masking === true;
  return {
    ...input,
    computed:
      steps.length > 0 &&
      steps.every(step => step.type === 'INDIRECT' || isComputed(step)),
  };
}

function datasetAt(value: JsonValue | undefined, path: string): LineageDataset {
  const { namespace, name } = objectAt(value, path);
  return {
    namespace: nameAt(namespace, `${path}.namespace`),
    name: nameAt(name, `${path}.name`),
  };
}

function objectAt(value: unknown, path: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InputError(`${path} must be an object, not ${shown(value)}`);
  }
  return value as JsonObject;
}

function optionalObject(value: unknown, path: string): JsonObject {
  return value === undefined || value === null ? {} : objectAt(value, path);
}

function listAt(value: JsonValue | undefined, path: string): JsonValue[] {
  if (value === undefined || value === null) {
    return [];
  }
  if (!Array.isArray(value)) {
    throw new InputError(`${path} must be a list, not ${shown(value)}`);
  }
  if (value.length > MAX_DATASETS) {
    throw new InputError(
      `${path} must have at most ${MAX_DATASETS} items, not ${value.length}`,
    );
  }
  return value;
}

function nameAt(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '' || value.length > MAX_NAME) {
    throw new InputError(
      `${path} must be a text of 1 to ${MAX_NAME} characters, not ${shown(
        value,
      )}`,
    );
  }
  return value;
}

/** Of which run it is; what characters become in the database is what counts. */
function keyAt(job: string, runId: string): { job: string; runId: string } {
  const bytes = Buffer.byteLength([job, runId].map(storableText).join(''));
  if (bytes > MAX_KEY_BYTES) {
    const name = shown(job);
    throw new InputError(
      `job and run.runId must have at most ${MAX_KEY_BYTES} bytes together, not ${bytes}: the job is ${name}`,
    );
  }
  return { job, runId };
}

function timeAt(value: unknown, path: string, now: Date): Date {
  const time =
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)
      ? new Date(value)
      : new Date(NaN);
  if (Number.isNaN(time.getTime())) {
    throw new InputError(
      `${path} must be a time as 2026-01-31T12:00:00Z, not ${shown(value)}`,
    );
  }
  if (time.getTime() > now.getTime() + MAX_AHEAD_MS) {
    throw new InputError(`${path} ${shown(value)} is in the future`);
  }
  return time;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
