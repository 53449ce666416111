import { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import type { z } from 'zod/v3';
import { ApiContext } from '../api/ApiContext';

/** The zod that the registry hands to schemas: version 3. */
export type Zod = typeof z;

/** What the actions are made of. */
export interface ActionContext {
  actionsRegistry: ActionsRegistryService;
  api: ApiContext;
  /** Where the portal is, without a slash at the end; for links. */
  portalUrl?: string;
}
