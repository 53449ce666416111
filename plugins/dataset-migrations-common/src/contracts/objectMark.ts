import { hasSeveralObjects, WithObjects } from './objects';
import { SchemaObject } from './types';

/**
 * The object that something is about, as changes, parts of plans and reports
 * carry it: only where its contract has several.
 */
export function objectMark(
  contract: WithObjects,
  object: SchemaObject,
): { object?: string } {
  return hasSeveralObjects(contract) ? { object: object.name } : {};
}
