import { JsonObject } from '@backstage/types';
import { CloudEvent } from 'cloudevents';
import { AwaitingMigration } from './types';

/** CloudEvents type of what an owner of consumers is told at once. */
export const DIGEST_EVENT_TYPE = 'dev.skein.dataset-digest.waiting';

/** Consumers of a dataset that are named one by one. */
const NAMED = 3;

/** Characters of the list; the link leads to the whole of it. */
const MAX_LIST = 1_900;

/** The same for everybody, wherever they are. */
const inUtc = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
  timeZoneName: 'short',
});

/**
 * The CloudEvent of the digest for one owner: which datasets wait for which of their
 * consumers, until when.
 *
 * @param options.awaiting - at least one, in the order in which they are listed
 * @param options.portalUrl - where the portal is, for `source` and links
 */
export function digestEvent(options: {
  id: string;
  owner: string;
  awaiting: readonly AwaitingMigration[];
  portalUrl?: string;
}): JsonObject {
  const { id, owner, awaiting, portalUrl = '' } = options;
  const listed = listedOf(awaiting);
  const omitted = awaiting.length - listed.length;
  const link = linkOf(owner, awaiting);
  const event = new CloudEvent({
    id,
    type: DIGEST_EVENT_TYPE,
    source: `${portalUrl}/dataset-migrations`,
    subject: owner,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: {
      title: titleOf(awaiting, new Date()),
      summary: `${listed.map(lineOf).join('; ')}${
        omitted > 0 ? `; and ${omitted} more` : ''
      }`,
      link,
      url: portalUrl ? `${portalUrl}${link}` : undefined,
      owner,
      datasets: listed.map(
        ({ migrationId, datasetRef, toVersion, deadline, consumers }) => ({
          migrationId,
          datasetRef,
          toVersion,
          deadline: deadline?.toISOString(),
          consumers: consumers.slice(0, NAMED),
          consumersOmitted: Math.max(consumers.length - NAMED, 0) || undefined,
        }),
      ),
      datasetsOmitted: omitted || undefined,
    },
  });
  return JSON.parse(JSON.stringify(event));
}

/** `3 datasets wait for you; the nearest deadline is 24 Dec 2026, 12:00 UTC`. */
function titleOf(awaiting: readonly AwaitingMigration[], now: Date): string {
  const deadlines = awaiting.flatMap(({ deadline }) => deadline ?? []);
  const passed = deadlines.filter(deadline => deadline <= now).length;
  const nearest = deadlines
    .filter(deadline => deadline > now)
    .sort((a, b) => a.getTime() - b.getTime())[0];
  return [
    awaiting.length === 1
      ? '1 dataset waits for you'
      : `${awaiting.length} datasets wait for you`,
    passed > 0 &&
      (passed === 1
        ? '1 deadline has passed'
        : `${passed} deadlines have passed`),
    nearest && `the nearest deadline is ${inUtc.format(nearest)}`,
  ]
    .filter(Boolean)
    .join('; ');
}

/** As many from the beginning as a notification can show. */
function listedOf(
  awaiting: readonly AwaitingMigration[],
): readonly AwaitingMigration[] {
  let length = 0;
  const tooMany = awaiting.findIndex(one => {
    length += lineOf(one).length + 2;
    return length > MAX_LIST;
  });
  return tooMany === -1 ? awaiting : awaiting.slice(0, Math.max(tooMany, 1));
}

function lineOf(awaiting: AwaitingMigration): string {
  const { datasetRef, toVersion, deadline, consumers } = awaiting;
  const more = consumers.length - NAMED;
  const names = consumers.slice(0, NAMED).join(', ');
  return `${datasetRef} ${toVersion}${
    deadline ? ` by ${inUtc.format(deadline)}` : ''
  }: ${names}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Where the owner sees all of them. */
function linkOf(owner: string, awaiting: readonly AwaitingMigration[]): string {
  const [{ migrationId }] = awaiting;
  const of = encodeURIComponent(owner);
  return awaiting.length === 1
    ? `/dataset-migrations/migrations/${migrationId}?owner=${of}`
    : `/dataset-migrations/migrations?consumerOwner=${of}`;
}
