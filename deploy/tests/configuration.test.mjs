import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { ConfigSources, loadConfigSchema } from '@backstage/config-loader';
import { wholeConfigSchema } from '../../scripts/lib/config-schema.mjs';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { manifestOf, readYaml } from './manifests.mjs';

const BASE = join(ROOT, 'deploy/kubernetes/base');
const FILES = join(ROOT, 'deploy/kubernetes/components/shared-files');

/** Where the files are that the pods are given. */
const MOUNTED = {
  '/etc/skein/app-config.kubernetes.yaml': BASE,
  '/etc/skein/app-config.kubernetes.backend.yaml': BASE,
  '/etc/skein/app-config.kubernetes.worker.yaml': BASE,
  '/etc/skein/app-config.kubernetes.files.yaml': FILES,
};

/** Variables of app-config.worker.yaml that need not be set. */
const HAVE_DEFAULTS = ['SKEIN_WORKER_HOST', 'SKEIN_WORKER_PORT'];

function containerOf(name) {
  return manifestOf('Deployment', name).spec.template.spec.containers[0];
}

/** The config of a pod, with every variable that it names set. */
async function configOf(name, { files = false } = {}) {
  const args = [
    ...containerOf(name).args,
    ...(files
      ? readYaml('kubernetes/components/shared-files/mount.yaml')
          .map(({ path, value }) => path.includes('/args/') && value)
          .filter(Boolean)
      : []),
  ];
  const targets = args
    .filter(arg => arg !== '--config')
    .map(path => ({
      type: 'path',
      target: MOUNTED[path]
        ? join(MOUNTED[path], path.slice('/etc/skein/'.length))
        : join(ROOT, path),
    }));
  const missing = new Set();
  const environment = variablesOf(name);
  const source = ConfigSources.default({
    argv: targets.flatMap(({ target }) => ['--config', target]),
    env: {},
    substitutionFunc: async variable => {
      if (environment.has(variable)) return `value of ${variable}`;
      if (!HAVE_DEFAULTS.includes(variable)) missing.add(variable);
      return undefined;
    },
  });
  const config = await ConfigSources.toConfig(source);
  // It would go on watching the files.
  config.close();
  return { data: config.get(), config, missing: [...missing] };
}

/** Names of the variables that a pod has. */
function variablesOf(name) {
  const { env, envFrom } = containerOf(name);
  assert.deepEqual(envFrom, [{ configMapRef: { name: 'skein-environment' } }]);
  return new Set([
    ...env.map(variable => variable.name),
    'SKEIN_PORTAL_PUBLIC_URL',
    'POSTGRES_HOST',
    'POSTGRES_PORT',
  ]);
}

const seconds = text => Number(/^(\d+)s$/.exec(text)[1]);

