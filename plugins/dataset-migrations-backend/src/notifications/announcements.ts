import {
  Consumer,
  describeAcceptance,
  describeChange,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { JsonObject } from '@backstage/types';
import { CloudEvent } from 'cloudevents';
import { MigrationRecord } from '../database/MigrationRecord';
import { blockers, whoAndWhy } from '../planning/judge';
import { ownerTextOf } from './ownerTexts';
import { Touched, touchesSome } from './touched';
import { AnnouncementKind, TimeRequest } from './types';
import { withinSize } from './withinSize';

/** Characters of a summary; the link leads to the whole text. */
const MAX_SUMMARY = 2_000;

/** CloudEvents type of an announcement. */
export function eventTypeOf(kind: AnnouncementKind): string {
  return `dev.skein.dataset-migration.${kind}`;
}

/**
 * The CloudEvent of one delivery. It holds what the receiver needs to act,
 * nothing of the data, and no secret.
 *
 * @param options.consumer - whom it is for, where it is for a consumer
 * @param options.touched - what it touches of the receiver's consumers, where it is for
 *   their owner
 * @param options.request - what it tells of, where it is for more time
 * @param options.portalUrl - where the portal is, for `source` and links
 */
export function announcementEvent(options: {
  id: string;
  kind: AnnouncementKind;
  migration: MigrationRecord;
  consumer?: Consumer;
  touched?: Touched;
  request?: TimeRequest;
  portalUrl?: string;
}): JsonObject {
  const { id, kind, migration, consumer, request, portalUrl = '' } = options;
  const text = textOf(options);
  const verdict = migration.verdicts?.find(
    ({ consumer: judged }) => judged.entityRef === consumer?.entityRef,
  );
  const link = linkOf(options);
  const event = new CloudEvent({
    id,
    type: eventTypeOf(kind),
    source: `${portalUrl}/dataset-migrations`,
    subject: migration.datasetRef,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: {
      title: text.title,
      summary: cut(text.summary),
      link,
      url: portalUrl ? `${portalUrl}${link}` : undefined,
      migrationId: migration.id,
      datasetRef: migration.datasetRef,
      fromVersion: migration.fromVersion,
      toVersion: migration.toVersion,
      policy: migration.policy,
      state: migration.state,
      deadline: migration.deadline?.toISOString(),
      retirement: migration.retirement?.toISOString(),
      request: request && {
        consumerRef: request.consumerRef,
        until: request.until.toISOString(),
        reason: request.reason,
      },
      changes: migration.plan.changes.map(
        ({ rule, from, to, effect, summary, accepted }) => ({
          rule,
          from,
          to,
          effect,
          summary,
          accepted: accepted && {
            by: accepted.by,
            reason: accepted.reason,
            at: accepted.at,
            was: accepted.was,
          },
        }),
      ),
      consumer: consumer && {
        entityRef: consumer.entityRef,
        verdict: verdict?.verdict,
        reasons: verdict?.reasons ?? [],
      },
    },
  });
  return withinSize(JSON.parse(JSON.stringify(event)));
}

function textOf(options: {
  kind: AnnouncementKind;
  migration: MigrationRecord;
  touched?: Touched;
  request?: TimeRequest;
}): { title: string; summary: string } {
  const { kind, migration, touched, request } = options;
  const summary = request
    ? summaryOfRequest(request)
    : summaryOf(kind, migration);
  return touched && touchesSome(kind)
    ? ownerTextOf({ kind, migration, touched, summary })
    : { title: titleOf(kind, migration), summary };
}

/** To the migration, for the owner of consumers with theirs alone on its board. */
function linkOf({
  migration,
  touched,
}: {
  migration: MigrationRecord;
  touched?: Touched;
}): string {
  const owner = touched?.theirs[0].consumer.owner;
  return `/dataset-migrations/migrations/${migration.id}${
    owner === undefined ? '' : `?owner=${encodeURIComponent(owner)}`
  }`;
}

function titleOf(kind: AnnouncementKind, migration: MigrationRecord): string {
  const { datasetRef, fromVersion, toVersion } = migration;
  switch (kind) {
    case 'announced':
      return `${datasetRef} is to be migrated to ${toVersion}`;
    case 'blocked':
      return `Migration of ${datasetRef} to ${toVersion} is blocked`;
    case 'overridden':
      return `${datasetRef} goes on to ${toVersion}, which breaks consumers`;
    case 'change-accepted':
      return `A change of ${datasetRef} ${toVersion} was accepted`;
    case 'dates-set':
      return `Dates of ${datasetRef} ${toVersion} were set`;
    case 'more-time':
      return `More time is asked for before ${datasetRef} goes to ${toVersion}`;
    case 'reminder':
      return `${datasetRef} waits for its consumers to be ready for ${toVersion}`;
    case 'starting':
      return `Migration of ${datasetRef} to ${toVersion} starts`;
    case 'succeeded':
      return `${datasetRef} is now at ${toVersion}`;
    case 'failed':
      return `Migration of ${datasetRef} to ${toVersion} failed`;
    case 'cancelled':
      return `Migration of ${datasetRef} to ${toVersion} was cancelled`;
    case 'rolled-back':
      return `${datasetRef} is back at ${fromVersion}`;
    case 'retiring':
      return `${datasetRef} ${fromVersion} is to be retired`;
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
    case 'announced':
      return policy === 'coexist'
        ? `Version ${toVersion} will be published beside ${fromVersion}`
        : `Version ${fromVersion} will be replaced by ${toVersion}`;
    case 'blocked':
      return `Consumers would break: ${whoAndWhy(
        blockers(verdicts ?? [], override),
      )}`;
    case 'overridden':
      return `${override?.by} decided to go on although ${override?.consumers.length} of its consumers break: ${override?.reason}`;
    case 'change-accepted':
      return `It keeps nobody from going on any more: ${acceptedOf(migration)}`;
    case 'dates-set':
    case 'reminder':
      return datesOf(migration);
    case 'more-time':
      return 'Its board says who asks, and why';
    case 'starting':
      return `Nobody stands in the way of ${toVersion}; ${fromVersion} stays what readers see until the switch`;
    case 'succeeded':
      return policy === 'coexist'
        ? `Version ${toVersion} was published beside ${fromVersion}, which stays until it is retired`
        : `Version ${fromVersion} was replaced by ${toVersion}`;
    case 'failed':
      return error?.message ?? 'Its log says why';
    case 'cancelled':
      return `It stays at ${fromVersion}`;
    case 'rolled-back':
      return `Version ${toVersion} was taken back`;
    case 'retiring':
      return `Only ${toVersion} will be left`;
    case 'retired':
      return `Only ${toVersion} is left`;
    default:
      return unknownKind(kind);
  }
}

/** All that is accepted of its changes. */
function acceptedOf({ plan }: MigrationRecord): string {
  return plan.changes
    .filter(({ accepted }) => accepted)
    .map(change => `${describeChange(change)} (${describeAcceptance(change)})`)
    .join('; ');
}

function datesOf({
  fromVersion,
  toVersion,
  deadline,
  retirement,
}: MigrationRecord): string {
  return [
    deadline
      ? `Consumers are asked to be ready for ${toVersion} by ${deadline.toISOString()}`
      : `Consumers are asked to be ready for ${toVersion} by no particular day`,
    retirement &&
      `${fromVersion} does not retire before ${retirement.toISOString()}`,
  ]
    .filter(Boolean)
    .join('; ');
}

function summaryOfRequest({ consumerRef, until, reason }: TimeRequest): string {
  return `${consumerRef} asks for time until ${until.toISOString()}: ${reason}`;
}

function cut(text: string): string {
  if (text.length <= MAX_SUMMARY) {
    return text;
  }
  // Half of a character would be none that the database takes.
  const characters = [...text.slice(0, MAX_SUMMARY)];
  return `${characters.slice(0, -1).join('')}…`;
}

function unknownKind(kind: never): never {
  throw new Error(`There is no announcement '${kind}'`);
}
