import {
  ReachedConsumer,
  ReachResponse,
  ReachWave,
  Verdict,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { FLIGHTS } from './flights';

const LATE = 'resource:default/late-flights';

function reached(
  name: string,
  datasetRef: string,
  verdict: Verdict,
  reason: string,
): ReachedConsumer {
  return {
    entityRef: `component:default/${name}`,
    owner: 'group:default/operations',
    verdict,
    reads: [{ datasetRef, verdict, reasons: [reason] }],
  };
}

/** Two waves: of two datasets one changes, and breaks one of those who read it. */
export const flightReach: ReachResponse = {
  fromVersion: '1.0.0',
  targetVersion: '2.0.0',
  waves: [
    {
      wave: 1,
      consumers: [
        reached(
          'crew-planner',
          FLIGHTS,
          'ready',
          'reads only `origin`, which no breaking change touches',
        ),
        reached(
          'delay-dashboard',
          FLIGHTS,
          'breaks',
          'reads `delay`, renamed to `arrival_delay`',
        ),
      ],
      datasets: [
        {
          entityRef: 'resource:default/airport-traffic',
          title: 'Airport traffic',
          owner: 'group:default/analytics',
          through: ['component:default/crew-planner'],
          changes: 'no',
          reasons: ['nothing that changes comes to it that way'],
          fields: [],
        },
        {
          entityRef: LATE,
          title: 'Late flights',
          owner: 'group:default/analytics',
          through: ['component:default/delay-dashboard'],
          changes: 'yes',
          reasons: [
            '`delay` is made of `delay` of resource:default/flights: renamed to `arrival_delay`',
          ],
          fields: [
            {
              field: 'delay',
              from: { datasetRef: FLIGHTS, field: 'delay' },
              origin: 'delay',
              summary: 'renamed to `arrival_delay`',
              effect: 'breaking',
              certain: true,
            },
          ],
        },
      ],
      hidden: { consumers: 0, datasets: 0 },
    },
    {
      wave: 2,
      consumers: [
        reached(
          'voucher-desk',
          LATE,
          'breaks',
          'reads `delay`, which follows `delay` of resource:default/flights: renamed to `arrival_delay`',
        ),
      ],
      datasets: [],
      hidden: { consumers: 2, datasets: 1 },
    },
  ],
  counts: {
    consumers: { ready: 1, breaks: 2, unknown: 0 },
    datasets: { yes: 1, no: 1, unknown: 0 },
  },
};

/** A wave of as many consumers as asked for; every tenth breaks. */
export function manyReached(count: number): ReachWave {
  return {
    wave: 1,
    consumers: Array.from({ length: count }, (_, index) =>
      reached(
        `service-${String(index).padStart(4, '0')}`,
        FLIGHTS,
        index % 10 === 0 ? 'breaks' : 'ready',
        'reads `delay`',
      ),
    ),
    datasets: [],
    hidden: { consumers: 0, datasets: 0 },
  };
}