describe('configuration of the pods', () => {
  const schemas = {};

  before(async () => {
    for (const name of ['backend', 'worker']) {
      schemas[name] = await loadConfigSchema({
        serialized: await wholeConfigSchema(name),
        noUndeclaredProperties: true,
      });
    }
  });

  for (const name of ['backend', 'worker']) {
    for (const files of [false, true]) {
      it(`of the ${name}${
        files ? ' with files' : ''
      } has only keys that some package declares`, async () => {
        const { data, missing } = await configOf(`skein-${name}`, { files });
        assert.deepEqual(missing, []);
        // Backstage wants `app` of everybody, though a worker has no pages.
        const whole = { app: { baseUrl: 'http://localhost' }, ...data };
        schemas[name].process([{ context: name, data: whole }]);
      });
    }
  }

  it('would be refused with a misspelled key', async () => {
    const { data } = await configOf('skein-worker');
    data.app = { baseUrl: 'http://localhost' };
    data.datasetMigrations.queue.shutDownTimeout = '20s';
    assert.throws(
      () => schemas.worker.process([{ context: 'worker', data }]),
      /shutDownTimeout/,
    );
  });

  it('leaves the jobs time to halt before a pod is killed', async () => {
    const { config } = await configOf('skein-worker');
    const timeout = seconds(
      config.getString('datasetMigrations.queue.shutdownTimeout'),
    );
    const { terminationGracePeriodSeconds } = manifestOf(
      'Deployment',
      'skein-worker',
    ).spec.template.spec;
    assert.ok(terminationGracePeriodSeconds >= timeout + 15);
  });

  it('asks for events and keeps connections as Backstage does, not as the demo', async () => {
    const { config } = await configOf('skein-backend');
    assert.equal(config.getNumber('events.notifyTimeoutMs'), 55_000);
    assert.equal(config.getNumber('backend.server.keepAliveTimeout'), 5_000);
    const worker = await configOf('skein-worker');
    assert.equal(worker.config.has('events'), false);
    assert.equal(worker.config.has('backend.server'), false);
  });

  it('leaves requests that wait for events time to end before a portal is killed', async () => {
    const { config } = await configOf('skein-backend');
    const { terminationGracePeriodSeconds, containers } = manifestOf(
      'Deployment',
      'skein-backend',
    ).spec.template.spec;
    const waits =
      containers[0].lifecycle.preStop.sleep.seconds * 1000 +
      config.getNumber('events.notifyTimeoutMs') +
      config.getNumber('backend.server.keepAliveTimeout');
    assert.ok(terminationGracePeriodSeconds * 1000 >= waits + 15_000);
  });

  it('makes the portal answer and the workers work', async () => {
    const rolesOf = async name =>
      (await configOf(name)).config.getStringArray('datasetMigrations.roles');
    assert.deepEqual(await rolesOf('skein-backend'), ['api']);
    assert.deepEqual(await rolesOf('skein-worker'), ['worker']);
  });

  it('lets nobody in by the sign-ins of the demo', async () => {
    const { config } = await configOf('skein-backend');
    assert.equal(config.has('auth.providers.guest'), false);
    assert.equal(config.has('auth.providers.demo'), false);
  });

  it('makes each pod listen where its probes ask', async () => {
    for (const name of ['skein-backend', 'skein-worker']) {
      const container = containerOf(name);
      const { config } = await configOf(name);
      const http = container.ports.find(port => port.name === 'http');
      assert.equal(http.containerPort, config.getNumber('backend.listen.port'));
      for (const probe of ['startup', 'liveness', 'readiness']) {
        const { path, port } = container[`${probe}Probe`].httpGet;
        assert.equal(port, 'http');
        assert.match(path, /^\/\.backstage\/health\/v1\/(liveness|readiness)$/);
      }
    }
  });

  it('fits the connections that the guide reckons with', async () => {
    const { config } = await configOf('skein-worker');
    const slots = config.getNumber('datasetMigrations.queue.slots');
    const pool = config.getNumber('backend.database.knexConfig.pool.max');
    const [warehouse] = config.getConfigArray(
      'datasetMigrations.engines.postgres.connections',
    );
    assert.equal(slots, 4);
    assert.equal(pool, 6);
    assert.equal(warehouse.getNumber('maxConnections'), 5);
  });
});

describe('pods', () => {
  for (const name of ['skein-backend', 'skein-worker']) {
    const pod = manifestOf('Deployment', name).spec.template.spec;
    const [container, ...others] = pod.containers;

    it(`${name} runs as nobody in particular, on files that it cannot write`, () => {
      assert.deepEqual(others, []);
      assert.equal(pod.automountServiceAccountToken, false);
      assert.equal(pod.securityContext.runAsNonRoot, true);
      assert.ok(pod.securityContext.runAsUser > 0);
      assert.equal(pod.securityContext.seccompProfile.type, 'RuntimeDefault');
      assert.equal(container.securityContext.readOnlyRootFilesystem, true);
      assert.equal(container.securityContext.allowPrivilegeEscalation, false);
      assert.deepEqual(container.securityContext.capabilities.drop, ['ALL']);
      const tmp = pod.volumes.find(volume => volume.name === 'tmp');
      assert.ok(tmp.emptyDir.sizeLimit);
      assert.ok(
        container.volumeMounts.some(({ mountPath }) => mountPath === '/tmp'),
      );
    });

    it(`${name} has requests and limits, and no secret in its manifest`, () => {
      for (const kind of ['requests', 'limits']) {
        assert.deepEqual(Object.keys(container.resources[kind]).sort(), [
          'cpu',
          'ephemeral-storage',
          'memory',
        ]);
      }
      const secret = /PASSWORD|USER$|WAREHOUSE_URL|SECRET|TOKEN/;
      for (const variable of container.env) {
        if (secret.test(variable.name)) {
          assert.ok(variable.valueFrom.secretKeyRef, variable.name);
        }
      }
    });

    it(`${name} has a Service, a budget and a network policy that select it`, () => {
      const { labels } = manifestOf('Deployment', name).spec.template.metadata;
      const selected = [
        manifestOf('Service', name).spec.selector,
        manifestOf('PodDisruptionBudget', name).spec.selector.matchLabels,
        manifestOf('NetworkPolicy', name).spec.podSelector.matchLabels,
        manifestOf('Deployment', name).spec.selector.matchLabels,
      ];
      for (const selector of selected) assert.deepEqual(selector, labels);
    });
  }

  it('a worker is called by nobody but Prometheus', () => {
    const { ingress } = manifestOf('NetworkPolicy', 'skein-worker').spec;
    assert.deepEqual(
      ingress.flatMap(({ ports }) => ports.map(({ port }) => port)),
      ['metrics'],
    );
  });
});
