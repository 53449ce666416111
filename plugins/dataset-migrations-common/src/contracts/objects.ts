import { ComparableContract, Contract, Field, SchemaObject } from './types';

/**
 * The part of a contract that holds its schema objects.
 *
 * @public
 */
export type WithObjects = Pick<ComparableContract, 'schema' | 'furtherObjects'>;

/**
 * All schema objects of a contract, in their order.
 *
 * @public
 */
export function objectsOf(contract: WithObjects): SchemaObject[] {
  const { schema, furtherObjects = [] } = contract;
  return schema ? [schema, ...furtherObjects] : [];
}

/**
 * Whether a contract describes several objects, so that fields are named with
 * their object: `carriers.code`.
 *
 * @public
 */
export function hasSeveralObjects(contract: WithObjects): boolean {
  return objectsOf(contract).length > 1;
}

/**
 * A contract as it speaks of one of its objects.
 *
 * @public
 */
export function contractOf(contract: Contract, object: SchemaObject): Contract {
  const { furtherObjects, ...rest } = contract;
  return { ...rest, schema: object };
}

/**
 * What stands before the names of an object's fields in changes, reports and
 * declarations: `carriers.` where its contract has several objects, else
 * nothing.
 *
 * @public
 */
export function fieldPrefix(
  contract: WithObjects,
  object: SchemaObject,
): string {
  return hasSeveralObjects(contract) ? `${object.name}.` : '';
}

/**
 * The fields of all objects, under the names by which changes call them.
 *
 * @public
 */
export function fieldsOf(contract: Contract): Field[] {
  return objectsOf(contract).flatMap(object =>
    object.fields.map(field => ({
      ...field,
      name: `${fieldPrefix(contract, object)}${field.name}`,
    })),
  );
}
