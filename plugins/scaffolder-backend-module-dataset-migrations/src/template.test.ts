import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import scaffolder from '@backstage/plugin-scaffolder-backend';
import {
  createTemplateAction,
  scaffolderActionsExtensionPoint,
} from '@backstage/plugin-scaffolder-node';
import { JsonObject } from '@backstage/types';
import {
  ConsumersResponse,
  DatasetMigrationsClient,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { readFileSync } from 'fs';
import { resolve } from 'path';
import { parse } from 'yaml';
import { createConsumersAction } from './actions/createConsumersAction';

jest.setTimeout(60_000);

const templateOf = (name: string) =>
  parse(
    readFileSync(
      resolve(__dirname, `../../../examples/templates/${name}/template.yaml`),
      'utf8',
    ),
  );

const consumers: ConsumersResponse = {
  items: [
    {
      consumer: { entityRef: 'component:default/board', source: 'declared' },
      verdict: 'breaks',
      reasons: ['reads delay, renamed to arrival_delay'],
      touchedBy: [],
      blocking: true,
    },
  ],
  counts: { ready: 0, breaks: 1, unknown: 0 },
};

/** The templates of the demo, run by the scaffolder itself. */
describe('the templates', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let portal: Awaited<ReturnType<typeof startTestBackend>>;
  const migrated: JsonObject[] = [];
  const campaigns: JsonObject[] = [];

  beforeAll(async () => {
    const actions = createBackendModule({
      pluginId: 'scaffolder',
      moduleId: 'actions-of-the-test',
      register(reg) {
        reg.registerInit({
          deps: { extension: scaffolderActionsExtensionPoint },
          async init({ extension }) {
            extension.addActions(
              createConsumersAction({
                api: Object.assign(
                  new DatasetMigrationsClient({
                    discoveryApi: mockServices.discovery(),
                  }),
                  { getConsumers: async () => consumers },
                ),
                auth: mockServices.auth({ pluginId: 'scaffolder' }),
              }),
              createTemplateAction({
                id: 'dataset:migrate',
                supportsDryRun: true,
                handler: async ({ input }) => void migrated.push(input),
              }),
              createTemplateAction({
                id: 'dataset:campaign',
                supportsDryRun: true,
                handler: async ({ input }) => void campaigns.push(input),
              }),
            );
          },
        });
      },
    });
    const knex = await databases.init('POSTGRES_18');
    portal = await startTestBackend({
      features: [
        scaffolder,
        actions,
        mockServices.database.mock({ getClient: async () => knex }).factory,
      ],
    });
  });

  afterAll(async () => {
    await portal.stop();
  });

  beforeEach(() => {
    migrated.length = 0;
    campaigns.length = 0;
  });

  async function run(name: string, values: JsonObject): Promise<string> {
    const answer = await fetch(
      `http://localhost:${portal.server.port()}/api/scaffolder/v2/dry-run`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          template: templateOf(name),
          values,
          directoryContents: [],
        }),
      },
    );
    return answer.text();
  }

  describe('migrate-dataset', () => {
    const migrate = (how: JsonObject) =>
      run('migrate-dataset', {
        dataset: 'resource:default/flights',
        version: '2.0.0',
        ...how,
      });

    it.each([
      { policy: 'switch', failOn: 'breaks' },
      // Whoever runs it without the form.
      { policy: 'switch' },
      {},
    ])('stops under %j when a consumer would break', async how => {
      expect(await migrate(how)).toContain(
        'reads delay, renamed to arrival_delay',
      );
      expect(migrated).toEqual([]);
    });

    it.each([
      { policy: 'coexist' },
      // Chosen before the policy was.
      { policy: 'coexist', failOn: 'breaks' },
      { policy: 'switch', failOn: 'none' },
    ])('goes on under %j although a consumer would break', async how => {
      await migrate(how);
      expect(migrated).toMatchObject([
        { targetVersion: '2.0.0', policy: how.policy },
      ]);
    });
  });

  describe('migrate-many-datasets', () => {
    const title = 'All to 2.x';

    it('plans all datasets of an owner, and leaves the start to somebody', async () => {
      await run('migrate-many-datasets', {
        title,
        choice: 'owner',
        owner: 'group:default/flight-data',
        // Chosen before the choice was changed.
        datasets: ['resource:default/zipcodes'],
        policy: 'proposed',
        canary: 0,
        start: false,
      });
      expect(campaigns).toEqual([
        {
          title,
          selection: {
            query: { owner: 'group:default/flight-data', status: 'upgradable' },
          },
          policy: 'proposed',
          start: false,
          wait: true,
          timeout: { hours: 4 },
        },
      ]);
    });

    it('migrates some datasets at once, a few of them first', async () => {
      const datasets = [
        'resource:default/flights',
        'resource:default/zipcodes',
      ];
      await run('migrate-many-datasets', {
        title,
        choice: 'datasets',
        datasets,
        targetVersion: '2.x',
        policy: 'switch',
        canary: 1,
        start: true,
      });
      expect(campaigns).toMatchObject([
        {
          selection: { datasets },
          targetVersion: '2.x',
          waves: { canary: 1, shares: [0.25, 1], maxFailureRate: 0.05 },
          start: true,
        },
      ]);
    });
  });
});
