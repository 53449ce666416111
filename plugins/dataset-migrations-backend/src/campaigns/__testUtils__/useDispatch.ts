import { mockServices } from '@backstage/backend-test-utils';
import { CampaignLimits } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { AgentRegistry } from '../../agents/AgentRegistry';
import { amelia } from '../../__testUtils__/controlPlane';
import { contract, locationOf } from '../../__testUtils__/MemoryEngine';
import { useTestDatabase } from '../../__testUtils__/testDatabase';
import { createCampaign } from '../../database/operations/campaigns/createCampaign';
import { DatasetDirectory, DatasetRecord } from '../../datasets/types';
import {
  prepareMigration,
  writeMigration,
} from '../../migrations/actions/newMigration';
import { testQueue } from '../../queue/__testUtils__/testQueue';
import { JobQueue } from '../../queue/types';
import { CampaignRunner } from '../CampaignRunner';
import { CampaignDependencies } from '../dependencies';
import { CampaignRequest } from '../types';

/** A dataset of a campaign as its dry run left it. */
export interface PlannedDataset {
  owner?: string;
  connection?: string;
  /** `memory` by default. */
  engine?: string;
  /** The place, among those of its campaign, of what goes before it. */
  upstream?: number;
}

/** Campaigns that are running, and the fleet that they are dispatched to. */
export interface GivenDispatch {
  readonly knex: Knex;
  readonly queue: JobQueue;
  /** Jobs that the workers alive can run at a time. */
  slots: number;
  /** The engines that these take jobs of; `memory` by default. */
  engines: string[] | undefined;
  /** Migrations that all campaigns together may have in flight. */
  maxInFlight: number;
  /** Whether who started the campaigns may migrate their datasets. */
  mayMigrate: boolean;
  campaign(
    datasets: PlannedDataset[],
    limits?: Partial<CampaignLimits>,
    stop?: CampaignRequest['stop'],
  ): Promise<string>;
  /** One round of starts over all campaigns. */
  dispatch(): Promise<void>;
  /** One step of every dry run, in a process that takes no jobs itself. */
  plan(): Promise<boolean>;
  /**
   * Starts a migration as a person does; returns its id.
   *
   * @param datasetRef - of one that is in no campaign by default
   */
  single(datasetRef?: string): Promise<string>;
  /** Datasets of a campaign whose migrations were started and have not ended. */
  active(campaign: string): Promise<number>;
  /** As if migrations of a campaign had succeeded, the oldest first. */
  succeed(campaign: string, count: number): Promise<void>;
  /** Removes all campaigns and jobs. */
  clear(): Promise<void>;
}

function record(entityRef: string): DatasetRecord {
  return {
    entityRef,
    title: entityRef,
    engine: 'memory',
    location: locationOf(entityRef),
    currentVersion: '1.0.0',
    published: false,
    versions: [
      { version: '1.0.0', state: 'current', status: 'active' },
      { version: '2.0.0', state: 'proposed', status: 'proposed' },
    ],
    contracts: [
      contract('1.0.0', ['id', 'delay']),
      contract('2.0.0', ['id', 'arrival_delay']),
    ],
    documents: [],
    windows: [],
    problems: [],
  };
}

/** Datasets that are as their campaigns planned them. Of some the first is not known yet. */
const directory = {
  getDataset: async (ref: string) => record(ref),
  getDatasets: async ([_, ...refs]: string[]) =>
    new Map(refs.map(ref => [ref, record(ref)])),
  findMany: async () => new Map(),
} as Partial<DatasetDirectory> as DatasetDirectory;

