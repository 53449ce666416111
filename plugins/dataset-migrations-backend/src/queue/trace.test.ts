import { trace } from '@opentelemetry/api';
import { node, tracing } from '@opentelemetry/sdk-node';
import { poll } from '../__testUtils__/poll';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { testQueue, workOptions } from './__testUtils__/testQueue';
import { PgBossQueue } from './PgBossQueue';
import { JobPayload } from './types';

jest.setTimeout(120_000);

describe('traces', () => {
  const database = useTestDatabase();
  const exporter = new tracing.InMemorySpanExporter();
  const provider = new node.NodeTracerProvider({
    spanProcessors: [new tracing.SimpleSpanProcessor(exporter)],
  });
  const tracer = trace.getTracer('test');
  let queue: PgBossQueue;

  beforeAll(() => provider.register());

  beforeEach(async () => {
    exporter.reset();
    queue = testQueue(database());
    await queue.start();
  });

  afterEach(() => queue.stop());

  afterAll(async () => {
    await provider.shutdown();
    trace.disable();
  });

  const migration = (sequence: number): JobPayload => ({
    task: 'advance',
    migrationId: 'm',
    sequence,
  });
  const enqueue = (payload: JobPayload) =>
    database().transaction(trx =>
      queue.enqueue(trx, payload, { key: 'a', engine: 'memory' }),
    );
  /** Runs jobs in a span each; the first one enqueues another. */
  const work = () => {
    const ran: JobPayload[] = [];
    return queue
      .work(
        payload =>
          tracer.startActiveSpan('job', async span => {
            ran.push(payload);
            if ((payload as { sequence: number }).sequence === 1) {
              await enqueue(migration(2));
            }
            span.end();
          }),
        workOptions,
      )
      .then(() => ran);
  };
  const spans = (name: string) =>
    exporter.getFinishedSpans().filter(span => span.name === name);

  it('go from who enqueues to the job, and to the jobs that it enqueues', async () => {
    await tracer.startActiveSpan('request', async span => {
      await enqueue(migration(1));
      span.end();
    });
    const ran = await work();
    await poll('both jobs', () => spans('job').length === 2);
    const [request] = spans('request');
    for (const job of spans('job')) {
      expect(job.spanContext().traceId).toBe(request.spanContext().traceId);
      expect(job.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
    }
    // The handler sees the payload alone.
    expect(ran).toEqual([migration(1), migration(2)]);
  });

  it('begin anew with a job that came without one, as from an earlier release', async () => {
    await enqueue(migration(3));
    const [{ data }] = await database()
      .withSchema('dataset_migrations_boss')
      .from('job');
    expect(data).toEqual(migration(3));
    const ran = await work();
    await poll('the job', () => spans('job').length === 1);
    expect(spans('job')[0].parentSpanContext).toBeUndefined();
    expect(ran).toEqual([migration(3)]);
  });
});
