import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { assertError, NotFoundError } from '@backstage/errors';
import {
  ComingVersion,
  ConsumedDataset,
  Consumer,
  datasetReadPermission,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { setImmediate } from 'node:timers/promises';
import { OpenMigration } from '../database/operations/migrations/findOpenMigration';
import { listReadBy } from '../datasets/listReadBy';
import { summarizeDatasets } from '../datasets/listDatasets';
import { Said } from '../planning/judgeAnswered';
import { readSaid } from '../readiness/readSaid';
import { AwaitedVersion } from '../readiness/types';
import { withoutSecrets } from '../secrets/withoutSecrets';
import { ApiContext } from './ApiContext';

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
  const byRef = new Map(
    summaries.map((summary, index) => [
      summary.entityRef,
      { summary, record: found[index] },
    ]),
  );
  const seen = consumed.flatMap(({ datasetRef, consumer }) => {
    const dataset = byRef.get(datasetRef);
    return dataset ? [{ ...dataset, consumer }] : [];
  });
  const upcomings = await context.controlPlane.readiness.upcomings(
    seen.map(({ record }) => record),
  );
  const saidAbout = await readSaid(
    knex,
    consumerRef,
    seen.flatMap(({ record: { entityRef: datasetRef } }, index) =>
      upcomings[index].map(({ version }) => ({ datasetRef, version })),
    ),
  );
  const items: ConsumedDataset[] = [];
  for (const [index, { summary, consumer }] of seen.entries()) {
    const coming: ComingVersion[] = [];
    for (const upcoming of upcomings[index]) {
      const said = saidAbout(summary.entityRef, upcoming.version);
      coming.push(
        await judged(context, summary.entityRef, upcoming, consumer, said),
      );
      // To plan waits for nothing, and there may be a thousand plans: others go between.
      await setImmediate();
    }
    items.push({
      dataset: summary,
      constraint: consumer.constraint,
      fields: consumer.fields,
      evidence: consumer.evidence,
      unread: consumer.unread,
      complete: consumer.complete,
      scan: consumer.scan,
      silence: consumer.silence,
      coming,
      mayAcknowledge,
    });
  }
  return items;
}

async function judged(
  { controlPlane: { readiness } }: ApiContext,
  datasetRef: string,
  { version, fromVersion, migration, find }: AwaitedVersion,
  consumer: Consumer,
  said: Said,
): Promise<ComingVersion> {
  const coming = {
    version,
    fromVersion,
    migration: migration && summaryOf(migration),
  };
  try {
    const upcoming = await find();
    return {
      ...coming,
      ...(await readiness.judge(datasetRef, upcoming, consumer, said)),
    };
  } catch (error) {
    assertError(error);
    return {
      ...coming,
      concerns: [],
      verdict: {
        consumer,
        verdict: 'unknown',
        reasons: [
          `There is no plan for ${version}: ${withoutSecrets(error.message)}`,
        ],
        touchedBy: [],
        blocking: true,
      },
    };
  }
}

function summaryOf(record: OpenMigration): ComingVersion['migration'] {
  return {
    id: record.id,
    state: record.state,
    deadline: record.deadline?.toISOString(),
    retirement: record.retirement?.toISOString(),
    oldVersionState: record.oldVersionState,
  };
}
