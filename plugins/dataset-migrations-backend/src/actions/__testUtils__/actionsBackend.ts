import { actionsRegistryServiceFactory } from '@backstage/backend-defaults/alpha';
import { TestDatabases } from '@backstage/backend-test-utils';
import { JsonObject } from '@backstage/types';
import {
  asUser,
  component,
  contractText,
  dataset,
  startBackend,
  TestBackend,
} from '../../__testUtils__/testBackend';

export const flights = 'resource:default/flights';
export const places = 'resource:default/places';
/** Its next version, 1.1.0, is too low a bump. */
export const modest = 'resource:default/modest';

/** An answer of an action: its output, or why it was refused. */
export interface Answer {
  status: number;
  output?: any;
  message?: string;
  /** All that is told of the refusal. */
  error?: Record<string, unknown>;
}

export interface ActionsBackend extends TestBackend {
  /** Calls an action as the client of the command line does. */
  invoke(user: string, name: string, input: JsonObject): Promise<Answer>;
  /** The actions as a client sees them. */
  list(user: string): Promise<any[]>;
}

/**
 * A backend with the real registry of actions and two datasets: the consumer of
 * `places`, which `carl` owns, would break.
 */
export function useActionsBackend(): () => ActionsBackend {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let backend: ActionsBackend;

  beforeAll(async () => {
    const started = await startBackend({
      knex: await databases.init('POSTGRES_18'),
      features: [actionsRegistryServiceFactory],
    });
    const actions = `${started.api}/.backstage/actions/v1/actions`;
    backend = {
      ...started,
      async invoke(user, name, input) {
        const answer = await fetch(
          `${actions}/dataset-migrations:${name}/invoke`,
          {
            method: 'POST',
            headers: { ...asUser(user), 'Content-Type': 'application/json' },
            body: JSON.stringify(input),
          },
        );
        const { output, error } = await answer.json();
        return {
          status: answer.status,
          output,
          message: error?.message,
          error,
        };
      },
      async list(user) {
        const answer = await fetch(actions, { headers: asUser(user) });
        return (await answer.json()).actions;
      },
    };
    for (const ref of [flights, places]) {
      backend.engine.of(ref).write(() => [{ id: '1', delay: '5' }]);
    }
    await backend.publish([
      dataset('flights'),
      dataset('modest', {
        contracts: [
          contractText('1.0.0', 'delay'),
          contractText('1.1.0', 'arrival_delay'),
        ],
      }),
      dataset('places', {}, 'group:default/geo-data'),
      component('pinned', {
        consumesDatasets: [
          { dataset: places, version: '^1.0.0', fields: ['delay'] },
        ],
      }),
    ]);
  });

  afterAll(async () => {
    await backend?.stop();
  });

  return () => backend;
}
