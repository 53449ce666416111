import { InputError } from '@backstage/errors';
import { Expression } from '../types';
import { conditionalFunctions } from './conditionalFunctions';
import { dateFunctions } from './dateFunctions';
import { numberFunctions } from './numberFunctions';
import { textFunctions } from './textFunctions';
import { ExpressionFunction } from './types';

/**
 * Everything that an expression may call: what PostgreSQL and DuckDB compute
 * alike, or can be made to.
 *
 * @public
 */
export const expressionFunctions: readonly ExpressionFunction[] = [
  ...textFunctions,
  ...conditionalFunctions,
  ...numberFunctions,
  ...dateFunctions,
];

const bySpelling = new Map(
  expressionFunctions.flatMap(entry =>
    entry.spellings.map(spelling => [spelling, entry] as const),
  ),
);

/** The function of that name, as SQL or as the tree spells it. */
export function findFunction(name: string): ExpressionFunction | undefined {
  return bySpelling.get(name);
}

/**
 * A call with its arguments checked and its result typed.
 *
 * @throws InputError naming the function or the argument
 */
export function call(name: string, args: Expression[]): Expression {
  const entry = findFunction(name);
  if (!entry) {
    throw new InputError(
      `function ${name} is not allowed; allowed are ${expressionFunctions
        .map(item => item.name)
        .join(', ')}`,
    );
  }
  const resolved = entry.resolve(args);
  return { op: 'call', function: entry.name, ...resolved };
}
