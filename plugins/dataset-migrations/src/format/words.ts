import {
  ChangeKind,
  MigrationError,
  MigrationState,
  Policy,
  Stage,
  TransformActivity,
} from '@skein/backstage-plugin-dataset-migrations-common';

/** The stages that every migration passes, in their order. */
export const mainStages: readonly Stage[] = [
  'discover',
  'validate',
  'lock',
  'transform',
  'verify',
  'cut-over',
  'notify',
];

export const stageNames: Record<Stage, string> = {
  discover: 'Discover',
  validate: 'Validate',
  lock: 'Lock',
  transform: 'Transform',
  verify: 'Verify',
  'cut-over': 'Cut over',
  notify: 'Notify',
  retire: 'Retire',
  rollback: 'Roll back',
};

const stageDoing: Record<Stage, string> = {
  discover: 'asking the catalog who reads this dataset',
  validate: 'deriving the plan and judging every consumer',
  lock: 'taking the lease on the data',
  transform: 'writing the new version beside the live data',
  verify: 'comparing the new version with the old, row for row',
  'cut-over': 'switching readers to the new version',
  notify: 'telling the consumers',
  retire: 'removing the old version',
  rollback: 'restoring the old version',
};

/** What an engine does while it transforms. */
export const activityNames: Record<TransformActivity, string> = {
  copying: 'Copying rows',
  indexing: 'Building keys and indexes',
  'catching-up': 'Bringing over what was written meanwhile',
};

export const policyNames: Record<Policy, string> = {
  switch: 'Switch',
  coexist: 'Publish beside the old version',
};

export const policyExplanations: Record<Policy, string> = {
  switch:
    'Readers go from the old version to the new one at one moment. If anybody would break, the migration stops before that and waits.',
  coexist:
    'The new version is published and the old one stays readable. Nobody loses anything; the old version is retired once everybody has moved.',
};

export const changeNames: Record<ChangeKind, string> = {
  'field-added': 'Added',
  'field-dropped': 'Dropped',
  'field-renamed': 'Renamed',
  'field-moved': 'Moved',
  'type-changed': 'Type',
  'values-changed': 'Values',
  'rows-set-aside': 'Rows',
  'required-changed': 'Required',
  'unique-changed': 'Unique',
  'primary-key-changed': 'Primary key',
  'references-changed': 'References',
  'enum-changed': 'Allowed values',
  'length-changed': 'Length',
  'options-changed': 'Rules',
  'order-changed': 'Order',
  'unit-changed': 'Unit',
  'description-changed': 'Description',
  'classification-changed': 'Classification',
  'quality-changed': 'Quality',
  'service-level-changed': 'Service level',
  'object-added': 'Table added',
  'object-dropped': 'Table dropped',
  'object-renamed': 'Table name',
  'object-kind-changed': 'Kind of table',
  'location-changed': 'Location',
};

/** What holds up a migration that nobody would break by, by the name of its error. */
const heldUp: Record<string, string> = {
  WaitsForWindow: 'Waits for its window',
  NotAllowedError: 'Waits for somebody who may migrate this dataset',
};

/** What holds up a blocked migration; undefined where its consumers do. */
export function whatHoldsUp(
  error: MigrationError | undefined,
): string | undefined {
  return error && heldUp[error.name];
}

/** One sentence on where a migration stands; also what a screen reader announces. */
export function describeState(migration: {
  state: MigrationState;
  stage?: Stage;
  toVersion: string;
  error?: MigrationError;
}): string {
  const { state, stage, toVersion, error } = migration;
  switch (state) {
    case 'queued':
      return 'Waiting for a worker to take it.';
    case 'running':
      return stage
        ? `${stageNames[stage]}: ${stageDoing[stage]}.`
        : 'Running on a worker.';
    case 'blocked':
      return `Stopped before anything changed. ${
        whatHoldsUp(error) ?? 'Consumers stand in the way'
      }.`;
    case 'cancelling':
      return 'Stopping at the next safe point. The live data is untouched.';
    case 'cancelled':
      return 'Cancelled. The live data is as it was.';
    case 'failed':
      return `Failed${
        stage ? ` in stage ${stageNames[stage].toLocaleLowerCase('en-US')}` : ''
      }. Retry goes on from there.`;
    case 'rolling-back':
      return 'Restoring the old version.';
    case 'rolled-back':
      return 'The old version is current again.';
    case 'succeeded':
      return `Version ${toVersion} is published and verified.`;
    default:
      return state;
  }
}
