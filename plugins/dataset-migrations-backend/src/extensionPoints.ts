import { BackendPluginRegistrationPoints } from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import {
  Agent,
  datasetMigrationsAgentsExtensionPoint,
  datasetMigrationsEnginesExtensionPoint,
  datasetMigrationsNotifiersExtensionPoint,
  EngineFactory,
  Notifier,
} from '@skein/backstage-plugin-dataset-migrations-node';
import {
  CheckpointHook,
  datasetMigrationsCheckpointsExtensionPoint,
} from './pipeline/checkpoints';

/** What modules brought by the time the plugin starts. */
export interface Extensions {
  engines: EngineFactory[];
  agents: Agent[];
  notifiers: Notifier[];
  checkpoint?: CheckpointHook;
}

/** Kinds of deliveries that are the plugin's own. */
const RESERVED_NOTIFIERS = ['webhook', 'notification', 'followers', 'event'];

export function registerExtensionPoints(
  env: BackendPluginRegistrationPoints,
): Extensions {
  const extensions: Extensions = { engines: [], agents: [], notifiers: [] };

  env.registerExtensionPoint(datasetMigrationsEnginesExtensionPoint, {
    addEngine: factory => addOnce(extensions.engines, factory, 'engine'),
  });
  env.registerExtensionPoint(datasetMigrationsAgentsExtensionPoint, {
    addAgents: (...agents) =>
      agents.forEach(agent => addOnce(extensions.agents, agent, 'agent')),
  });
  env.registerExtensionPoint(datasetMigrationsNotifiersExtensionPoint, {
    addNotifiers: (...notifiers) =>
      notifiers.forEach(notifier => {
        if (RESERVED_NOTIFIERS.includes(notifier.id)) {
          throw new ConflictError(`'${notifier.id}' is no id for a notifier`);
        }
        addOnce(extensions.notifiers, notifier, 'notifier');
      }),
  });
  env.registerExtensionPoint(datasetMigrationsCheckpointsExtensionPoint, {
    setHook: hook => {
      extensions.checkpoint = hook;
    },
  });
  return extensions;
}

function addOnce<T extends { id: string }>(all: T[], one: T, what: string) {
  if (all.some(other => other.id === one.id)) {
    throw new ConflictError(
      `There are two modules with the ${what} '${one.id}'`,
    );
  }
  all.push(one);
}
