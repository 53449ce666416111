import { readCommandAgents } from '../settings';
import { createCommandAgent } from '../createCommandAgent';
import { ConfigReader } from '@backstage/config';

/**
 * A worker for tests: runs a program on a batch. Arguments: the folder of
 * batches, and the command as JSON.
 */
const [tempDirectory, command] = process.argv.slice(2);
const [settings] = readCommandAgents(
  new ConfigReader({
    datasetMigrations: {
      agents: {
        tempDirectory,
        commands: [
          {
            id: 'shout',
            description: 'Writes in capitals',
            command: JSON.parse(command),
            payloadSchema: {},
            reads: [],
            writes: [{ name: 'name', type: 'text' }],
          },
        ],
      },
    },
  }),
);
const logger: any = { warn: () => {}, child: () => logger };
createCommandAgent(settings)
  .run(
    { fields: [], rows: [{}] },
    {
      payload: {},
      migrationId: 'm',
      datasetRef: 'resource:default/flights',
      checkpoint: '0',
      fence: 1,
      signal: new AbortController().signal,
      logger,
    },
  )
  .catch(() => process.exit(1));
