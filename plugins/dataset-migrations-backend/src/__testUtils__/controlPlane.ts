import { mockServices } from '@backstage/backend-test-utils';
import {
  Consumer,
  Migration,
  MigrationState,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { JsonObject } from '@backstage/types';
import { Knex } from 'knex';
import { AgentRegistry } from '../agents/AgentRegistry';
import { EngineRegistry } from '../engines/EngineRegistry';
import { occurrenceOf } from '../notifications/receivers';
import {
  AnnouncementKind,
  AwaitingMigration,
  Outbox,
} from '../notifications/types';
import { Initiator } from '../permissions/initiators';
import { CheckpointHook } from '../pipeline/checkpoints';
import { testQueue } from '../queue/__testUtils__/testQueue';
import { QueueSettings } from '../queue/settings';
import { ControlPlane, createControlPlane } from '../service';
import { Telemetry } from '../telemetry/types';
import { Workers } from '../telemetry/Workers';
import { Commits } from './Commits';
import { contract, MemoryEngine, memoryLocation } from './MemoryEngine';
import { poll } from './poll';
import { TestDirectory } from './TestDirectory';

export const flights = 'resource:default/flights';

export const amelia: Initiator = {
  kind: 'user',
  subject: 'user:default/amelia',
  decision: { result: AuthorizeResult.ALLOW },
};

const atOnce = { limit: 2, delay: 0, maxDelay: 1 };

const silent: Telemetry = {
  job: (_, fn) => fn(),
  stageSlice: (_, fn) => fn(),
  stageEnded: () => {},
  migrationEnded: () => {},
  rowsTransformed: () => {},
  deliveryEnded: () => {},
};

export class Worker {
  constructor(
    readonly plane: ControlPlane,
    private readonly tasks: Map<string, (signal: AbortSignal) => unknown>,
    private readonly commits: Commits,
  ) {}

  get migrations() {
    return this.plane.migrations;
  }

  start(targetVersion = '2.0.0', policy?: 'switch' | 'coexist') {
    return this.migrations.start({
      request: { datasetRef: flights, targetVersion, policy },
      initiator: amelia,
    });
  }

  /** Whether a task was scheduled. */
  isScheduled(id: string): boolean {
    return this.tasks.has(`dataset-migrations:${id}`);
  }

  /** Runs a scheduled task now. */
  async upkeep(id: string): Promise<void> {
    await this.tasks.get(`dataset-migrations:${id}`)!(
      new AbortController().signal,
    );
  }

  reaches(id: string, state: MigrationState): Promise<Migration> {
    return this.becomes(id, state, now => now.state === state);
  }

  /** Waits until it is blocked for a reason that names something. */
  blocksAgain(id: string, named: string): Promise<Migration> {
    return this.becomes(
      id,
      `blocked because of ${named}`,
      ({ state, error }) =>
        state === 'blocked' && (error?.message.includes(named) ?? false),
    );
  }

  /** Waits until the old version is retired. */
  retires(id: string): Promise<Migration> {
    return this.becomes(
      id,
      'retired',
      ({ oldVersionState }) => oldVersionState === 'retired',
    );
  }

  /** Waits until a migration that goes on all the same has an error. */
  errs(id: string): Promise<Migration> {
    return this.becomes(id, 'in error', ({ error }) => error !== undefined);
  }

  /** Waits until a migration is as told, in the memory of this process too. */
  private async becomes(
    id: string,
    what: string,
    isSo: (migration: Migration) => boolean,
  ): Promise<Migration> {
    let last: Migration | undefined;
    const migration = await poll(
      () =>
        `the migration to be ${what}; it is ${last?.state} at ${last?.stage}: ${last?.error?.message}`,
      async () => {
        last = await this.migrations.get(id);
        return isSo(last) && last;
      },
    );
    await this.commits.settled();
    return migration;
  }

  async log(id: string): Promise<string[]> {
    const { items } = await this.migrations.events(id, {});
    return items.map(({ message }) => message);
  }
}

/** What all workers of a test share: the store, the catalog, what was told. */
export class World {
  readonly engine = new MemoryEngine(10);
  private readonly commits = new Commits();
  readonly directory = new TestDirectory(
    {
      entityRef: flights,
      title: 'Flights',
      engine: 'memory',
      location: memoryLocation,
      currentVersion: '1.0.0',
      published: false,
      versions: [
        { version: '1.0.0', state: 'current', status: 'active' },
        { version: '2.0.0', state: 'proposed', status: 'proposed' },
        { version: '3.0.0', state: 'proposed', status: 'proposed' },
      ],
      contracts: [
        contract('1.0.0', ['id', 'delay']),
        contract('2.0.0', ['id', 'arrival_delay']),
        contract('3.0.0', ['id', 'minutes_late']),
      ],
      documents: [],
      windows: [],
      problems: [],
    },
    this.commits,
  );
  readonly announced: Array<{ kind: AnnouncementKind; to: string[] }> = [];
  /** Whom the verdicts of each announcement say to break. */
  readonly breaking: Array<{ kind: AnnouncementKind; whom: string[] }> = [];
  /** What each digest says to whom: of which datasets, until when, for whom. */
  readonly digests: Array<Record<string, AwaitingMigration[]>> = [];
  readonly timeRequests: Array<{
    consumerRef: string;
    reason: string;
    timesTold: number;
  }> = [];
  /** As the outbox knows by its unique index what was announced before. */
  private readonly occurred = new Set<string>();
  readonly changes: string[] = [];
  mayMigrate = true;

  constructor(readonly knex: Knex) {
    this.engine.write(() =>
      Array.from({ length: 95 }, (_, i) => ({
        id: String(i + 1),
        delay: String(i * 3),
      })),
    );
  }

  /** Another worker process, as far as the control plane can tell. */
  async worker(options?: {
    checkpoint?: CheckpointHook;
    queue?: Partial<QueueSettings>;
    slots?: number;
    sliceDuration?: string;
    /** Nothing, by default: whether the catalog is asked anew is not a matter of time. */
    catalogAnswer?: string;
    /** Settings of `datasetMigrations.notifications`. */
    notifications?: JsonObject;
  }): Promise<Worker> {
    const { knex, engine, directory, announced, breaking, changes, commits } =
      this;
    const logger = mockServices.rootLogger();
    const config = mockServices.rootConfig({
      data: {
        datasetMigrations: {
          pipeline: {
            sliceDuration: options?.sliceDuration ?? '20s',
            catalogAnswer: options?.catalogAnswer ?? '0s',
          },
          notifications: options?.notifications ?? {},
        },
      },
    });
    const announcing =
      (isLate: boolean): Outbox['announce'] =>
      async (trx, kind, migration, consumers) => {
        const occurrence = `${migration.id} ${kind} ${occurrenceOf(
          kind,
          migration,
          isLate,
        )}`;
        commits.after(trx, () => {
          if (!this.occurred.has(occurrence)) {
            this.occurred.add(occurrence);
            announced.push({ kind, to: consumers.map(c => c.entityRef) });
            breaking.push({
              kind,
              whom: (migration.verdicts ?? [])
                .filter(({ verdict }) => verdict === 'breaks')
                .map(({ consumer }) => consumer.entityRef),
            });
          }
        });
      };
    const outbox: Outbox = {
      announce: announcing(false),
      announceToLatecomers: announcing(true),
      announceTimeRequest: async (
        trx,
        { timesTold },
        { consumerRef, reason },
      ) => {
        commits.after(
          trx,
          () => void this.timeRequests.push({ consumerRef, reason, timesTold }),
        );
      },
      announceCampaign: async () => {},
      announceDigest: async (trx, _, byOwner) => {
        commits.after(
          trx,
          () => void this.digests.push(Object.fromEntries(byOwner)),
        );
      },
      deliver: async () => {},
      markDead: async () => {},
      resumeStalled: async () => {},
      stop: async () => {},
    };
    const tasks = new Map<string, (signal: AbortSignal) => unknown>();
    const plane = createControlPlane({
      knex,
      queue: testQueue(knex, {
        shutdownSeconds: 5,
        retries: { advance: atOnce, preflight: atOnce, deliver: atOnce },
        ...options?.queue,
      }),
      logger,
      scheduler: {
        ...mockServices.scheduler.mock(),
        scheduleTask: async task => void tasks.set(task.id, task.fn),
      },
      config,
      directory,
      outbox,
      engines: await EngineRegistry.create({
        factories: [{ id: engine.id, create: async () => engine }],
        config,
        logger,
      }),
      agents: new AgentRegistry(),
      telemetry: silent,
      workers: new Workers({ knex, logger }),
      slots: options?.slots ?? 2,
      mayStillMigrate: async () => this.mayMigrate,
      judgeInitiator: async () => async () => this.mayMigrate,
      findDatasets: async () => [flights],
      tellCreator: async () => {},
      migrationChanged: ({ migrationId }) => changes.push(migrationId),
      checkpoint: options?.checkpoint,
    });
    await plane.start();
    return new Worker(plane, tasks, commits);
  }
}

export const readsDelay: Consumer = {
  entityRef: 'component:default/board',
  source: 'declared',
  constraint: '^1.0.0',
  fields: ['delay'],
};
