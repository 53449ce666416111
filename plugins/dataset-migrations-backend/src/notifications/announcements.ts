import { Consumer } from '@skein/backstage-plugin-dataset-migrations-common';
import { JsonObject } from '@backstage/types';
import { CloudEvent } from 'cloudevents';
import { MigrationRecord } from '../database/MigrationRecord';
import { blockers } from '../planning/judge';
import { AnnouncementKind } from './types';

/** CloudEvents type of an announcement. */
export function eventTypeOf(kind: AnnouncementKind): string {
  return `dev.skein.dataset-migration.${kind}`;
}

/**
 * The CloudEvent of one delivery. It holds what the receiver needs to act,
 * nothing of the data, and no secret.
 *
 * @param options.consumer - whom it is for, where it is for a consumer
 * @param options.portalUrl - where the portal is, for `source` and links
 */
export function announcementEvent(options: {
  id: string;
  kind: AnnouncementKind;
  migration: MigrationRecord;
  consumer?: Consumer;
  portalUrl?: string;
}): JsonObject {
  const { id, kind, migration, consumer, portalUrl = '' } = options;
  const verdict = migration.verdicts?.find(
    ({ consumer: judged }) => judged.entityRef === consumer?.entityRef,
  );
  const link = `/dataset-migrations/migrations/${migration.id}`;
  const event = new CloudEvent({
    id,
    type: eventTypeOf(kind),
    source: `${portalUrl}/dataset-migrations`,
    subject: migration.datasetRef,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: {
      title: titleOf(kind, migration),
      summary: summaryOf(kind, migration),
      link,
      url: portalUrl ? `${portalUrl}${link}` : undefined,
      migrationId: migration.id,
      datasetRef: migration.datasetRef,
      fromVersion: migration.fromVersion,
      toVersion: migration.toVersion,
      policy: migration.policy,
      state: migration.state,
      changes: migration.plan.changes.map(({ from, to, effect, summary }) => ({
        from,
        to,
        effect,
        summary,
      })),
      consumer: consumer && {
        entityRef: consumer.entityRef,
        verdict: verdict?.verdict,
        reasons: verdict?.reasons ?? [],
      },
    },
  });
  return JSON.parse(JSON.stringify(event));
}

function titleOf(kind: AnnouncementKind, migration: MigrationRecord): string {
  const { datasetRef, fromVersion, toVersion } = migration;
  switch (kind) {
    case 'blocked':
      return `Migration of ${datasetRef} to ${toVersion} is blocked`;
    case 'overridden':
      return `${datasetRef} goes on to ${toVersion}, which breaks consumers`;
    case 'succeeded':
      return `${datasetRef} is now at ${toVersion}`;
    case 'failed':
      return `Migration of ${datasetRef} to ${toVersion} failed`;
    case 'rolled-back':
      return `${datasetRef} is back at ${fromVersion}`;
    case 'retired':
      return `${datasetRef} ${fromVersion} was retired`;
    default:
      return unknownKind(kind);
  }
}

function summaryOf(kind: AnnouncementKind, migration: MigrationRecord): string {
  const { fromVersion, toVersion, policy, verdicts, error, override } =
    migration;
  switch (kind) {
    case 'blocked': {
      const blocking = blockers(verdicts ?? [], override);
      return `Consumers would break: ${blocking
        .map(({ consumer }) => consumer.entityRef)
        .join(', ')}`;
    }
    case 'overridden':
      return `${override?.by} decided to go on although ${override?.consumers.length} of its consumers break: ${override?.reason}`;
    case 'succeeded':
      return policy === 'coexist'
        ? `Version ${toVersion} was published beside ${fromVersion}, which stays until it is retired`
        : `Version ${fromVersion} was replaced by ${toVersion}`;
    case 'failed':
      return error?.message ?? 'Its log says why';
    case 'rolled-back':
      return `Version ${toVersion} was taken back`;
    case 'retired':
      return `Only ${toVersion} is left`;
    default:
      return unknownKind(kind);
  }
}

function unknownKind(kind: never): never {
  throw new Error(`There is no announcement '${kind}'`);
}
