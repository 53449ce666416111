import { databaseServiceFactory } from '@backstage/backend-defaults/database';
import {
  BackendFeature,
  BackstageUserPrincipal,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import {
  AuthorizeResult,
  isResourcePermission,
  Permission,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import {
  catalogProcessingExtensionPoint,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import { DatasetMigrationsClient } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsEnginesExtensionPoint } from '@skein/backstage-plugin-dataset-migrations-node';
import { JsonObject } from '@backstage/types';
import { Knex } from 'knex';
import datasetMigrationsPlugin, {
  createDatasetConditionalDecision,
  datasetMigrationsConditions,
  decideDatasetPermission,
} from '..';
import { catalogTakesIn } from './catalogTakesIn';
import { connectionOf } from './connectionOf';
import { PlacingEngine } from './PlacingEngine';
import { TestScheduler } from './TestScheduler';

/** Users are `user:default/<name>`; each owns what is theirs and their team's. */
const ownership: Record<string, string[]> = {
  amelia: ['user:default/amelia', 'group:default/flight-data'],
  bessie: ['user:default/bessie', 'group:default/apps'],
  carl: ['user:default/carl', 'group:default/geo-data'],
};

/** As most portals decide, but that Carl sees nothing that is not his. */
function decide(
  permission: Permission,
  principal: { type: string; userEntityRef: string },
): PolicyDecision {
  if (principal.type === 'service') {
    return { result: AuthorizeResult.ALLOW };
  }
  const { userEntityRef } = principal;
  // Grace runs the fleet.
  if (userEntityRef === 'user:default/grace') {
    return { result: AuthorizeResult.ALLOW };
  }
  const ownershipEntityRefs = ownership[userEntityRef.split('/')[1]] ?? [];
  if (
    userEntityRef === 'user:default/carl' &&
    isResourcePermission(permission, 'dataset')
  ) {
    return createDatasetConditionalDecision(
      permission,
      datasetMigrationsConditions.isDatasetOwner({
        claims: ownershipEntityRefs,
      }),
    );
  }
  return decideDatasetPermission(permission, {
    credentials: mockCredentials.user(userEntityRef),
    info: { userEntityRef, ownershipEntityRefs },
  })!;
}

/** What was audited, and whether it succeeded. */
export interface Audit {
  eventId: string;
  meta?: JsonObject;
  outcome: 'open' | 'success' | string;
}

/** The text of a contract whose second field has the name `reads`. */
export function contractText(
  version: string,
  reads: string,
  status = version === '1.0.0' ? 'active' : 'proposed',
): string {
  return `
apiVersion: v3.1.0
kind: DataContract
id: flights
version: ${version}
status: ${status}
servers:
  - { server: test, type: custom }
schema:
  - name: flights
    properties:
      - { id: f1, name: id, logicalType: integer, required: true }
      - { id: f2, name: ${reads}, logicalType: integer, required: true }
`;
}

export function dataset(
  name: string,
  spec: JsonObject = {},
  owner = 'group:default/flight-data',
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: { name, title: `The ${name}` },
    spec: {
      type: 'dataset',
      owner,
      contracts: [
        contractText('1.0.0', 'delay'),
        contractText('2.0.0', 'arrival_delay'),
      ],
      ...spec,
    },
  };
}

export function component(name: string, spec: JsonObject): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name },
    spec: {
      type: 'service',
      lifecycle: 'production',
      owner: 'group:default/apps',
      ...spec,
    },
  };
}

/**
 * A backend with the plugin, a real catalog and a real PostgreSQL, and who may
 * what decided as most portals do.
 */
