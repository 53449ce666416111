import {
  DatasetMigrationsApi,
  isActive,
  Migration,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { manyConsumers } from '../src/__testUtils__/consumers';
import { failureGroups } from '../src/__testUtils__/campaigns';
import {
  fakeApi,
  fakeCampaigns,
  idleQueue,
  manyDatasets,
  datasetsOf,
  pageOf,
  responseError,
} from '../src/__testUtils__/fakeApi';
import {
  FLIGHTS,
  flightEnginePlan,
  flightsDataset,
  flightsPlan,
  flightTablePlan,
} from '../src/__testUtils__/flights';
import {
  busyMigration,
  flightEvents,
  flightsMigration,
  stagesUpTo,
  succeededMigration,
} from '../src/__testUtils__/migrations';
import { simulatedCampaigns } from './campaigns';

const TOTAL = 3_000_000;
const RATE = 150_000;

/**
 * The fixtures, with one migration that moves by the clock. What else is shown
 * is chosen by switches in the browser's storage: `skein-dev` holds words such
 * as `many`, `forbidden`, `refused`, `table`, `active`,
 * `empty`.
 */
export function simulatedApi(): DatasetMigrationsApi {
  const has = (word: string) =>
    (localStorage.getItem('skein-dev') ?? '').split(' ').includes(word);
  const fixed = fakeApi();
  const busy = busyMigration();
  let started: { at: number; migration: Migration } | undefined;

  const current = (): Migration | undefined => {
    if (!started) {
      return undefined;
    }
    const seconds = (Date.now() - started.at) / 1000;
    const rowsDone = Math.min(TOTAL, Math.round(seconds * RATE));
    if (rowsDone === TOTAL) {
      return succeededMigration({ id: started.migration.id });
    }
    return {
      ...started.migration,
      state: 'running',
      stage: 'transform',
      stages: stagesUpTo('transform', 'running', seconds + 2),
      progress: {
        rowsDone,
        rowsTotal: TOTAL,
        chunksDone: Math.floor((rowsDone / TOTAL) * 30),
        chunksTotal: 30,
        rowsPerSecond: RATE,
        secondsLeft: (TOTAL - rowsDone) / RATE,
      },
    };
  };
  const start = () => {
    started = {
      at: Date.now(),
      migration: flightsMigration({ id: 'simulated' }),
    };
    return started.migration;
  };
  if (has('active')) {
    start();
  }

  return {
    ...fixed,
    getDataset: async () => {
      const migration = current();
      return flightsDataset({
        activeMigration:
          migration && isActive(migration.state)
            ? {
                id: migration.id,
                state: migration.state,
                stage: migration.stage,
              }
            : undefined,
        ...(has('empty') ? { nextVersion: undefined, versions: [] } : {}),
      });
    },
    listDatasets: async request =>
      datasetsOf(manyDatasets(has('many') ? 3_142 : 3), request),
    listMigrations: async request => {
      if (has('empty')) {
        return pageOf([]);
      }
      const page = await fixed.listMigrations(request);
      if (!has('many') || request?.datasetRef) {
        return page;
      }
      return pageOf(
        Array.from({ length: 10_240 }, (_, index) => ({
          ...page.items[index % page.items.length],
          id: `m${index}`,
        })),
        request,
      );
    },
    getConsumers: async (ref, request) => {
      if (!has('many')) {
        return fixed.getConsumers(ref, request);
      }
      return {
        fromVersion: '1.0.0',
        targetVersion: '2.0.0',
        items: manyConsumers(1_000),
        counts: { ready: 900, breaks: 100, unknown: 0 },
      };
    },
    plan: async (_, { targetVersion }) =>
      flightsPlan({
        toVersion: targetVersion,
        ...(has('many') ? { consumers: manyConsumers(1_000) } : {}),
        enginePlan: {
          ...(has('table') ? flightTablePlan : flightEnginePlan),
          refusals: has('refused')
            ? [
                'The view `reporting.v_delays` reads `delay`: drop it, or write it anew for `arrival_delay`.',
                'The server needs 700 MB more free space.',
              ]
            : [],
        },
      }),
    preview: async (ref, request) => {
      if (has('forbidden')) {
        throw await responseError(403, 'NotAllowedError', 'not allowed');
      }
      return fixed.preview(ref, request);
    },
    startMigration: async () => start(),
    getMigration: async id => {
      if (id === 'simulated') {
        return current()!;
      }
      return id === busy.id ? busy : fixed.getMigration(id);
    },
    listMigrationEvents: async (id, request) => {
      if (id !== 'simulated') {
        return fixed.listMigrationEvents(id, request);
      }
      const offset = Number(request?.cursor ?? 0);
      const items = flightEvents(current()?.progress?.chunksDone ?? 30).slice(
        offset,
      );
      return { items, nextCursor: String(offset + items.length) };
    },
    campaigns: has('empty')
      ? fakeCampaigns({ list: async () => pageOf([]) })
      : simulatedCampaigns(has('many') ? 10_000 : 30),
    listFailures: async () => ({
      items: has('empty') ? [] : failureGroups,
    }),
    getQueueStatus: async () => {
      const [first, ...others] = idleQueue.workers;
      return {
        ...idleQueue,
        depth: 1_204,
        eligibleBacklog: 3_604,
        oldestAgeSeconds: 75,
        running: 7,
        workers: [
          { ...first, engines: ['postgres'], running: 4, version: '0.1.0' },
          ...others,
          { ...first, id: 'worker-3', state: 'draining', running: 2 },
        ],
      };
    },
    getConsumedDatasets: async () => ({
      items: [
        ...(await fixed.getConsumedDatasets(FLIGHTS)).items,
        ...manyDatasets(3).map(dataset => ({
          dataset,
          coming: [],
          mayAcknowledge: false,
        })),
      ],
    }),
  };
}
