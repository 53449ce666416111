import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import yaml from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Start a migration and go on at once',
    example: yaml.stringify({
      steps: [
        {
          id: 'migrate',
          action: 'dataset:migrate',
          name: 'Migrate flights',
          input: {
            dataset: 'resource:default/flights',
            targetVersion: '2.0.0',
          },
        },
      ],
    }),
  },
  {
    description: 'Wait for the migration, half an hour at most',
    example: yaml.stringify({
      steps: [
        {
          id: 'migrate',
          action: 'dataset:migrate',
          name: 'Migrate the dataset',
          input: {
            dataset: '${{ parameters.dataset }}',
            targetVersion: '${{ parameters.version }}',
            wait: true,
            timeout: { minutes: 30 },
          },
        },
      ],
      output: {
        links: [
          {
            title: 'Migration',
            url: '${{ steps.migrate.output.url }}',
          },
        ],
      },
    }),
  },
  {
    description: 'Publish the new version beside the old one',
    example: yaml.stringify({
      steps: [
        {
          id: 'migrate',
          action: 'dataset:migrate',
          name: 'Publish the new version',
          input: {
            dataset: 'resource:default/flights-table',
            targetVersion: '2.0.0',
            policy: 'coexist',
            wait: true,
          },
        },
      ],
    }),
  },
  {
    description: 'Go on with the next steps when consumers block the migration',
    example: yaml.stringify({
      steps: [
        {
          id: 'migrate',
          action: 'dataset:migrate',
          name: 'Migrate the dataset',
          input: {
            dataset: 'resource:default/flights-table',
            targetVersion: '2.0.0',
            wait: true,
            whenBlocked: 'continue',
          },
        },
        {
          id: 'tell',
          action: 'debug:log',
          name: 'Tell who blocks',
          if: "${{ steps.migrate.output.state === 'blocked' }}",
          input: {
            message: '${{ steps.migrate.output.blockedConsumers | dump }}',
          },
        },
      ],
    }),
  },
];
