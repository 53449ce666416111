import { mockServices } from '@backstage/backend-test-utils';
import {
  Batch,
  ImperativeAgent,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { AgentRegistry } from './AgentRegistry';

const batch: Batch = { fields: [], rows: [{ id: 1 }, { id: 2 }] };

const agent = (
  run: ImperativeAgent['run'],
  id = 'shout',
): ImperativeAgent<any> => ({
  kind: 'imperative',
  id,
  description: 'Shouts',
  payloadSchema: {},
  output: (_, fields) => fields,
  run,
});

const runner = (registry: AgentRegistry) =>
  registry.runner({
    migrationId: 'm',
    datasetRef: 'resource:default/flights',
    fence: 7,
    logger: mockServices.rootLogger(),
  });

const request = (overrides: object = {}) => ({
  agent: 'shout',
  payload: { loud: true },
  batch,
  checkpoint: '42',
  signal: new AbortController().signal,
  ...overrides,
});

describe('AgentRegistry', () => {
  it('gives an agent its batch, payload, checkpoint and fence', async () => {
    const run = jest.fn(async (given: Batch) => ({
      batch: given,
      rowsAffected: 2,
    }));
    const registry = new AgentRegistry([agent(run)]);
    const dataset = { entityRef: 'resource:default/flights' };
    expect(registry.definitions(dataset).map(({ id }) => id)).toEqual(
      expect.arrayContaining(['rename-field', 'cast-type', 'shout']),
    );
    expect(await runner(registry).run(request())).toEqual({
      batch,
      rowsAffected: 2,
    });
    expect(run).toHaveBeenCalledWith(
      batch,
      expect.objectContaining({
        payload: { loud: true },
        migrationId: 'm',
        checkpoint: '42',
        fence: 7,
      }),
    );
  });

  it('G11: shows plans of a dataset only the agents that it may use', () => {
    const shout = agent(async given => ({ batch: given, rowsAffected: 0 }));
    const registry = new AgentRegistry([
      { ...shout, allows: ({ owner }) => owner === 'group:default/loud' },
    ]);
    const known = (owner?: string) =>
      registry
        .definitions({ entityRef: 'resource:default/flights', owner })
        .some(({ id }) => id === 'shout');
    expect(known('group:default/loud')).toBe(true);
    expect(known('group:default/quiet')).toBe(false);
    expect(known()).toBe(false);
  });

  it('refuses a batch of other rows than it gave', async () => {
    const registry = new AgentRegistry([
      agent(async given => ({
        batch: { ...given, rows: given.rows.slice(1) },
        rowsAffected: 1,
      })),
    ]);
    await expect(runner(registry).run(request())).rejects.toThrow(
      "Agent 'shout' returned 1 rows for 2",
    );
  });

  it('G10: names agent and field of a text that was cut within a character', async () => {
    const cutting = (length: number) =>
      runner(
        new AgentRegistry([
          agent(async ({ fields, rows }) => ({
            batch: {
              fields,
              rows: rows.map(row => ({ ...row, bird: '🪿'.slice(0, length) })),
            },
            rowsAffected: rows.length,
          })),
        ]),
      ).run(request());
    await expect(cutting(1)).rejects.toThrow(/'shout' .* field 'bird'/);
    await expect(cutting(2)).resolves.toMatchObject({ rowsAffected: 2 });
  });

  it('takes nothing that was done with an aborted batch', async () => {
    const controller = new AbortController();
    const registry = new AgentRegistry([
      agent(async given => {
        controller.abort(new Error('cancelled'));
        return { batch: given, rowsAffected: 2 };
      }),
    ]);
    await expect(
      runner(registry).run(request({ signal: controller.signal })),
    ).rejects.toThrow('cancelled');
  });

  it('knows agents by one name each, and only those that take batches', async () => {
    const run: ImperativeAgent['run'] = async given => ({
      batch: given,
      rowsAffected: 0,
    });
    expect(() => new AgentRegistry([agent(run, 'rename-field')])).toThrow(
      "There are two agents 'rename-field'",
    );
    const { run: runAgent } = runner(new AgentRegistry());
    await expect(runAgent(request())).rejects.toThrow(
      "There is no agent 'shout'",
    );
    await expect(runAgent(request({ agent: 'cast-type' }))).rejects.toThrow(
      "Agent 'cast-type' takes no batches",
    );
  });
});
