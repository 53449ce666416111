import { Field } from './types';

/** What a field is called in the store. */
export function columnOf({ name, physicalName }: Field): string {
  return physicalName ?? name;
}