/** What a test of the dispatcher is given: its database, its queue, no workers. */
export function useDispatch(): GivenDispatch {
  const database = useTestDatabase();
  const settings = {
    maxDatasets: 1000,
    maxInFlight: 1000,
    lookEveryMs: 1000,
    windowsOfOwner: new Map(),
  };
  let queue: JobQueue;
  let slots = 0;
  let engines: string[] | undefined;
  let mayMigrate = true;
  let created = 0;

  const deps = () =>
    ({
      knex: database(),
      queue,
      settings,
      logger: mockServices.rootLogger(),
      directory,
      agents: new AgentRegistry(),
      migrationChanged: () => {},
      judgeInitiator: async () => async () => mayMigrate,
      slots: 0,
      fleet: async () => ({ slots, engines: slots > 0 ? engines : undefined }),
      availableEngines: () => ['memory'],
      outbox: { announceCampaign: async () => {} },
      // Who does not answer keeps no campaign.
      tellCreator: () => new Promise(() => {}),
      // A campaign whose migrations do not fail needs no more.
    } as Partial<CampaignDependencies> as CampaignDependencies);

  const clear = async () => {
    await database()('migrations').delete();
    await database()('campaigns').delete();
    await database().withSchema('dataset_migrations_boss').from('job').delete();
  };

  beforeEach(async () => {
    queue = testQueue(database());
    await queue.start();
    slots = 0;
    engines = ['memory'];
    mayMigrate = true;
    settings.maxInFlight = 1000;
  });

  afterEach(() => queue.stop());

  return {
    get knex() {
      return database();
    },
    get queue() {
      return queue;
    },
    get slots() {
      return slots;
    },
    set slots(count) {
      slots = count;
    },
    get engines() {
      return engines;
    },
    set engines(ids) {
      engines = ids;
    },
    get mayMigrate() {
      return mayMigrate;
    },
    set mayMigrate(may) {
      mayMigrate = may;
    },
    get maxInFlight() {
      return settings.maxInFlight;
    },
    set maxInFlight(count) {
      settings.maxInFlight = count;
    },
    clear,
    dispatch: () => new CampaignRunner(deps()).dispatch(),
    plan: () => new CampaignRunner(deps()).plan(),

    async campaign(datasets, limits, stop) {
      const knex = database();
      const id = randomUUID();
      created += 1;
      const ref = (place: number) => `resource:default/${created}-${place}`;
      const request: CampaignRequest = {
        title: `Campaign ${created}`,
        selection: { query: {} },
        policy: 'switch',
        windows: [],
        autoStart: true,
        limits: { batchSize: 100, maxInFlight: 1000, ...limits },
        stop,
      };
      await knex.transaction(async trx => {
        await createCampaign(trx, {
          id,
          title: request.title,
          createdBy: amelia.subject,
          initiator: amelia,
          request,
          requestHash: id,
        });
        await trx('campaigns').where({ id }).update({ state: 'running' });
        await trx('campaign_datasets').insert(
          datasets.map(({ owner, connection, engine = 'memory' }, place) => ({
            campaign_id: id,
            dataset_ref: ref(place),
            position: place,
            level: 0,
            state: 'waiting',
            owner: owner ?? null,
            engine,
            connection: connection ?? null,
            planned: JSON.stringify({ toVersion: '2.0.0', policy: 'switch' }),
          })),
        );
        for (const [place, { upstream }] of datasets.entries()) {
          if (upstream !== undefined) {
            await trx('campaign_edges').insert({
              campaign_id: id,
              dataset_ref: ref(place),
              upstream_ref: ref(upstream),
            });
          }
        }
      });
      return id;
    },

    async single(datasetRef) {
      created += 1;
      const migration = await prepareMigration(
        deps(),
        record(datasetRef ?? `resource:default/${created}-single`),
        { targetVersion: '2.0.0', policy: 'switch', initiator: amelia },
      );
      await database().transaction(trx =>
        writeMigration(deps(), trx, migration),
      );
      return migration.id;
    },

    async active(campaign) {
      const [{ count }] = await database()('campaign_datasets')
        .where({ campaign_id: campaign, state: 'active' })
        .count({ count: '*' });
      return Number(count);
    },

    async succeed(campaign, count) {
      const knex = database();
      await knex('migrations')
        .whereIn(
          'id',
          knex('migrations')
            .select('id')
            .where({ campaign_id: campaign, state: 'queued' })
            .orderBy(['created_at', 'id'])
            .limit(count),
        )
        .update({ state: 'succeeded', finished_at: knex.fn.now() });
    },
  };
}
