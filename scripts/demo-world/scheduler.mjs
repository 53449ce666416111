import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

const CONSUMER = 'component/default/delay-dashboard';
const EVERY_MS = 5_000;
const TRIES = 24;

/**
 * Plays the scheduler of an airline: reports one run of a job of the delay dashboard to
 * the portal, as an OpenLineage client does. It waits for the catalog to know the
 * dashboard, and the dataset that it makes.
 *
 * @param {object} options
 * @param {string} options.portalUrl
 * @param {string} options.token - Of the service that reports.
 * @param {number} [options.everyMs] - Between two tries.
 * @throws {Error} when the portal does not take it
 */
export async function reportRun({ portalUrl, token, everyMs = EVERY_MS }) {
  const url = `${portalUrl}/api/dataset-migrations/consumers/${CONSUMER}/lineage`;
  for (let tries = 1; ; tries += 1) {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(runEvent()),
    });
    const answer = await response.text();
    if (response.ok && JSON.parse(answer).written) return;
    if (!(response.ok || response.status === 404) || tries >= TRIES) {
      throw new Error(
        `the run of the delay dashboard was not taken: ${response.status} ${answer}`,
      );
    }
    await wait(everyMs);
  }
}

function runEvent() {
  const flights = {
    namespace: 'postgres://warehouse',
    name: 'public.flights_200k',
  };
  const readsOf = field => ({
    inputFields: [{ ...flights, field }],
  });
  return {
    eventType: 'COMPLETE',
    eventTime: new Date().toISOString(),
    producer: 'https://github.com/OpenLineage/OpenLineage',
    schemaURL:
      'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
    run: { runId: randomUUID() },
    job: { namespace: 'airflow', name: 'delay_dashboard.refresh' },
    inputs: [flights],
    outputs: [
      {
        namespace: 'postgres://warehouse',
        name: 'public.long_delays',
        facets: {
          columnLineage: {
            fields: {
              departed_at: readsOf('departed_at'),
              airport: readsOf('origin'),
              delay: readsOf('delay'),
            },
            dataset: [{ ...flights, field: 'delay' }],
          },
        },
      },
    ],
  };
}
