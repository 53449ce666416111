import { Field } from './types';

/**
 * What a field is called in the store: its `physicalName`, or else its name.
 *
 * @public
 */
export function columnName({ name, physicalName }: Field): string {
  return physicalName ?? name;
}
