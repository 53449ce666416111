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

const template = parse(
  readFileSync(
    resolve(
      __dirname,
      '../../../examples/templates/migrate-dataset/template.yaml',
    ),
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

/** The template of the demo, run by the scaffolder itself. */
describe('the template migrate-dataset', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let portal: Awaited<ReturnType<typeof startTestBackend>>;
  const migrated: JsonObject[] = [];

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
  });

  async function run(how: JsonObject): Promise<string> {
    const answer = await fetch(
      `http://localhost:${portal.server.port()}/api/scaffolder/v2/dry-run`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          template,
          values: {
            dataset: 'resource:default/flights',
            version: '2.0.0',
            ...how,
          },
          directoryContents: [],
        }),
      },
    );
    return answer.text();
  }

  it.each([
    { policy: 'switch', failOn: 'breaks' },
    // Whoever runs it without the form.
    { policy: 'switch' },
    {},
  ])('stops under %j when a consumer would break', async how => {
    expect(await run(how)).toContain('reads delay, renamed to arrival_delay');
    expect(migrated).toEqual([]);
  });

  it.each([
    { policy: 'coexist' },
    // Chosen before the policy was.
    { policy: 'coexist', failOn: 'breaks' },
    { policy: 'switch', failOn: 'none' },
  ])('goes on under %j although a consumer would break', async how => {
    await run(how);
    expect(migrated).toMatchObject([
      { targetVersion: '2.0.0', policy: how.policy },
    ]);
  });
});
