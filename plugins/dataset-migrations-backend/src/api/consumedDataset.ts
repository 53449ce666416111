import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { assertError, NotFoundError } from '@backstage/errors';
import {
  ConsumedDataset,
  Consumer,
  datasetReadPermission,
  DatasetSummary,
} from '@skein/backstage-plugin-dataset-migrations-common';
import limiter from 'p-limit';
import { OpenMigration } from '../database/operations/migrations/findOpenMigration';
import { listReadBy } from '../datasets/listReadBy';
import { summarizeDatasets } from '../datasets/listDatasets';
import { Upcoming } from '../readiness/types';
import { ApiContext } from './ApiContext';

/** Plans made at a time for one request. */
const CONCURRENT_PLANS = 4;

/**
 * What an entity reads, as far as the caller may see the datasets: what comes, and
 * what that means for it.
 *
 * @param limit - of who reads more datasets, those come first of which something comes
 * @returns besides them how many are left out, where it reads more
 */
export async function describeAllConsumed(
  context: ApiContext,
  credentials: BackstageCredentials,
  consumerRef: string,
  limit: number,
): Promise<{ items: ConsumedDataset[]; omitted?: number }> {
  const { knex, authorizer, consumers } = context;
  const { entityRefs, total } = await listReadBy(knex, consumerRef, {
    limit,
    scope: await authorizer.scope(credentials, datasetReadPermission),
  });
  const consumed = await consumers.ofEntity(consumerRef, limit, entityRefs);
  return {
    items: await describe(context, credentials, consumerRef, consumed),
    omitted: total > entityRefs.length ? total - entityRefs.length : undefined,
  };
}

/**
 * The same of one dataset.
 *
 * @throws NotFoundError when it does not read it, or the caller may not see that
 */
export async function describeConsumed(
  context: ApiContext,
  credentials: BackstageCredentials,
  { consumerRef, datasetRef }: { consumerRef: string; datasetRef: string },
): Promise<ConsumedDataset> {
  const consumed = (
    await context.consumers.ofDataset(datasetRef, { only: [consumerRef] })
  ).map(consumer => ({ datasetRef, consumer }));
  const [found] = await describe(context, credentials, consumerRef, consumed);
  if (!found) {
    throw new NotFoundError(`${consumerRef} is no consumer of '${datasetRef}'`);
  }
  return found;
}

async function describe(
  context: ApiContext,
  credentials: BackstageCredentials,
  consumerRef: string,
  consumed: Array<{ datasetRef: string; consumer: Consumer }>,
): Promise<ConsumedDataset[]> {
  const { knex, authorizer, consumerAuthorizer, datasets } = context;
  const scope = await authorizer.scope(credentials, datasetReadPermission);
  const found = await datasets.findAll(
    consumed.map(({ datasetRef }) => datasetRef),
    scope,
  );
  const [summaries, mayAcknowledge] = await Promise.all([
    summarizeDatasets(knex, found),
    consumerAuthorizer.allows(credentials, consumerRef),
  ]);
  const byRef = new Map(summaries.map(one => [one.entityRef, one]));
  const seen = consumed.flatMap(({ datasetRef, consumer }) => {
    const dataset = byRef.get(datasetRef);
    return dataset ? [{ dataset, consumer }] : [];
  });
  const upcomings = await context.controlPlane.readiness.upcomings(
    seen.map(({ dataset: { entityRef: datasetRef, nextVersion } }) => ({
      datasetRef,
      nextVersion,
    })),
  );
  const limit = limiter(CONCURRENT_PLANS);
  return Promise.all(
    seen.map(({ dataset, consumer }, index) =>
      limit(async () => ({
        ...(await judged(context, dataset, consumer, upcomings[index])),
        constraint: consumer.constraint,
        fields: consumer.fields,
        evidence: consumer.evidence,
        unread: consumer.unread,
        complete: consumer.complete,
        scan: consumer.scan,
        silence: consumer.silence,
        mayAcknowledge,
      })),
    ),
  );
}

async function judged(
  { controlPlane }: ApiContext,
  dataset: DatasetSummary,
  consumer: Consumer,
  findUpcoming: () => Promise<Upcoming | undefined>,
): Promise<Omit<ConsumedDataset, 'mayAcknowledge'>> {
  const { readiness } = controlPlane;
  const { entityRef, nextVersion } = dataset;
  try {
    const upcoming = await findUpcoming();
    if (!upcoming) {
      return { dataset, concerns: [] };
    }
    const { version, migration } = upcoming;
    return {
      dataset,
      targetVersion: version,
      migration: migration && summaryOf(migration),
      ...(await readiness.judge(entityRef, upcoming, consumer)),
    };
  } catch (error) {
    assertError(error);
    return {
      dataset,
      targetVersion: nextVersion,
      concerns: [],
      verdict: {
        consumer,
        verdict: 'unknown',
        reasons: [`There is no plan for ${nextVersion}: ${error.message}`],
        touchedBy: [],
        blocking: true,
      },
    };
  }
}

function summaryOf(record: OpenMigration): ConsumedDataset['migration'] {
  return {
    id: record.id,
    state: record.state,
    deadline: record.deadline?.toISOString(),
    retirement: record.retirement?.toISOString(),
    oldVersionState: record.oldVersionState,
  };
}
