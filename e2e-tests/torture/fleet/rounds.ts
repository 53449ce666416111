import { randomUUID } from 'node:crypto';
import { eventually } from '../../../scripts/lib/eventually';
import { SmallDataset } from '../../many/smallDatasets';
import { Version } from '../Material';
import { Fate, fateOf } from './awkward';
import { BusyTable } from './BusyTable';
import { ChaosWorld } from './chaosWorld';
import { DatasetOutcome } from './ControlPlane';
import { leftovers } from './leftovers';

/** What the campaign allows a migration to take; longer than any run. */
const TIMEOUT_MINUTES = 600;
/** How long a campaign, or the way back, may take under blows. */
const PATIENCE_SECONDS = 900;
/** How long what is over may take to be gone. */
const TIDY_SECONDS = 90;

/** Something that must be done while blows fall. */
type UnderBlows = (work: () => Promise<void>) => Promise<void>;

/** A campaign over all datasets under blows, and what it must have become. */
export async function campaignUnderBlows(
  world: ChaosWorld,
  options: { title: string; underBlows: UnderBlows },
): Promise<{ id: string; migrations: number; wrong: string[] }> {
  const { client, controlPlane, many } = world;
  const slow = many.datasets.find((_, index) => fateOf(index) === 'slow')!;
  const busy = new BusyTable(many.warehouse, slow.name);
  await busy.hold();
  let id = '';
  try {
    await options.underBlows(async () => {
      const request = {
        title: options.title,
        selection: { datasets: many.datasets.map(({ ref }) => ref) },
        limits: { batchSize: 5, maxInFlight: 15 },
        timeoutMinutes: TIMEOUT_MINUTES,
        autoStart: true,
      };
      const idempotencyKey = randomUUID();
      ({ id } = await eventually('the campaign is taken', () =>
        client.campaigns.create(request, { idempotencyKey }),
      ));
      const timedOut = timeOut(world, id, slow, busy);
      await eventually(
        'the campaign comes to its end without help',
        async () => {
          const open = openOnes(await controlPlane.outcomes(id));
          return open.length === 0;
        },
        PATIENCE_SECONDS,
      ).catch(async error => {
        const open = openOnes(await controlPlane.outcomes(id));
        throw new Error(`${error.message}: ${JSON.stringify(open)}`);
      });
      await timedOut;
    });
  } finally {
    await busy.release();
  }

  const outcomes = await controlPlane.outcomes(id);
  const wrong = [
    ...wrongOutcomes(many.datasets, outcomes, busy.gaps > 0),
    ...(await untidy(world, 'the campaign')),
    ...(await wrongRows(world, outcomes)),
  ];
  await eventually('the cancellation is taken', async () => {
    const { actions } = await client.campaigns.get(id);
    return !actions.includes('cancel') || client.campaigns.act(id, 'cancel');
  });
  await eventually('the campaign is cancelled', async () => {
    const { state } = await client.campaigns.get(id);
    return state === 'cancelled';
  });
  const after = await controlPlane.outcomes(id);
  wrong.push(
    ...after
      .filter(({ state }) => ['pending', 'waiting', 'active'].includes(state))
      .map(({ datasetRef, state }) => `${datasetRef} stayed ${state}`),
  );
  return {
    id,
    migrations: outcomes.reduce((sum, { migrations }) => sum + migrations, 0),
    wrong,
  };
}

/** All migrations of a campaign are rolled back, so that the next one can begin. */
export async function rollBackUnderBlows(
  world: ChaosWorld,
  options: { id: string; underBlows: UnderBlows },
): Promise<string[]> {
  const { client, controlPlane, many } = world;
  const { id } = options;
  await options.underBlows(async () => {
    for (const migrationId of await controlPlane.succeededMigrations(id)) {
      await eventually('the roll back is taken', async () => {
        const { state } = await client.getMigration(migrationId);
        return state !== 'succeeded' || client.rollbackMigration(migrationId);
      });
    }
    await eventually(
      'all migrations are rolled back without help',
      async () => {
        const states = await controlPlane.migrationStates(id);
        return !states.succeeded && !states['rolling-back'];
      },
      PATIENCE_SECONDS,
    );
  });
  const { failed = 0 } = await controlPlane.migrationStates(id);
  const poisoned = many.datasets.filter(each => each.poisoned).length;
  return [
    ...(failed > poisoned ? [`${failed - poisoned} roll backs failed`] : []),
    ...(await untidy(world, 'the roll back')),
    ...(await rowsAt(world, many.datasets, '1.0.0')),
  ];
}

