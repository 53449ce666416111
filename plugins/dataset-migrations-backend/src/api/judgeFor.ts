import { assertError } from '@backstage/errors';
import {
  Consumer,
  ConsumersResponse,
  ConsumerVerdict,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  ConcerningOptions,
  judgeConsumers,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { DatasetRecord } from '../datasets/types';
import { withoutSecrets } from '../secrets/withoutSecrets';
import { ApiContext } from './ApiContext';

/** Verdicts for a version, and by what they were made. */
export interface JudgedFor {
  response: ConsumersResponse;
  /** What changes; nothing where no version comes, or there is no plan for it. */
  known: ConcerningOptions;
  /** Why there is no plan for the next version. */
  unplanned?: string;
}

/**
 * Judges consumers of a dataset for a version that was asked for, or else the next one.
 *
 * @throws when there is no plan for a version that was asked for
 */
export async function judgeFor(
  { controlPlane }: Pick<ApiContext, 'controlPlane'>,
  dataset: DatasetRecord,
  consumers: Consumer[],
  asked?: string,
): Promise<JudgedFor> {
  const { entityRef, currentVersion, nextVersion } = dataset;
  const targetVersion = asked ?? nextVersion;
  const known: ConcerningOptions = { changes: [] };
  if (targetVersion === undefined) {
    const toVersion = currentVersion ?? '0.0.0';
    return {
      response: answer(
        judgeConsumers({ consumers, changes: [], toVersion }),
        currentVersion,
      ),
      known,
    };
  }
  try {
    const judged = await controlPlane.planner.judge(
      entityRef,
      targetVersion,
      consumers,
    );
    return {
      response: answer(judged.verdicts, judged.fromVersion, targetVersion),
      known: judged.known,
    };
  } catch (error) {
    assertError(error);
    if (asked !== undefined) {
      throw error;
    }
    // Nobody asked for that version: the consumers are shown all the same.
    const unplanned = `There is no plan for ${targetVersion}: ${withoutSecrets(
      error.message,
    )}`;
    return {
      response: answer(
        consumers.map(consumer => ({
          consumer,
          verdict: 'unknown',
          reasons: [unplanned],
          touchedBy: [],
          blocking: true,
        })),
        currentVersion,
        targetVersion,
      ),
      known,
      unplanned,
    };
  }
}

function answer(
  items: ConsumerVerdict[],
  fromVersion?: string,
  targetVersion?: string,
): ConsumersResponse {
  const counts = { ready: 0, breaks: 0, unknown: 0 };
  for (const { verdict } of items) {
    counts[verdict] += 1;
  }
  return { fromVersion, targetVersion, items, counts };
}
