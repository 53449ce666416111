import { FieldType } from '../../contracts/types';
import { Expression } from '../types';

/**
 * A function that expressions may call.
 *
 * @public
 */
export interface ExpressionFunction {
  /** Its name in the tree. */
  name: string;
  /** How SQL spells it, the name itself included. */
  spellings: readonly string[];
  /** For people: arguments and result. */
  signature: string;
  /** What it computes, and what is special about it. */
  description: string;
  /** When the result is NULL: some argument is, all are, never, possibly anyhow. */
  nullable: 'any' | 'all' | 'never' | 'always';
  /**
   * Checks the arguments, brings them to the types they need, types the result.
   * @throws InputError naming the argument
   */
  resolve(args: Expression[]): { args: Expression[]; type: FieldType };
}

type Declaration = Omit<
  ExpressionFunction,
  'name' | 'spellings' | 'nullable'
> & {
  spellings?: readonly string[];
  nullable?: ExpressionFunction['nullable'];
};

/** A function with the usual spelling, that is NULL where an argument is. */
export function declare(name: string, rest: Declaration): ExpressionFunction {
  return { name, spellings: [name], nullable: 'any', ...rest };
}