/** Those that are not in the state in which a campaign leaves them. */
function openOnes(outcomes: DatasetOutcome[]): DatasetOutcome[] {
  return outcomes.length === 0
    ? [
        {
          datasetRef: '',
          state: 'none yet',
          reason: null,
          migrations: 0,
          succeeded: 0,
        },
      ]
    : outcomes.filter(({ state }, index) =>
        fateOf(index) === 'closed'
          ? state !== 'waiting'
          : ['pending', 'waiting', 'active', 'blocked'].includes(state),
      );
}

/**
 * Lets the slow one's time run out: the table says then that it began so many
 * minutes ago.
 */
async function timeOut(
  { controlPlane }: ChaosWorld,
  id: string,
  { ref }: SmallDataset,
  busy: BusyTable,
): Promise<void> {
  await eventually(
    'the slow one is given up',
    async () => {
      await controlPlane.age(id, ref, TIMEOUT_MINUTES + 1);
      const outcome = (await controlPlane.outcomes(id)).find(
        ({ datasetRef }) => datasetRef === ref,
      );
      return (
        outcome &&
        (outcome.reason?.startsWith('It took longer') ||
          outcome.state === 'succeeded')
      );
    },
    PATIENCE_SECONDS,
  );
  // To clean up, the engine needs the table.
  await busy.release();
}

function wrongOutcomes(
  datasets: SmallDataset[],
  outcomes: DatasetOutcome[],
  slowMayPass: boolean,
): string[] {
  const expected: Record<Fate, (outcome: DatasetOutcome) => boolean> = {
    succeeds: ({ state, succeeded, migrations }) =>
      state === 'succeeded' && succeeded === 1 && migrations === 1,
    poisoned: ({ state, succeeded }) => state === 'failed' && succeeded === 0,
    slow: ({ state, reason, succeeded }) =>
      state === 'failed' && reason!.startsWith('It took longer')
        ? succeeded === 0
        : slowMayPass && state === 'succeeded' && succeeded === 1,
    closed: ({ state, migrations }) => state === 'waiting' && migrations === 0,
  };
  return datasets.flatMap(({ ref }, index) => {
    const fate = fateOf(index);
    const outcome = outcomes.find(({ datasetRef }) => datasetRef === ref);
    return outcome && expected[fate](outcome)
      ? []
      : [`G1: ${ref} (${fate}) ended as ${JSON.stringify(outcome)}`];
  });
}

/** Jobs, leases, shadows and active migrations that are still there. */
async function untidy(world: ChaosWorld, after: string): Promise<string[]> {
  const { controlPlane, many } = world;
  // One that failed keeps its shadow for a retry.
  const datasets = many.datasets.filter(({ poisoned }) => !poisoned);
  let left: string[] = [];
  await eventually(
    'everything is tidy',
    async () => {
      left = [
        ...(await controlPlane.remains()),
        ...(await leftovers({ ...many, datasets })),
      ];
      return left.length === 0;
    },
    TIDY_SECONDS,
  ).catch(error => {
    if (left.length === 0) throw error;
  });
  return left.map(what => `after ${after}: ${what}`);
}

async function wrongRows(
  world: ChaosWorld,
  outcomes: DatasetOutcome[],
): Promise<string[]> {
  const done = new Set(
    outcomes
      .filter(({ state }) => state === 'succeeded')
      .map(({ datasetRef }) => datasetRef),
  );
  const { datasets } = world.many;
  return [
    ...(await rowsAt(
      world,
      datasets.filter(({ ref }) => done.has(ref)),
      '2.0.0',
    )),
    ...(await rowsAt(
      world,
      datasets.filter(({ ref }) => !done.has(ref)),
      '1.0.0',
    )),
  ];
}

async function rowsAt(
  { many }: ChaosWorld,
  datasets: SmallDataset[],
  version: Version,
): Promise<string[]> {
  const wrong = await many.wrongAt(version, datasets);
  return wrong.map(name => `the rows of ${name} are not those of ${version}`);
}
