import {
  BasicPermission,
  createPermission,
  ResourcePermission,
} from '@backstage/plugin-permission-common';

/**
 * Resource type of datasets; conditional rules such as `IS_DATASET_OWNER` apply
 * to it. The resource ref is the dataset's entity ref.
 *
 * @public
 */
export const RESOURCE_TYPE_DATASET = 'dataset';

/**
 * Resource type of those who read datasets; conditional rules such as
 * `IS_CONSUMER_OWNER` apply to it. The resource ref is the consumer's entity ref.
 *
 * @public
 */
export const RESOURCE_TYPE_CONSUMER = 'dataset-consumer';

/** See datasets, consumers, plans, migrations, deliveries. @public */
export const datasetReadPermission: ResourcePermission<'dataset'> =
  createPermission({
    name: 'dataset.read',
    attributes: { action: 'read' },
    resourceType: RESOURCE_TYPE_DATASET,
  });

/** See values of rows: previews, failing rows, mismatches (G11). @public */
export const datasetDataReadPermission: ResourcePermission<'dataset'> =
  createPermission({
    name: 'dataset.data.read',
    attributes: { action: 'read' },
    resourceType: RESOURCE_TYPE_DATASET,
  });

/** Start, cancel, retry, roll back and retire. @public */
export const datasetMigratePermission: ResourcePermission<'dataset'> =
  createPermission({
    name: 'dataset.migrate',
    attributes: { action: 'update' },
    resourceType: RESOURCE_TYPE_DATASET,
  });

/**
 * Let a migration go on although a consumer would break (G6), and accept single
 * changes, or take that back.
 *
 * @public
 */
export const datasetOverridePermission: ResourcePermission<'dataset'> =
  createPermission({
    name: 'dataset.migrate.override',
    attributes: { action: 'update' },
    resourceType: RESOURCE_TYPE_DATASET,
  });

/** Send a notification of a migration again. @public */
export const datasetRedeliverPermission: ResourcePermission<'dataset'> =
  createPermission({
    name: 'dataset.delivery.redeliver',
    attributes: { action: 'update' },
    resourceType: RESOURCE_TYPE_DATASET,
  });

/**
 * Say for a consumer that it is ready for a version of a dataset, or needs more
 * time. Besides, it needs `dataset.read`.
 *
 * @public
 */
export const consumerAcknowledgePermission: ResourcePermission<'dataset-consumer'> =
  createPermission({
    name: 'dataset.consumer.acknowledge',
    attributes: { action: 'update' },
    resourceType: RESOURCE_TYPE_CONSUMER,
  });

/**
 * Create, start, pause, resume, retry and cancel campaigns, and send again what
 * owners were told of them. Besides, each dataset of a campaign needs
 * `dataset.migrate` of who created it.
 *
 * @public
 */
export const campaignManagePermission: BasicPermission = createPermission({
  name: 'dataset.campaign.manage',
  attributes: { action: 'update' },
});

/**
 * Report what runs of consumers' jobs read, as OpenLineage events: the schedulers and
 * engines that run them.
 *
 * @public
 */
export const lineageReportPermission: BasicPermission = createPermission({
  name: 'dataset.lineage.report',
  attributes: { action: 'update' },
});

/**
 * Get the secrets that callbacks to a consumer are signed with. Besides, a user has
 * to own the consumer.
 *
 * @public
 */
export const webhookSecretReadPermission: BasicPermission = createPermission({
  name: 'dataset.consumer.secret.read',
  attributes: { action: 'read' },
});

/**
 * Replace the secrets that callbacks to a consumer are signed with, as when somebody else
 * has come to know them. Besides, a user has to own the consumer.
 *
 * @public
 */
export const webhookSecretReplacePermission: BasicPermission = createPermission(
  {
    name: 'dataset.consumer.secret.replace',
    attributes: { action: 'update' },
  },
);

/** Permissions on the secrets of consumers. @public */
export const webhookSecretPermissions = [
  webhookSecretReadPermission,
  webhookSecretReplacePermission,
];

/** Permissions on a dataset. @public */
export const datasetMigrationsPermissions = [
  datasetReadPermission,
  datasetDataReadPermission,
  datasetMigratePermission,
  datasetOverridePermission,
  datasetRedeliverPermission,
];
