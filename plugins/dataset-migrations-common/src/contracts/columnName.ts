import { Field } from './types';

/** What a field is called in the store. */
export function columnName({ name, physicalName }: Field): string {
  return physicalName ?? name;
}
