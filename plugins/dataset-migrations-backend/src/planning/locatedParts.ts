import {
  Contract,
  MigrationPlan,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  PlanPart,
  planParts,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { Location } from '@skein/backstage-plugin-dataset-migrations-node';
import { Located, locationsOf } from '../database/locations';

/** What a plan does with one schema object, and where that is. */
export interface LocatedPart extends PlanPart {
  location: Location;
}

/** The parts of a plan, one for each object of the contract, in its order. */
export function locatedParts(
  resolved: Located & { plan: MigrationPlan; from: Contract; to: Contract },
): LocatedPart[] {
  const locations = locationsOf(resolved);
  return planParts(resolved.plan, resolved.from, resolved.to).map(
    (part, index) => ({ ...part, location: locations[index] }),
  );
}

/** A field's name in reports on all objects. */
export function qualify({ object }: PlanPart, field: string): string {
  return object === undefined ? field : `${object}.${field}`;
}

/** What is said of one object, among others. */
export function said({ object }: PlanPart, sentence: string): string {
  return object === undefined ? sentence : `${object}: ${sentence}`;
}
