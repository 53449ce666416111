import {
  Field,
  FieldType,
  Mapping,
  VerificationMismatch,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  checkRoundTrip,
  evaluateMapping,
  evaluateSetAside,
  fieldsBroughtBack,
  Row,
  RowValue,
  sameValue,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { Session } from '../connection/Session';
import { emitExpression } from '../emit/emitExpression';
import { emitProjection, soleProjection } from '../emit/projection';
import { ident } from '../connection/sql';
import { prepared } from '../connection/prepared';
import { AsideSql, asideSql } from '../quarantine/setAside';
import { inBlocks, partsOf } from '../table/extents';
import { primaryKey } from '../table/keys';
import { sourceColumns } from '../table/layout';
import { treeOf } from '../table/readPartitions';
import { condense } from './ranges';

/** Blocks that are looked into, spread over the table, and rows of each. */
const BLOCKS = 40;
const ROWS_PER_BLOCK = 5;

/**
 * Both checksums share the emitted mapping, so a wrong one passes them. Here a
 * sample of rows is computed again by the evaluator of the common package,
 * which shares no code with the emitter; and the rows that come out are mapped
 * back and forth again by it, where the mapping has an inverse.
 *
 * @param table - quoted name of the source
 */
export async function checkSample(
  session: Session,
  table: string,
  mapping: Mapping,
  columns: ReadonlyArray<{ name: string; type: string }>,
): Promise<VerificationMismatch[]> {
  const scope = {
    relation: 'source',
    columns: sourceColumns(mapping.source, columns),
  };
  const projection = soleProjection(mapping)!;
  const computed = projection.filter(
    ({ expression }) => expression.op !== 'field',
  );
  const aside = asideSql(mapping, columns);
  const brought = fieldsBroughtBack(mapping);
  if (computed.length === 0 && brought.length === 0 && !aside) {
    return [];
  }
  const sources = mapping.source.map(({ name, type }) => ({
    name,
    type,
    value: emitExpression({ op: 'field', name, type }, scope),
  }));
  const targets = emitProjection(computed, scope);
  const sampled = await sampleOf(session, table, columns);
  if (sampled === undefined) {
    return [];
  }
  const rows = await session.query(
    `SELECT ${[
      ...sources.map(
        ({ value, type }, index) => `${spell(value, type)} AS s${index}`,
      ),
      ...targets.map(
        ({ value, projected }, index) =>
          `${mappedOnly(
            spell(value, projected.field.type),
            aside,
          )} AS t${index}`,
      ),
      ...(aside ? [`${aside.fields} AS aside`] : []),
    ].join(', ')}
     FROM (${sampled}) AS source`,
  );
  const wrong = new Map<string, Row[]>();
  const lost = new Map<string, Row[]>();
  const misplaced: Row[] = [];
  for (const row of rows) {
    const source: Row = Object.fromEntries(
      sources.map(({ name, type }, index) => [
        name,
        read(row[`s${index}`], type),
      ]),
    );
    if (!sameFields(mapping, source, row.aside ?? [])) {
      misplaced.push(source);
    }
    if (row.aside?.length > 0) {
      continue;
    }
    const target: Row = Object.fromEntries(
      projection.map(({ field, expression }) => [
        field.name,
        expression.op === 'field' ? source[expression.name] : null,
      ]),
    );
    for (const [index, { field }] of computed.entries()) {
      const value = read(row[`t${index}`], field.type);
      target[field.name] = value;
      if (!agrees(mapping, source, field, value)) {
        note(wrong, field.name, source);
      }
    }
    for (const name of checkRoundTrip(mapping, target)) {
      note(lost, name, source);
    }
  }
  const disagreement = `an independent computation of ${rows.length} sampled rows disagrees with the database about`;
  return [
    ...[...wrong].map(([column, found]) => ({
      column,
      ranges: keysOfRows(mapping, found),
      message: `${column}: ${disagreement} ${found.length}`,
    })),
    ...[...lost].map(([column, found]) => ({
      column,
      ranges: keysOfRows(mapping, found),
      message: `${column}: an independent computation of ${rows.length} sampled rows, back to the old version and forth again, changes ${found.length}`,
    })),
    ...(misplaced.length > 0
      ? [
          {
            ranges: keysOfRows(mapping, misplaced),
            message: `Rows that are set aside: ${disagreement} ${misplaced.length}`,
          },
        ]
      : []),
  ];
}

function note(rows: Map<string, Row[]>, column: string, row: Row): void {
  rows.set(column, [...(rows.get(column) ?? []), row]);
}

/** Casts that refuse are not reached by rows that are set aside. */
function mappedOnly(value: string, aside?: AsideSql): string {
  return aside ? `CASE WHEN NOT ${aside.isAside} THEN ${value} END` : value;
}

function sameFields(mapping: Mapping, source: Row, found: string[]): boolean {
  try {
    return evaluateSetAside(mapping, source).join() === found.join();
  } catch (error) {
    return false;
  }
}

/**
 * SQL of the sampled rows, with the columns of the table, from all of its
 * partitions as if they were one; undefined for an empty table.
 */
async function sampleOf(
  session: Session,
  table: string,
  columns: ReadonlyArray<{ name: string }>,
): Promise<string | undefined> {
  const extents = await session.query<{ name: string; blocks: number }>(
    prepared(`SELECT c.oid::regclass::text AS name, (pg_relation_size(c.oid) / current_setting('block_size')::int)::float8 AS blocks
     FROM ${treeOf('$1::regclass')} AS tree JOIN pg_class c ON c.oid = tree.oid
     WHERE c.relkind = 'r' ORDER BY c.oid`),
    [table],
  );
  const total = extents.reduce((sum, { blocks }) => sum + blocks, 0);
  const step = Math.max(1, total / BLOCKS);
  const names = columns.map(({ name }) => ident(name)).join(', ');
  const samples = Array.from({ length: BLOCKS }, (_, index) =>
    Math.floor(index * step),
  ).flatMap(block =>
    partsOf(extents, block, block + 1).map(
      ({ extent, from, to }) =>
        `(SELECT ${names} FROM ${extent.name} WHERE ${inBlocks(
          from,
          to,
        )} LIMIT ${ROWS_PER_BLOCK})`,
    ),
  );
  return samples.length > 0 ? samples.join(' UNION ALL ') : undefined;
}

function agrees(
  mapping: Mapping,
  source: Row,
  field: Field,
  value: RowValue,
): boolean {
  try {
    const expected = evaluateMapping(mapping, source)[field.name];
    return sameValue(expected, value, field.type);
  } catch (error) {
    // The database had a value where there should have been an error.
    return false;
  }
}

function keysOfRows(mapping: Mapping, rows: Row[]): string[] {
  const key = primaryKey(mapping.source).map(({ name }) => name);
  return key.length === 0
    ? ['sampled rows: the table has no key to tell them by']
    : condense(
        key.join(', '),
        rows.map(row => key.map(name => String(row[name]))),
      );
}

/** SQL of a value as the text that the evaluator reads. */
function spell(value: string, type: FieldType): string {
  switch (type.kind) {
    case 'bytes':
      return `encode(${value}, 'hex')`;
    case 'array':
      return `to_jsonb(${value})::text`;
    default:
      return `(${value})::text`;
  }
}

function read(text: string | null, type: FieldType): RowValue {
  return text !== null && type.kind === 'boolean' ? text === 'true' : text;
}
