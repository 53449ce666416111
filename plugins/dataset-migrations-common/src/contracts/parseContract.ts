import { NotImplementedError } from '@backstage/errors';
import { JsonValue } from '@backstage/types';
import { Contract } from './types';

/**
 * One thing that is wrong in a document.
 *
 * @public
 */
export interface DocumentProblem {
  /** Where: `schema[0].properties[2].logicalType`; empty for the whole document. */
  path: string;
  /** The rule that is broken, as a sentence. */
  message: string;
  /** What stands there, if anything. */
  value?: JsonValue;
}

/**
 * Reads the YAML text of an ODCS v3 contract.
 *
 * @returns the contract, or everything that is wrong with it
 * @public
 */
export function validateContract(_text: string): {
  contract?: Contract;
  problems: DocumentProblem[];
} {
  throw new NotImplementedError('validateContract');
}

/**
 * Reads the YAML text of an ODCS v3 contract.
 *
 * @throws InputError with path, value and rule of everything that is wrong
 * @public
 */
export function parseContract(_text: string): Contract {
  throw new NotImplementedError('parseContract');
}
