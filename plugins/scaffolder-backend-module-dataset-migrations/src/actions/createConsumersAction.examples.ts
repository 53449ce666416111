import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import yaml from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Fail when a consumer would break',
    example: yaml.stringify({
      steps: [
        {
          id: 'consumers',
          action: 'dataset:consumers',
          name: 'Ask who would break',
          input: {
            dataset: 'resource:default/flights',
            targetVersion: '2.0.0',
          },
        },
      ],
    }),
  },
  {
    description: 'Fail also when it is not known whether one would break',
    example: yaml.stringify({
      steps: [
        {
          id: 'consumers',
          action: 'dataset:consumers',
          name: 'Ask who would break',
          input: {
            dataset: '${{ parameters.dataset }}',
            targetVersion: '${{ parameters.version }}',
            failOn: 'unknown',
          },
        },
      ],
    }),
  },
  {
    description: 'Only list them',
    example: yaml.stringify({
      steps: [
        {
          id: 'consumers',
          action: 'dataset:consumers',
          name: 'List the consumers',
          input: {
            dataset: '${{ parameters.dataset }}',
            targetVersion: '${{ parameters.version }}',
            failOn: 'none',
          },
        },
      ],
      output: {
        text: [
          {
            title: 'Consumers',
            content: '${{ steps.consumers.output.consumers | dump }}',
          },
        ],
      },
    }),
  },
];
