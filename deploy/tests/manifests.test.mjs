import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { manifestOf, readKustomizations, readManifests } from './manifests.mjs';
import { undeclared, violation } from './publishedSchemas.mjs';

const manifests = readManifests();

/** What lies beside the manifests of the monitoring, for other programs. */
const NOT_FOR_KUBERNETES = [
  'alerts.yaml',
  'alerts.test.yaml',
  'prometheus-adapter.yaml',
];

/** A copy of a manifest with something wrong in it. */
function spoil(kind, name, change) {
  const manifest = structuredClone(manifestOf(kind, name));
  change(manifest);
  return manifest;
}

describe('manifests', () => {
  for (const { file, manifest } of manifests) {
    it(`${file} is valid by the published schema of its kind`, async () => {
      assert.equal(await violation(manifest), undefined);
    });
  }

  it('have no field that the published schemas do not declare', () => {
    assert.deepEqual(undeclared(manifests), []);
  });

  const WRONG = [
    ['Deployment', 'skein-worker', m => delete m.spec.selector, /selector/],
    [
      'HorizontalPodAutoscaler',
      'skein-worker',
      m => (m.spec.maxReplicas = '20'),
      /maxReplicas must be integer/,
    ],
    [
      'ScaledObject',
      'skein-worker',
      m => (m.spec.triggers[0].metadata.targetQueryValue = 100),
      /targetQueryValue must be string/,
    ],
    [
      'ServiceMonitor',
      'skein',
      m => (m.spec.endpoints = 'metrics'),
      /endpoints must be array/,
    ],
    ['Service', 'skein-worker', m => (m.kind = 'Servant'), /no kind Servant/],
  ];
  for (const [kind, name, change, message] of WRONG) {
    it(`would be refused: ${message.source}`, async () => {
      assert.match(await violation(spoil(kind, name, change)), message);
    });
  }

  it('would be refused with a misspelled field, wherever it is', () => {
    const misspelled = [
      spoil('Deployment', 'skein-backend', ({ spec }) => {
        spec.template.spec.containers[0].livenessprobe = {};
      }),
      spoil('ScaledObject', 'skein-worker', ({ spec }) => {
        spec.coolDownPeriod = 300;
      }),
    ].map(manifest => ({ file: manifest.kind, manifest }));
    const found = undeclared(misspelled);
    assert.equal(found.length, 2);
    assert.match(found[0], /^Deployment: .*"livenessprobe"' does not exist/);
    assert.match(found[1], /^ScaledObject: .*"coolDownPeriod"' does not exist/);
  });
});

describe('kustomizations', () => {
  for (const { folder, kustomization } of readKustomizations()) {
    it(`${folder} names every file that is in it`, () => {
      const generated = kustomization.configMapGenerator ?? [];
      const named = [
        'kustomization.yaml',
        ...(kustomization.resources ?? []),
        ...(kustomization.patches ?? []).map(({ path }) => path),
        ...generated.flatMap(({ files = [], envs = [] }) => [
          ...files,
          ...envs,
        ]),
      ].filter(path => !path.startsWith('..'));
      const present = readdirSync(join(ROOT, 'deploy', folder), {
        recursive: true,
        withFileTypes: true,
      })
        .filter(entry => entry.isFile())
        .map(entry =>
          join(entry.parentPath, entry.name).slice(
            join(ROOT, 'deploy', folder).length + 1,
          ),
        );
      const besides = folder === 'monitoring' ? NOT_FOR_KUBERNETES : [];
      assert.deepEqual([...named, ...besides].sort(), present.sort());
    });
  }
});
