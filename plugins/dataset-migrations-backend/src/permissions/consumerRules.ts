import {
  createPermissionResourceRef,
  createPermissionRule,
} from '@backstage/plugin-permission-node';
import { RESOURCE_TYPE_CONSUMER } from '@skein/backstage-plugin-dataset-migrations-common';
import { z } from 'zod';

/**
 * What a rule may look at: whose an entity is that reads datasets.
 *
 * @public
 */
export interface ConsumerPermissionResource {
  /** Entity ref of the consumer. */
  entityRef: string;
  /** Entity ref of its owner. */
  owner?: string;
}

/**
 * The resource that conditional decisions about consumers speak of; modules use
 * it to add rules of their own. No list is narrowed by them, so what a rule makes
 * as a query is not asked for.
 *
 * @public
 */
export const consumerPermissionResourceRef = createPermissionResourceRef<
  ConsumerPermissionResource,
  {}
>().with({
  pluginId: 'dataset-migrations',
  resourceType: RESOURCE_TYPE_CONSUMER,
});

export const isConsumerOwner = createPermissionRule({
  name: 'IS_CONSUMER_OWNER',
  description: 'Allow consumers that are owned by one of the claims',
  resourceRef: consumerPermissionResourceRef,
  paramsSchema: z.object({
    claims: z
      .array(z.string())
      .describe('Entity refs of users and groups, usually those of the caller'),
  }),
  apply: (consumer, { claims }) =>
    consumer.owner !== undefined && claims.includes(consumer.owner),
  toQuery: () => ({}),
});

export const consumerPermissionRules = { isConsumerOwner };
