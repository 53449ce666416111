import { mockServices } from '@backstage/backend-test-utils';
import {
  ConsumerVerdict,
  Verdict,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { FakeBackend } from '../__testUtils__/FakeBackend';
import { taskContext } from '../__testUtils__/taskContext';
import { createConsumersAction } from './createConsumersAction';

const consumer = (name: string, verdict: Verdict): ConsumerVerdict => ({
  consumer: { entityRef: `component:default/${name}`, source: 'declared' },
  verdict,
  reasons: [`why ${name}`],
  touchedBy: [],
  blocking: verdict !== 'ready',
});

describe('dataset:consumers', () => {
  let backend: FakeBackend;

  beforeEach(async () => {
    backend = await FakeBackend.start();
  });
  afterEach(() => backend.stop());

  const run = async (verdicts: Verdict[], failOn?: string) => {
    const count = (wanted: Verdict) =>
      verdicts.filter(verdict => verdict === wanted).length;
    backend.consumers = {
      items: verdicts.map((verdict, index) => consumer(`c${index}`, verdict)),
      counts: {
        ready: count('ready'),
        breaks: count('breaks'),
        unknown: count('unknown'),
      },
    };
    const task = taskContext({
      dataset: 'resource:default/flights',
      targetVersion: '2.0.0',
      ...(failOn ? { failOn } : {}),
    });
    await createConsumersAction({
      api: backend.api(),
      auth: mockServices.auth({ pluginId: 'scaffolder' }),
    }).handler(task.ctx);
    return task;
  };

  it('outputs every consumer with its verdict', async () => {
    const { outputs } = await run(['ready', 'unknown']);
    expect(outputs.counts).toEqual({ ready: 1, breaks: 0, unknown: 1 });
    expect(outputs.consumers).toMatchObject([
      { entityRef: 'component:default/c0', verdict: 'ready', blocking: false },
      { entityRef: 'component:default/c1', verdict: 'unknown', blocking: true },
    ]);
    expect(backend.requests[0].caller).toContain('user:default/mock');
  });

  it.each`
    failOn       | verdicts               | named
    ${undefined} | ${['ready', 'breaks']} | ${'component:default/c1 (breaks): why c1'}
    ${'breaks'}  | ${['breaks']}          | ${'component:default/c0 (breaks): why c0'}
    ${'unknown'} | ${['unknown']}         | ${'component:default/c0 (unknown): why c0'}
    ${'unknown'} | ${['ready', 'breaks']} | ${'component:default/c1 (breaks): why c1'}
  `(
    'with failOn $failOn fails for $verdicts, naming who and why',
    async ({ failOn, verdicts, named }) => {
      await expect(run(verdicts, failOn)).rejects.toThrow(named);
    },
  );

  it.each`
    failOn       | verdicts
    ${undefined} | ${['ready', 'unknown']}
    ${'unknown'} | ${['ready']}
    ${'none'}    | ${['breaks', 'unknown']}
  `('with failOn $failOn lets $verdicts pass', async ({ failOn, verdicts }) => {
    const { outputs } = await run(verdicts, failOn);
    expect(outputs.consumers).toHaveLength(verdicts.length);
  });

  it('G10: says what the backend said about an unknown dataset', async () => {
    const { ctx } = taskContext({ dataset: 'nobody', targetVersion: '2.0.0' });
    await expect(
      createConsumersAction({
        api: backend.api(),
        auth: mockServices.auth({ pluginId: 'scaffolder' }),
      }).handler(ctx),
    ).rejects.toThrow('No dataset at');
  });
});
