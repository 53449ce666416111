import { hasSeveralObjects } from './objects';
import { Contract, SchemaObject } from './types';

/**
 * The object that something is about, as changes, parts of plans and reports
 * carry it: only where its contract has several.
 */
export function objectMark(
  contract: Contract,
  object: SchemaObject,
): { object?: string } {
  return hasSeveralObjects(contract) ? { object: object.name } : {};
}