export async function startBackend(options: {
  knex: Knex;
  engine?: PlacingEngine;
  config?: JsonObject;
  features?: BackendFeature[];
}) {
  const { knex, config = {}, features = [] } = options;
  const engine = options.engine ?? new PlacingEngine();
  const scheduler = new TestScheduler();
  const audits: Audit[] = [];
  let provider: EntityProviderConnection | undefined;

  const backend = await startTestBackend({
    features: [
      mockServices.rootConfig.factory({
        data: {
          app: { baseUrl: 'http://portal.test' },
          backend: {
            baseUrl: 'http://localhost:0',
            database: {
              client: 'pg',
              connection: connectionOf(knex),
              pluginDivisionMode: 'schema',
              ensureSchemaExists: true,
            },
          },
          catalog: {
            rules: [{ allow: ['Component', 'Resource', 'User', 'Group'] }],
            // What a provider gives is processed at once; again, should that fail.
            processingInterval: { minutes: 1 },
            stitchingStrategy: { pollingInterval: { milliseconds: 100 } },
          },
          datasetMigrations: {
            // Whoever publishes has it done.
            catalog: { reconcileEvery: { hours: 1 } },
            campaigns: { lookEvery: { milliseconds: 200 } },
            queue: { slots: 2 },
            notifications: { owners: false },
            ...config,
          },
        },
      }),
      databaseServiceFactory,
      scheduler.factory,
      mockServices.userInfo.mock({
        getUserInfo: async ({ principal }) => {
          const { userEntityRef } = principal as BackstageUserPrincipal;
          const ownershipEntityRefs =
            ownership[userEntityRef.split('/')[1]] ?? [];
          return { userEntityRef, ownershipEntityRefs };
        },
      }).factory,
      mockServices.permissions.mock({
        authorize: async (queries, request) =>
          queries.map(({ permission }) => ({
            result:
              decide(permission, (request as any).credentials.principal)
                .result === AuthorizeResult.ALLOW
                ? AuthorizeResult.ALLOW
                : AuthorizeResult.DENY,
          })),
        authorizeConditional: async (queries, request) =>
          queries.map(({ permission }) =>
            decide(permission, (request as any).credentials.principal),
          ),
      }).factory,
      mockServices.auditor.mock({
        createEvent: async ({ eventId, meta }) => {
          const audit: Audit = { eventId, meta, outcome: 'open' };
          // The catalog is audited, too.
          if (!eventId.startsWith('entity-')) {
            audits.push(audit);
          }
          return {
            success: async () => void (audit.outcome = 'success'),
            fail: async ({ error }) => void (audit.outcome = error.name),
          };
        },
      }).factory,
      catalogPlugin,
      createBackendModule({
        pluginId: 'catalog',
        moduleId: 'test-entities',
        register(reg) {
          reg.registerInit({
            deps: { catalog: catalogProcessingExtensionPoint },
            async init({ catalog }) {
              catalog.addEntityProvider({
                getProviderName: () => 'test',
                connect: async connection => {
                  provider = connection;
                },
              });
            },
          });
        },
      }),
      datasetMigrationsPlugin,
      createBackendModule({
        pluginId: 'dataset-migrations',
        moduleId: 'test-engine',
        register(reg) {
          reg.registerInit({
            deps: { engines: datasetMigrationsEnginesExtensionPoint },
            async init({ engines }) {
              engines.addEngine({ id: engine.id, create: async () => engine });
            },
          });
        },
      }),
      ...features,
    ],
  });

  const url = `http://localhost:${backend.server.port()}`;
  const api = `${url}/api/dataset-migrations`;

  async function provide(entities: Entity[]) {
    await provider!.applyMutation({
      type: 'full',
      entities: entities.map(entity => ({
        entity: {
          ...entity,
          metadata: {
            ...entity.metadata,
            annotations: {
              ...entity.metadata.annotations,
              'backstage.io/managed-by-location': 'url:http://test/catalog',
              'backstage.io/managed-by-origin-location':
                'url:http://test/catalog',
            },
          },
        },
        locationKey: 'test',
      })),
    });
  }

  return {
    engine,
    audits,
    url,
    api,
    stop: () => backend.stop(),

    /** Makes these the entities of the catalog, and brings the read model up to them. */
    async publish(entities: Entity[]) {
      await provide(entities);
      await catalogTakesIn(knex);
      await scheduler.run('dataset-migrations-reconciliation');
    },

    /** Makes these the entities of the catalog, which shows them by and by. */
    provide,

    /** The API as a user calls it. */
    as(user: string): DatasetMigrationsClient {
      return new DatasetMigrationsClient({
        discoveryApi: { getBaseUrl: async () => api },
        fetchApi: {
          fetch: (input, init) =>
            fetch(input, {
              ...init,
              headers: { ...init?.headers, ...asUser(user) },
            }),
        },
      });
    },
  };
}

export type TestBackend = Awaited<ReturnType<typeof startBackend>>;

export function asUser(user: string) {
  return { Authorization: mockCredentials.user.header(`user:default/${user}`) };
}
