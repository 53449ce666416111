import { DatasetMigrationsClient } from './client';

function answering(response: Response) {
  const calls: string[] = [];
  const bodies: unknown[] = [];
  const client = new DatasetMigrationsClient({
    discoveryApi: { getBaseUrl: async () => 'http://portal.test/api' },
    fetchApi: {
      fetch: async (input, init) => {
        calls.push(String(input));
        bodies.push(init?.body);
        return response;
      },
    },
  });
  return { calls, bodies, client };
}

describe('DatasetMigrationsClient', () => {
  it("fails with the backend's own message", async () => {
    const body = {
      error: { name: 'ConflictError', message: 'Another migration is active' },
      response: { statusCode: 409 },
    };
    const { client } = answering(
      new Response(JSON.stringify(body), {
        status: 409,
        statusText: 'Conflict',
        headers: { 'content-type': 'application/json' },
      }),
    );
    await expect(client.retryMigration('m1')).rejects.toMatchObject({
      name: 'ResponseError',
      statusCode: 409,
      message: 'Another migration is active',
      cause: { name: 'ConflictError' },
    });
  });

  it('says what it can where something else answers', async () => {
    const { client } = answering(
      new Response('<h1>Bad gateway</h1>', {
        status: 502,
        statusText: 'Bad Gateway',
      }),
    );
    await expect(client.getQueueStatus()).rejects.toMatchObject({
      statusCode: 502,
      message: expect.stringContaining('502'),
    });
  });

  it('asks for the plan under a policy', async () => {
    const { calls, bodies, client } = answering(new Response('{}'));
    const request = { targetVersion: '2.0.0', policy: 'coexist' } as const;
    await client.plan('resource:default/flights', request);
    expect(calls).toEqual([
      'http://portal.test/api/datasets/resource/default/flights/plan',
    ]);
    expect(JSON.parse(String(bodies[0]))).toEqual(request);
  });

  it('asks for the reach of a version, or of the next one', async () => {
    const waves = { waves: [] };
    const { calls, client } = answering(
      new Response(JSON.stringify(waves), { status: 200 }),
    );
    expect(
      await client.getReach('resource:default/flights', {
        targetVersion: '2.0.0+x',
      }),
    ).toEqual(waves);
    await client.getReach('resource:default/flights').catch(() => undefined);
    expect(calls).toEqual([
      'http://portal.test/api/datasets/resource/default/flights/reach?targetVersion=2.0.0%2Bx',
      'http://portal.test/api/datasets/resource/default/flights/reach',
    ]);
  });

  it('asks for the counts of consumers alone', async () => {
    const counts = { ready: 3, breaks: 1, unknown: 0 };
    const { calls, client } = answering(
      new Response(JSON.stringify({ items: [], counts })),
    );
    const answer = await client.getConsumers('resource:default/flights', {
      targetVersion: '2.0.0',
      limit: 0,
    });
    expect(answer.counts).toEqual(counts);
    expect(calls).toEqual([
      'http://portal.test/api/datasets/resource/default/flights/consumers?targetVersion=2.0.0&limit=0',
    ]);
  });
});
