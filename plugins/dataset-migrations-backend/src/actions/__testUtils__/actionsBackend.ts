import { actionsRegistryServiceFactory } from '@backstage/backend-defaults/alpha';
import { TestDatabases } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { JsonObject } from '@backstage/types';
import {
  asUser,
  component,
  contractText,
  dataset,
  startBackend,
  TestBackend,
} from '../../__testUtils__/testBackend';

/** The datasets of the tests of one action. */
export interface ActionDatasets {
  flights: string;
  /** Carl's, of which a consumer would break. */
  places: string;
  /** Its next version, 1.1.0, is too low a bump. */
  modest: string;
}

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

/** What the tests of actions share. */
export interface GivenActions {
  backend(): ActionsBackend;
  datasetsOf(action: string): ActionDatasets;
}

const ACTIONS = [
  'plan',
  'migrate',
  'get-status',
  'list-blocked',
  'start-campaign',
];

function datasetsOf(action: string): ActionDatasets {
  const ref = (name: string) => `resource:default/${action}-${name}`;
  return {
    flights: ref('flights'),
    places: ref('places'),
    modest: ref('modest'),
  };
}

function entitiesOf(action: string): Entity[] {
  return [
    dataset(`${action}-flights`),
    dataset(`${action}-modest`, {
      contracts: [
        contractText('1.0.0', 'delay'),
        contractText('1.1.0', 'arrival_delay'),
      ],
    }),
    dataset(`${action}-places`, {}, 'group:default/geo-data'),
    component(`${action}-pinned`, {
      consumesDatasets: [
        {
          dataset: datasetsOf(action).places,
          version: '^1.0.0',
          fields: ['delay'],
        },
      ],
    }),
  ];
}

/**
 * A backend with the real registry of actions, and datasets for the tests of each of
 * them, which start migrations.
 */
export function useActionsBackend(): GivenActions {
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
    for (const { flights, places } of ACTIONS.map(datasetsOf)) {
      for (const ref of [flights, places]) {
        backend.engine.of(ref).write(() => [{ id: '1', delay: '5' }]);
      }
    }
    await backend.publish(ACTIONS.flatMap(entitiesOf));
  });

  afterAll(async () => {
    await backend?.stop();
  });

  return { backend: () => backend, datasetsOf };
}
