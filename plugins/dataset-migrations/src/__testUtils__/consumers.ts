import {
  Consumer,
  ConsumerVerdict,
  Verdict,
} from '@skein/backstage-plugin-dataset-migrations-common';

function judged(
  consumer: Omit<Consumer, 'source'>,
  verdict: Verdict,
  ...reasons: string[]
): ConsumerVerdict {
  return {
    consumer: { source: 'declared', ...consumer },
    verdict,
    reasons,
    touchedBy: [],
    blocking: verdict !== 'ready',
  };
}

function component(name: string, owner: string, title?: string) {
  return {
    entityRef: `component:default/${name}`,
    owner: `group:default/${owner}`,
    title,
  };
}

/** Twelve consumers of the flights: two break, one cannot be told, nine are ready. */
export const flightConsumers: ConsumerVerdict[] = [
  judged(
    {
      ...component('delay-dashboard', 'passenger-apps', 'Delay dashboard'),
      constraint: '^1.0.0',
      fields: ['date', 'delay', 'origin', 'destination', 'distance'],
    },
    'breaks',
    'accepts `^1.0.0`, which excludes 2.0.0',
    'reads `delay`, renamed to `arrival_delay`',
  ),
  judged(
    {
      ...component('crew-planner', 'operations', 'Crew planner'),
      constraint: '>=1',
      fields: ['crew_contact', 'date'],
    },
    'breaks',
    'accepts 2.0.0 but reads `crew_contact`, dropped',
  ),
  judged(
    component('nightly-export', 'data-platform', 'Nightly export'),
    'unknown',
    'neither versions nor fields are declared, and 2.0.0 changes fields in a breaking way',
  ),
  judged(
    {
      ...component('route-search', 'passenger-apps', 'Route search'),
      constraint: '^1.0.0',
      fields: ['origin', 'destination'],
    },
    'ready',
    'reads nothing that changes; raise `^1.0.0` so that it accepts 2.0.0',
  ),
  ...[
    'airport-stats',
    'fuel-model',
    'carbon-report',
    'price-model',
    'weather-join',
    'gate-screens',
    'partner-feed',
    'audit-archive',
  ].map((name, index) =>
    judged(
      {
        ...component(
          name,
          ['analytics', 'operations', 'sustainability'][index % 3],
        ),
        constraint: '>=1.0.0 <3',
        fields: ['date', 'origin'],
      },
      'ready',
      'accepts 2.0.0 and reads nothing that changes',
    ),
  ),
];

/** As many consumers as asked for, of forty teams; every tenth breaks. */
export function manyConsumers(count: number): ConsumerVerdict[] {
  return Array.from({ length: count }, (_, index) => {
    const consumer = {
      ...component(
        `service-${String(index).padStart(4, '0')}`,
        `team-${index % 40}`,
      ),
      constraint: index % 10 === 0 ? '^1.0.0' : '>=1',
      fields: index % 10 === 0 ? ['delay'] : ['origin'],
    };
    return index % 10 === 0
      ? judged(consumer, 'breaks', 'reads `delay`, renamed to `arrival_delay`')
      : judged(
          consumer,
          'ready',
          'accepts 2.0.0 and reads nothing that changes',
        );
  });
}
