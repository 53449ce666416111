import { InputError } from '@backstage/errors';
import { formatFieldType } from '../contracts/formatFieldType';
import { changeBy } from '../changes/changeBy';
import { Change } from '../changes/types';
import { operandsOf, plainField } from '../expressions/inspectExpression';
import { binary, unary } from '../expressions/operators';
import { Expression } from '../expressions/types';
import { MappingSegment, ProjectedField, SetAside } from '../mapping/types';

type Cast = Extract<Expression, { op: 'cast' }>;

/**
 * The rows that a step sets aside: those with a value that one of its
 * quarantining casts cannot cast.
 *
 * @param planned - what the step yields, over the fields before it
 * @param toSource - an expression over those fields as one over the source's
 * @param closed - the segments before the one that the step belongs to
 * @throws InputError when an imperative agent was there before: what it returns
 *   is not a row of the source any more, which could be kept
 */
export function setAsideBy(
  planned: readonly ProjectedField[],
  toSource: (expression: Expression) => Expression,
  closed: readonly MappingSegment[],
): SetAside[] {
  const found = planned.flatMap(({ field, expression }) =>
    quarantiningCasts(expression).map(({ operand, type, ...cast }) => {
      const value = toSource(operand);
      return {
        field: plainField(value) ?? field.name,
        value,
        type,
        condition: binary(
          'and',
          unary('is not null', value),
          unary('is null', { ...cast, operand: value, type }),
        ),
      };
    }),
  );
  const agent = closed.find(segment => segment.kind === 'agent');
  if (found.length > 0 && agent?.kind === 'agent') {
    throw new InputError(
      `onFailure: rows can go to quarantine only before the agent ${agent.agent}, as they are kept as they were in the old version; cast before it, or say refuse or null`,
    );
  }
  return found;
}

function quarantiningCasts(expression: Expression): Cast[] {
  const inner = operandsOf(expression).flatMap(quarantiningCasts);
  return expression.op === 'cast' && expression.onFailure === 'quarantine'
    ? [...inner, expression]
    : inner;
}

/**
 * What it means for readers that rows are set aside: whoever reads anything of
 * the object gets fewer rows than it holds.
 *
 * @param prefix - what stands before the names of fields in changes
 */
export function setAsideChanges(
  setAside: readonly SetAside[],
  prefix: string,
): Change[] {
  return setAside.map(({ field, type }) =>
    changeBy('rows-set-aside', {
      summary: `rows whose \`${prefix}${field}\` cannot be cast to ${formatFieldType(
        type,
      )} go to quarantine and are not in the new version`,
    }),
  );
}
