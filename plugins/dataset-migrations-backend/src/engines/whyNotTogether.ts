import { Engine } from '@skein/backstage-plugin-dataset-migrations-node';

/** Why an engine cannot switch the objects of a contract together, if so. */
export function whyNotTogether({
  id,
  switchesTogether,
}: Engine): string | undefined {
  if (switchesTogether === true) {
    return undefined;
  }
  return (
    switchesTogether ??
    `The engine ${id} cannot switch the objects of a contract together; give each of them a contract of its own.`
  );
}
