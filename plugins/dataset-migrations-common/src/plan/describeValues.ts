import { fingerprint, inShort } from '../changes/inShort';
import { operandsOf, plainField } from '../expressions/inspectExpression';
import { printExpression } from '../expressions/printExpression';
import { Expression } from '../expressions/types';
import { MappingSegment } from '../mapping/types';

/** Characters of an expression as JSON; what is longer is not worth printing. */
const LONGEST = 20_000;

/**
 * Tells of fields of the target what computes their values, in words that differ
 * where values may: the expression over the source's fields, or over what an agent
 * returned.
 */
export function describeValues(
  segments: readonly MappingSegment[],
): (name: string) => string {
  let returned: string | undefined;
  return name => {
    returned ??= describeReturned(segments.slice(0, -1));
    const expression = expressionOf(segments[segments.length - 1], name);
    return `${expression ? describeExpression(expression) : name}${returned}`;
  };
}

/** What agents make of it before; nothing where there is none. */
function describeReturned(before: readonly MappingSegment[]): string {
  const agents = before.flatMap(segment =>
    segment.kind === 'agent' ? [segment.agent] : [],
  );
  return agents.length > 0
    ? ` of what ${agents.join(' and ')} returns (${fingerprint(
        JSON.stringify(before),
      )})`
    : '';
}

function describeExpression(expression: Expression): string {
  const json = JSON.stringify(expression);
  return json.length > LONGEST
    ? `a long expression (${fingerprint(json)})`
    : `\`${inShort(printExpression(expression))}\``;
}

/**
 * Whether values of a target field that holds those of a source field become NULL
 * where they cannot be cast.
 */
export function losesToNull(
  segments: readonly MappingSegment[],
  name: string,
): boolean {
  let current: string | undefined = name;
  for (const segment of [...segments].reverse()) {
    const expression: Expression | undefined =
      current === undefined ? undefined : expressionOf(segment, current);
    if (expression) {
      if (castsToNull(expression)) {
        return true;
      }
      current = plainField(expression);
    }
  }
  return false;
}

function expressionOf(
  segment: MappingSegment,
  name: string,
): Expression | undefined {
  return segment.kind === 'projection'
    ? segment.fields.find(({ field }) => field.name === name)?.expression
    : undefined;
}

function castsToNull(expression: Expression): boolean {
  return (
    (expression.op === 'cast' && expression.onFailure === 'null') ||
    operandsOf(expression).some(castsToNull)
  );
}
