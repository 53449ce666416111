import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { JsonObject } from '@backstage/types';
import {
  datasetMigrationsNotifiersExtensionPoint,
  Notifier,
} from '@skein/backstage-plugin-dataset-migrations-node';
import module from './index';

/** Ids of the notifiers that a backend with this configuration has. */
async function notifiersOf(sns?: JsonObject): Promise<string[]> {
  const added: Notifier[] = [];
  const data = { datasetMigrations: { notifications: sns ? { sns } : {} } };
  const backend = await startTestBackend({
    extensionPoints: [
      [
        datasetMigrationsNotifiersExtensionPoint,
        { addNotifiers: (...some: Notifier[]) => added.push(...some) },
      ],
    ],
    features: [module, mockServices.rootConfig.factory({ data })],
  });
  await backend.stop();
  return added.map(({ id }) => id);
}

describe('the module', () => {
  it('adds the notifier where a topic is configured', async () => {
    const topicArn = 'arn:aws:sns:eu-north-1:123456789012:migrations';
    await expect(notifiersOf({ topicArn })).resolves.toEqual(['sns']);
  });

  it('adds nothing where none is', async () => {
    await expect(notifiersOf()).resolves.toEqual([]);
  });

  it('refuses to start with a topic that is none', async () => {
    await expect(notifiersOf({ topicArn: 'migrations' })).rejects.toThrow(
      'sns.topicArn must be the ARN of an SNS topic',
    );
  });
});
