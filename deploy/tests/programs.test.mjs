import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { capture } from '../../scripts/lib/lifetime.mjs';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { temporaryFolder } from '../../scripts/lib/temporary-folder.mjs';
import { undeclared, violation } from './publishedSchemas.mjs';

// Nothing but npm is needed to test Skein; where these programs are, they are
// asked as well.

const DEPLOY = join(ROOT, 'deploy');

/** Where a program is, or undefined. */
function find(program) {
  return process.env.PATH.split(delimiter)
    .map(folder => join(folder, program))
    .find(existsSync);
}

/** How to render a kustomization: kubectl brings a Kustomize of its own. */
function findKustomize() {
  const kustomize = find('kustomize');
  if (kustomize) return [kustomize, 'build'];
  const kubectl = find('kubectl');
  return kubectl && [kubectl, 'kustomize'];
}

const KUSTOMIZE = findKustomize();
const PROMTOOL = find('promtool');

const WITH_KUSTOMIZE = {
  skip: !KUSTOMIZE && 'neither kustomize nor kubectl is on the path',
};
const WITH_PROMTOOL = { skip: !PROMTOOL && 'promtool is not on the path' };

async function output(program, args) {
  const { code, output: text } = await capture(program, args, { cwd: DEPLOY });
  assert.equal(code, 0, text);
  return text;
}

/** What an overlay renders to, of these manifests or of a copy of them. */
async function render(overlay, deploy = DEPLOY) {
  const [program, verb] = KUSTOMIZE;
  const folder = join(deploy, 'kubernetes/overlays', overlay);
  const text = await output(program, [verb, folder]);
  return parseAllDocuments(text).map(document => document.toJS());
}

describe('kustomize', () => {
  for (const overlay of ['hpa', 'keda']) {
    it(
      `builds the overlay ${overlay}, and all of it is valid`,
      WITH_KUSTOMIZE,
      async () => {
        const built = (await render(overlay)).map(manifest => ({
          file: overlay,
          manifest,
        }));
        for (const { manifest } of built) {
          assert.equal(await violation(manifest), undefined);
          assert.equal(manifest.metadata.namespace, 'skein');
        }
        assert.deepEqual(undeclared(built), []);

        const ofKind = kind =>
          built.filter(({ manifest }) => manifest.kind === kind);
        assert.equal(ofKind('Deployment').length, 2);
        assert.equal(
          ofKind('HorizontalPodAutoscaler').length +
            ofKind('ScaledObject').length,
          1,
        );
        for (const { manifest } of ofKind('Deployment')) {
          const { containers, volumes } = manifest.spec.template.spec;
          assert.match(containers[0].image, /^registry\.example\.com\//);
          const config = volumes.find(({ name }) => name === 'config');
          assert.match(config.configMap.name, /^skein-config-/);
        }
      },
    );
  }

  it(
    'hands the host of the database on to the scaler',
    WITH_KUSTOMIZE,
    async t => {
      const copy = temporaryFolder(t);
      cpSync(DEPLOY, copy, { recursive: true });
      const overlay = join(copy, 'kubernetes/overlays/keda/kustomization.yaml');
      const written = readFileSync(overlay, 'utf8');
      writeFileSync(
        overlay,
        written.replace(
          'POSTGRES_HOST=postgres.example.com',
          'POSTGRES_HOST=other.example.com\n      - POSTGRES_PORT=6432',
        ),
      );
      const { triggers } = (await render('keda', copy)).find(
        ({ kind }) => kind === 'ScaledObject',
      ).spec;
      const asked = triggers.filter(({ type }) => type === 'postgresql');
      assert.ok(asked.length > 0);
      for (const { metadata } of asked) {
        assert.equal(metadata.host, 'other.example.com');
        assert.equal(metadata.port, '6432');
      }
    },
  );
});

describe('promtool', () => {
  it('finds the rules valid', WITH_PROMTOOL, () =>
    output(PROMTOOL, ['check', 'rules', 'monitoring/alerts.yaml']),
  );

  it('finds that the tests of the rules pass', WITH_PROMTOOL, () =>
    output(PROMTOOL, ['test', 'rules', 'monitoring/alerts.test.yaml']),
  );
});
