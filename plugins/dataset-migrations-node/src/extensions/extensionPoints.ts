import { createExtensionPoint } from '@backstage/backend-plugin-api';
import { Agent } from '../agents/types';
import { EngineFactory } from '../engine/types';
import { Notifier } from '../notifiers/types';

/** @public */
export interface DatasetMigrationsEnginesExtensionPoint {
  /** @throws ConflictError when an engine with that id is there already */
  addEngine(factory: EngineFactory): void;
}

/** @public */
export const datasetMigrationsEnginesExtensionPoint =
  createExtensionPoint<DatasetMigrationsEnginesExtensionPoint>({
    id: 'dataset-migrations.engines',
  });

/** @public */
export interface DatasetMigrationsAgentsExtensionPoint {
  /** @throws ConflictError when an agent with that id is there already */
  addAgents(...agents: Agent[]): void;
}

/** @public */
export const datasetMigrationsAgentsExtensionPoint =
  createExtensionPoint<DatasetMigrationsAgentsExtensionPoint>({
    id: 'dataset-migrations.agents',
  });

/** @public */
export interface DatasetMigrationsNotifiersExtensionPoint {
  /** @throws ConflictError when a notifier with that id is there already */
  addNotifiers(...notifiers: Notifier[]): void;
}

/** @public */
export const datasetMigrationsNotifiersExtensionPoint =
  createExtensionPoint<DatasetMigrationsNotifiersExtensionPoint>({
    id: 'dataset-migrations.notifiers',
  });
