import { InputError } from '@backstage/errors';
import { objectsOf } from '../contracts/objects';
import { Contract } from '../contracts/types';
import { MigrationStep } from './types';

/** The steps of one object, and where they stand among all. */
export interface OwnSteps {
  steps: MigrationStep[];
  positions: number[];
}

/**
 * The steps of each of a contract's objects, in the order of the objects. Where
 * there is one, steps need not name it.
 *
 * @throws InputError naming the step whose object is missing or not there
 */
export function stepsByObject(
  contract: Contract,
  steps: readonly MigrationStep[],
): OwnSteps[] {
  const names = objectsOf(contract).map(({ name }) => name);
  const own = new Map<string, OwnSteps>(
    names.map(name => [name, { steps: [], positions: [] }]),
  );
  steps.forEach((step, position) => {
    const object = step.object ?? (names.length === 1 ? names[0] : undefined);
    const found = object === undefined ? undefined : own.get(object);
    if (!found) {
      throw new InputError(
        `steps[${position}].object: ${
          object === undefined
            ? 'is missing'
            : `there is no object ${JSON.stringify(object)}`
        }; version ${contract.version} has ${names
          .map(name => `\`${name}\``)
          .join(', ')}`,
      );
    }
    found.steps.push(step);
    found.positions.push(position);
  });
  return [...own.values()];
}
