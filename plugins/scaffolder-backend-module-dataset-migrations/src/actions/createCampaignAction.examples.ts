import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import yaml from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Plan a campaign; somebody starts it on its page',
    example: yaml.stringify({
      steps: [
        {
          id: 'campaign',
          action: 'dataset:campaign',
          name: 'Plan the campaign',
          input: {
            title: 'Flight data to their next version',
            selection: { query: { owner: 'group:default/flight-data' } },
          },
        },
      ],
      output: {
        links: [{ title: 'Campaign', url: '${{ steps.campaign.output.url }}' }],
      },
    }),
  },
  {
    description: 'Migrate some datasets and wait for all of them',
    example: yaml.stringify({
      steps: [
        {
          id: 'campaign',
          action: 'dataset:campaign',
          name: 'Migrate them',
          input: {
            title: '${{ parameters.title }}',
            selection: { datasets: '${{ parameters.datasets }}' },
            targetVersion: '2.x',
            start: true,
            wait: true,
            timeout: { hours: 4 },
          },
        },
      ],
    }),
  },
  {
    description: 'First a few, then share by share, at night',
    example: yaml.stringify({
      steps: [
        {
          id: 'campaign',
          action: 'dataset:campaign',
          name: 'Migrate what the catalog calls legacy',
          input: {
            title: 'Out of legacy',
            selection: { filter: { 'metadata.tags': 'legacy' } },
            policy: 'proposed',
            waves: { canary: 5, shares: [0.2, 1], maxFailureRate: 0.05 },
            windows: [
              { from: '22:00', to: '05:00', timeZone: 'Europe/Berlin' },
            ],
            limits: { startsPerMinute: 60 },
            start: true,
          },
        },
      ],
    }),
  },
];
