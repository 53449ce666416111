import { InputError } from '@backstage/errors';
import {
  Expression,
  FieldType,
  Mapping,
  VerificationMismatch,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  Row,
  RowValue,
  checkRoundTrip,
  evaluateExpression,
  exprFields,
  fieldsBroughtBack,
  sameValue,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { finalProjection } from '../agents/runSegments';
import { ROW } from '../formats/Format';
import { ResultRow } from '../process/DuckDbProcess';
import { Session } from '../process/Session';
import { Relation, RelationField } from '../relations/Relation';
import { spell } from '../relations/spell';
import { ident } from '../sql/quote';
import { Scope } from '../sql/Scope';
import { nameRange } from './ranges';
import { readable } from './readable';

/** Rows at the beginning and at the end of a part that are computed anew. */
export const SAMPLED = 8;

/** Whether rows of a part are computed anew: of the first, the middle, the last. */
export function isSampled(index: number, parts: number): boolean {
  return [0, Math.floor(parts / 2), parts - 1].includes(index);
}

/** A part that equals its slice of the source by its digests. */
export interface SampledPart {
  title: string;
  rows: number;
  source: Relation;
  target: Relation;
}

/**
 * Computes rows of a part by the evaluator of the common package. The digests
 * of both sides come from the same SQL, so an emitter that means something else
 * than PostgreSQL would pass them; it does not pass this. Where the mapping has
 * an inverse, the rows of the target are mapped back and forth again, too.
 */
export async function checkSample(
  { query }: Session,
  mapping: Mapping,
  part: SampledPart,
): Promise<VerificationMismatch[]> {
  const computed = finalProjection(mapping).filter(
    ({ expression }) => expression.op !== 'field',
  );
  const brought = fieldsBroughtBack(mapping);
  if (computed.length + brought.length === 0 || part.rows === 0) {
    return [];
  }
  const names = [
    ...new Set(computed.flatMap(({ expression }) => exprFields(expression))),
  ];
  const found = [
    ...new Set([...computed.map(({ field }) => field.name), ...brought]),
  ];
  const position = ident(ROW);
  const sampled = async (
    relation: Relation,
    fields: string[],
    value: typeof spelled,
  ) => {
    const rows = await query(
      `SELECT ${[
        position,
        ...fields.map((name, i) => value(relation, name, i)),
      ].join(', ')} FROM ${
        relation.sql
      } WHERE ${position} < ${SAMPLED} OR ${position} >= ${
        part.rows - SAMPLED
      } ORDER BY ${position}`,
    );
    return rows.map(row => ({
      number: String(row[ROW]),
      values: toRow(row, fields, relation),
    }));
  };
  const sources = await sampled(part.source, names, spelled);
  const targets = await sampled(part.target, found, spelledIfReadable);
  const returned = targets.map(({ values }) => checkRoundTrip(mapping, values));
  const mismatch = (
    column: string,
    wrong: Array<{ number: string }>,
    message: string,
  ) =>
    wrong.length === 0
      ? []
      : [
          {
            column,
            ranges: wrong.map(({ number }) =>
              nameRange(`${part.title}, row`, number, number),
            ),
            message,
          },
        ];
  return [
    ...computed.flatMap(({ field: { name, type }, expression }) =>
      mismatch(
        name,
        sources.filter(
          ({ values }, rank) =>
            !agrees(expression, values, targets[rank].values[name], type),
        ),
        `'${name}' is not what its expression means`,
      ),
    ),
    ...brought.flatMap(name =>
      mismatch(
        name,
        targets.filter((_, rank) => returned[rank].includes(name)),
        `'${name}' is not the same after the way back to the old version and forth again`,
      ),
    ),
  ];
}

function agrees(
  expression: Expression,
  row: Row,
  found: RowValue,
  type: FieldType,
): boolean {
  try {
    return sameValue(evaluateExpression(expression, row), found, type);
  } catch (error) {
    if (error instanceof InputError) {
      // The file has a value where there should have been an error.
      return false;
    }
    throw error;
  }
}

/** SQL of a field's canonical text, as the column `c0`, `c1`, ... */
export function spelled(
  relation: Relation,
  name: string,
  index: number,
): string {
  const { field, read } = relation.fields.get(name) as RelationField;
  return `${spell(read(new Scope()), field.type)} AS c${index}`;
}

/** NULL for what breaks the rule about its type, which is told elsewhere. */
function spelledIfReadable(
  relation: Relation,
  name: string,
  index: number,
): string {
  const column = relation.fields.get(name)!;
  return `TRY(${spell(readable(column), column.field.type)}) AS c${index}`;
}

/** A row of {@link spelled} fields, for the evaluator. */
export function toRow(
  row: ResultRow,
  names: string[],
  relation: Relation,
): Row {
  return Object.fromEntries(
    names.map((name, index) => [
      name,
      valueOf(row, index, relation.fields.get(name)!.field.type.kind),
    ]),
  );
}

function valueOf(row: ResultRow, index: number, kind: string): RowValue {
  const text = row[`c${index}`] as string | null;
  return kind === 'boolean' && text !== null ? text === 'true' : text;
}
