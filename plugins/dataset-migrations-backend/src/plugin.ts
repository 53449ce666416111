import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import {
  actionsRegistryServiceRef,
  metricsServiceRef,
  tracingServiceRef,
} from '@backstage/backend-plugin-api/alpha';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import {
  campaignManagePermission,
  consumerAcknowledgePermission,
  datasetMigrationsPermissions,
  lineageReportPermission,
  webhookSecretPermissions,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { createHash } from 'node:crypto';
import { registerActions } from './actions/registerActions';
import { createCommandAgent } from './agents/command/createCommandAgent';
import { readCommandAgents } from './agents/command/settings';
import { createRouter } from './api/createRouter';
import { WEBHOOK_KEYS_PATH } from './api/webhooks';
import { createTellCreator } from './campaigns/tellCreator';
import { ConsumerStore } from './consumers/ConsumerStore';
import { CatalogDatasetDirectory } from './datasets/CatalogDatasetDirectory';
import { CatalogReader } from './datasets/CatalogReader';
import { createOwnCatalog } from './datasets/ownCatalog';
import { DatasetStore } from './datasets/DatasetStore';
import { followCatalog } from './datasets/followCatalog';
import { scheduleReconciliation } from './datasets/scheduleReconciliation';
import { registerExtensionPoints } from './extensionPoints';
import { scheduleFieldUse } from './fieldUse/scheduleFieldUse';
import { readFieldUseSettings } from './fieldUse/settings';
import { SourceScan } from './fieldUse/sources/SourceScan';
import { FieldUseStore } from './fieldUse/store/FieldUseStore';
import { Followers } from './followers/Followers';
import { FollowerStore } from './followers/FollowerStore';
import { ChangeLimit } from './limits/ChangeLimit';
import { livenessChecksServiceRef } from './liveness/services';
import { createOutbox, tellsPeople } from './notifications/createOutbox';
import { DeliveryStore } from './notifications/DeliveryStore';
import { createMigrationSignals } from './notifications/migrationSignals';
import { readWebhookSettings } from './notifications/webhooks/settings';
import { SecretGenerations } from './notifications/webhooks/signing/SecretGenerations';
import { ConsumerAuthorizer } from './permissions/ConsumerAuthorizer';
import {
  consumerPermissionResourceRef,
  consumerPermissionRules,
} from './permissions/consumerRules';
import { DatasetAuthorizer } from './permissions/DatasetAuthorizer';
import { Initiators } from './permissions/initiators';
import { Memberships } from './permissions/Memberships';
import {
  datasetPermissionResourceRef,
  datasetPermissionRules,
} from './permissions/rules';
import { readQueueSettings } from './queue/settings';
import { readPortalUrl } from './portalUrl';
import { readGrades } from './planning/readGrades';
import { severityAhead } from './planning/severityAhead';
import { readRoles } from './roles';
import { loggerWithoutSecrets } from './secrets/loggerWithoutSecrets';
import {
  AgentRegistry,
  createControlPlane,
  createQueue,
  EngineRegistry,
  openDatabase,
} from './service';
import { createTelemetry } from './telemetry/createTelemetry';
import {
  observeMigrations,
  readMigrations,
} from './telemetry/observeMigrations';
import { observeQueue } from './telemetry/observeQueue';
import { QueueHistory } from './telemetry/QueueHistory';
import { readFleet } from './telemetry/readFleet';
import { Workers } from './telemetry/Workers';

/**
 * The control plane of dataset migrations. A process with the role `api` serves
 * requests and keeps the read model; one with the role `worker` runs jobs. Any
 * number of either share one PostgreSQL.
 *
 * @public
 */
export const datasetMigrationsPlugin = createBackendPlugin({
  pluginId: 'dataset-migrations',
  register(env) {
    const extensions = registerExtensionPoints(env);

    env.registerInit({
      deps: {
        actionsRegistry: actionsRegistryServiceRef,
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        discovery: coreServices.discovery,
        events: eventsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        liveness: livenessChecksServiceRef,
        logger: coreServices.logger,
        metrics: metricsServiceRef,
        notifications: notificationService,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        signals: signalsServiceRef,
        tracing: tracingServiceRef,
        urlReader: coreServices.urlReader,
        userInfo: coreServices.userInfo,
      },
      async init(given) {
        const services = {
          ...given,
          logger: loggerWithoutSecrets(given.logger),
        };
        const { auth, catalog, config, lifecycle, logger, metrics } = services;
        const { permissionsRegistry, scheduler } = services;
        const roles = readRoles(config);
        const fieldUseSettings = readFieldUseSettings(config);

        const knex = await openDatabase(services.database);
        const queue = createQueue({ knex, config, logger });
        services.liveness.add(() => queue.problem());
        const engines = await EngineRegistry.create({
          factories: extensions.engines,
          config,
          logger,
        });
        const agents = new AgentRegistry([
          ...extensions.agents,
          ...readCommandAgents(config).map(createCommandAgent),
        ]);
        const workers = new Workers({ knex, logger });
        const read = () => readFleet({ knex, queue, workers });
        const queueHistory = new QueueHistory({ knex, logger, read });
        const telemetry = createTelemetry({
          metrics,
          tracing: services.tracing,
          onJob: running => workers.setRunning(running),
        });

        const grades = readGrades(config);
        const datasets = new DatasetStore(knex, dataset =>
          severityAhead(dataset, { agents, grades }),
        );
        const consumers = new ConsumerStore(knex, fieldUseSettings);
        const fieldUse = new FieldUseStore(knex);
        const reader = new CatalogReader(createOwnCatalog(services));
        const directory = new CatalogDatasetDirectory({
          catalog: reader,
          datasets,
          consumers,
          engines,
          bindings: createHash('sha256')
            .update(
              JSON.stringify([
                engines.ids(),
                config.getOptional('datasetMigrations.engines'),
                config.getOptional('datasetMigrations.compatibility'),
                extensions.agents.map(({ id }) => id),
                config.getOptional('datasetMigrations.agents'),
              ]),
            )
            .digest('hex'),
          logger,
        });
        const scan = new SourceScan({
          reader: services.urlReader,
          store: fieldUse,
          datasets,
          directory,
          logger,
          isAllowed: fieldUseSettings.isAllowed,
        });
        directory.beforeDeciding(datasetRef => scan.lookAt(datasetRef));

        permissionsRegistry.addResourceType({
          resourceRef: datasetPermissionResourceRef,
          permissions: datasetMigrationsPermissions,
          rules: Object.values(datasetPermissionRules),
          getResources: refs => datasets.resources(refs),
        });
        permissionsRegistry.addPermissions([
          campaignManagePermission,
          lineageReportPermission,
          ...webhookSecretPermissions,
        ]);
        const authorizer = new DatasetAuthorizer({
          permissions: services.permissions,
          permissionsRegistry,
          getResource: ref => directory.findDataset(ref),
        });
        permissionsRegistry.addResourceType({
          resourceRef: consumerPermissionResourceRef,
          permissions: [consumerAcknowledgePermission],
          rules: Object.values(consumerPermissionRules),
          getResources: refs => consumers.resources(refs),
        });
        const consumerAuthorizer = new ConsumerAuthorizer({
          permissions: services.permissions,
          permissionsRegistry,
          getResource: async ref => (await consumers.resources([ref]))[0],
        });
        const initiators = new Initiators({ auth, catalog, authorizer });

        const deliveries = new DeliveryStore(knex);
        const followers = new FollowerStore(knex);
        const outbox = createOutbox({
          ...services,
          knex,
          queue,
          deliveries,
          consumers,
          followers: new Followers({
            store: followers,
            initiators,
            memberships: new Memberships({ auth, catalog }),
          }),
          telemetry,
          notifiers: extensions.notifiers,
        });

        const migrationSignals = createMigrationSignals({
          signals: services.signals,
          logger,
        });
        const controlPlane = createControlPlane({
          knex,
          queue,
          logger,
          scheduler,
          config,
          directory,
          outbox,
          engines,
          agents,
          telemetry,
          workers,
          slots: roles.worker ? readQueueSettings(config).slots : 0,
          judgeInitiator: initiator => initiators.judge(initiator),
          findDatasets: filters => reader.findDatasets(filters),
          tellCreator: createTellCreator(services),
          mayStillMigrate: (...about) => initiators.mayStillMigrate(...about),
          migrationChanged: migrationSignals.changed,
          checkpoint: extensions.checkpoint,
        });

        if (roles.api) {
          const api = {
            ...services,
            knex,
            authorizer,
            consumerAuthorizer,
            initiators,
            directory,
            datasets,
            consumers,
            fieldUse,
            reporters: fieldUseSettings.reporters,
            engines,
            deliveries,
            followers,
            tellsPeople: tellsPeople(config),
            outbox,
            webhookSigning: readWebhookSettings(config).signing,
            secretGenerations: new SecretGenerations(knex),
            workers,
            queue,
            queueHistory,
            controlPlane,
            changeLimit: ChangeLimit.fromConfig(config),
          };
          services.httpRouter.use(createRouter(api));
          services.httpRouter.addAuthPolicy({
            path: WEBHOOK_KEYS_PATH,
            allow: 'unauthenticated',
          });
          registerActions({
            ...services,
            api,
            portalUrl: readPortalUrl(config),
          });
        }

        // Jobs ask the catalog, so they begin when every plugin is there.
        lifecycle.addStartupHook(async () => {
          try {
            await controlPlane.start();
          } catch (error) {
            // The platform logs it and goes on, with a process that does nothing.
            services.liveness.add(() => 'The control plane did not start');
            throw error;
          }
          queueHistory.start();
          if (roles.api) {
            await followCatalog({ ...services, directory });
            await scheduleReconciliation({ directory, scheduler, config });
            await scheduleFieldUse({
              scan,
              store: fieldUse,
              directory,
              scheduler,
              settings: fieldUseSettings,
            });
          }
        });
        const stopObserving = [
          observeQueue({ metrics, logger, read }),
          observeMigrations({
            metrics,
            logger,
            read: () => readMigrations(knex),
          }),
        ];
        lifecycle.addShutdownHook(async () => {
          stopObserving.forEach(stop => stop());
          queueHistory.stop();
          try {
            await controlPlane.stop();
          } finally {
            await migrationSignals.flush();
          }
        });
      },
    });
  },
});
