import { JsonObject } from '@backstage/types';
import { Change } from '../changes/types';
import { Mapping } from '../mapping/types';

/**
 * One line of a migration document.
 *
 * @public
 */
export interface MigrationStep {
  /**
   * Name, in the old version, of the schema object that it is applied to; may
   * be left out where the contract has one.
   */
  object?: string;
  agent: string;
  payload: JsonObject;
}

/**
 * The steps from one version of a dataset to the next, as an owner writes it.
 *
 * @public
 */
export interface MigrationDocument {
  kind: 'DatasetMigration';
  from: string;
  to: string;
  steps: MigrationStep[];
}

/** @public */
export type Policy = 'switch' | 'coexist';

/** @public */
export type VersionBump = 'major' | 'minor' | 'patch';

/**
 * What to do to get a dataset from one version to another; derived from
 * metadata alone, the same input gives the same plan.
 *
 * @public
 */
export interface MigrationPlan {
  fromVersion: string;
  toVersion: string;
  steps: MigrationStep[];
  /** Whether the owner wrote the steps or they follow from the diff. */
  stepsFrom: 'document' | 'derived';
  changes: Change[];
  /** How the rows change; those of the first object where there are several. */
  mapping: Mapping;
  /** Of the other objects, in the order of the old contract. */
  furtherMappings?: Mapping[];
  /** Whether a change is graded breaking, accepted or not. */
  breaking: boolean;
  /** The smallest bump that the changes need. */
  requiredBump: VersionBump;
}
