import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { parseEntityRef } from '@backstage/catalog-model';
import { eventually } from '../../scripts/lib/eventually';
import { entitiesOf, entity, honest, nameOf } from './datasetBuilders';
import {
  hostileAnswers,
  hostileDeclarations,
  hostileRuns,
  reader,
  readerDeclares,
  watched,
  watchedSpec,
} from './hostileConsumers';
import { hostileContracts } from './hostileContracts';
import { hostileRequests } from './hostileRequests';
import { hostileSteps } from './hostileSteps';
import { HostileWorld, secrets, startHostileWorld } from './hostileWorld';

const hostileDatasets = [...hostileContracts, ...hostileSteps];

/** Callbacks that a consumer of the honest dataset declares, with their end. */
const callbacks: Array<[string, RegExp]> = [
  ['http://169.254.169.254/latest/meta-data', /not in the allow-list/],
  [`http://localhost/hook?key=${secrets.callbackQuery}`, /loopback address/],
  ['http://[::1]/hook', /not in the allow-list/],
  ['https://elsewhere.example.com/hook', /not in the allow-list/],
];

const component = (
  name: string,
  consumesDatasets: unknown,
  annotations = {},
) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, annotations },
  spec: {
    type: 'service',
    lifecycle: 'production',
    owner: 'group:default/others',
    consumesDatasets,
  },
});

const callers = callbacks.map(([webhook], index) =>
  component(`caller-${index}`, [
    {
      dataset: 'resource:default/honest',
      version: '>=1.0.0',
      fields: ['id'],
      webhook,
    },
  ]),
);

const declaring = (index: number) => `declares-${index}`;

const consumers = [
  component(parseEntityRef(reader).name, readerDeclares),
  ...hostileDeclarations.map(({ consumesDatasets, annotations }, index) =>
    component(declaring(index), consumesDatasets, annotations),
  ),
];

describe('G10: hostile input', () => {
  let world: HostileWorld;
  let untouched: string;

  before(async () => {
    world = await startHostileWorld([
      ...entitiesOf(hostileDatasets),
      entity('honest', honest),
      entity(parseEntityRef(watched).name, watchedSpec),
      ...callers,
      ...consumers,
    ]);
    await eventually('the catalog is read', async () => {
      const { body } = await world.call('/datasets?limit=1');
      const { body: ready } = await world.call(
        '/datasets/resource/default/honest',
      );
      return (
        body.totalItems === hostileDatasets.length + 2 &&
        ready.consumerCount === callers.length
      );
    });
    untouched = await world.fingerprint();
  });

  after(() => world?.stop());

  beforeEach(() => assert.deepEqual(world?.leaks() ?? [], []));

  for (const request of [
    ...hostileRequests,
    ...hostileAnswers,
    ...hostileRuns,
  ]) {
    it(`refuses ${request.name}`, async () => {
      const { status, body } = await world.call(request.path, {
        method: request.method,
        headers: request.headers,
        body:
          request.body === undefined || typeof request.body === 'string'
            ? request.body
            : JSON.stringify(request.body),
      });
      const message = String(body.error?.message);
      assert.equal(status, request.status, message);
      for (const name of request.names) assert.match(message, name);
      assert.equal(await world.fingerprint(), untouched);
    });
  }

  for (const [index, declaration] of hostileDeclarations.entries()) {
    it(`tells of a declaration: ${declaration.name}`, async () => {
      const name = declaring(index);
      const found = await world.entity(`component/default/${name}`);
      const said = found.status?.items ?? [];
      const { body } = await world.call(
        '/datasets/resource/default/watched/consumers',
      );
      const ref = `component:default/${name}`;
      const verdict = body.items.find(
        (one: any) => one.consumer.entityRef === ref,
      );
      const message = [
        ...said.map((item: any) => item.message),
        ...(verdict?.reasons ?? []),
      ].join('; ');
      for (const each of declaration.names) assert.match(message, each);
      // What is not understood is no evidence that nothing is read.
      assert.ok([undefined, 'unknown'].includes(verdict?.verdict), message);
    });
  }

  for (const [index, hostile] of hostileDatasets.entries()) {
    it(`refuses ${hostile.name}`, async () => {
      const message = await refusalOf(index);
      for (const name of hostile.names) assert.match(message, name);
      assert.ok(message.length < 3_000, 'a message that a person reads');
      assert.equal(await world.fingerprint(), untouched);
    });
  }

  /** Starts the migration; gives the message with which it was refused or failed. */
  async function refusalOf(index: number): Promise<string> {
    const { ends, targetVersion = '2.0.0' } = hostileDatasets[index];
    const { status, body } = await world.call('/migrations', {
      method: 'POST',
      body: JSON.stringify({
        datasetRef: `resource:default/${nameOf(index)}`,
        targetVersion,
      }),
    });
    if (ends !== 'failed') {
      assert.equal(status, ends, JSON.stringify(body.error ?? body.state));
      return body.error.message;
    }
    if (status !== 202) {
      assert.ok(status >= 400 && status < 500, `${status}`);
      return body.error.message;
    }
    const migration = await eventually('it ends', async () => {
      const { body: now } = await world.call(`/migrations/${body.id}`);
      return ['failed', 'succeeded'].includes(now.state) && now;
    });
    assert.equal(migration.state, 'failed');
    return migration.error.message;
  }

  it('refuses callbacks to addresses that are not meant', async () => {
    const { status, body } = await world.call('/migrations', {
      method: 'POST',
      body: JSON.stringify({
        datasetRef: 'resource:default/honest',
        targetVersion: '2.0.0',
      }),
    });
    assert.equal(status, 202, JSON.stringify(body));
    const deliveries = await eventually('the callbacks end', async () => {
      const { body: page } = await world.call(
        `/deliveries?migrationId=${body.id}&limit=100`,
      );
      const calls = page.items.filter(
        (one: any) =>
          one.kind === 'webhook' && one.eventType.endsWith('.succeeded'),
      );
      return (
        calls.length === callbacks.length &&
        calls.every((one: any) => one.state !== 'pending') &&
        calls
      );
    });
    for (const [index, [, reason]] of callbacks.entries()) {
      const delivery = deliveries.find(
        (one: any) => one.consumerRef === `component:default/caller-${index}`,
      );
      assert.equal(delivery.state, 'dead');
      assert.match(delivery.lastError, reason);
    }
    assert.deepEqual(world.leaks(), []);
  });
});
