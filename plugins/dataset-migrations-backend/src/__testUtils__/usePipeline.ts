import { Knex } from 'knex';
import { Worker, World } from './controlPlane';
import { useTestDatabase } from './testDatabase';

/** What a test of the pipeline is given: a new world, and workers as it wants. */
export interface GivenPipeline {
  readonly knex: Knex;
  readonly world: World;
  /** In the order in which they were started. */
  readonly workers: Worker[];
  worker(...options: Parameters<World['worker']>): Promise<Worker>;
  /** Both the data and what the plugin says of them. */
  expectVersion(version: '1.0.0' | '2.0.0'): void;
}

/** Workers that the test leaves running are stopped after it. */
export function usePipeline(): GivenPipeline {
  const database = useTestDatabase();
  let world: World;
  let workers: Worker[];

  beforeEach(() => {
    world = new World(database());
    workers = [];
  });

  afterEach(async () => {
    await Promise.all(workers.map(({ plane }) => plane.stop()));
  });

  return {
    get knex() {
      return database();
    },
    get world() {
      return world;
    },
    get workers() {
      return workers;
    },
    async worker(...options) {
      const worker = await world.worker(...options);
      workers.push(worker);
      return worker;
    },
    expectVersion(version) {
      const field = version === '1.0.0' ? 'delay' : 'arrival_delay';
      expect(world.engine.store.rows).toEqual(
        Array.from({ length: 95 }, (_, i) => ({
          id: String(i + 1),
          [field]: String(i * 3),
        })),
      );
      expect(world.directory.dataset.currentVersion).toBe(version);
    },
  };
}
