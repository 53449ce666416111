import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { NODE_VERSION, YARN_VERSION } from '../../scripts/lib/versions.mjs';
import { manifestOf } from './manifests.mjs';

const dockerfile = readFileSync(join(ROOT, 'deploy/images/Dockerfile'), 'utf8');

/** The lines of a stage, without the FROM. */
function stage(name) {
  const [, rest] = dockerfile.split(new RegExp(`^FROM .* AS ${name}$`, 'm'));
  return rest.split(/^FROM /m)[0];
}

describe('images', () => {
  it('have the Node and the Yarn of the repository', () => {
    const [major] = NODE_VERSION.split('.');
    assert.match(dockerfile, new RegExp(`^ARG NODE_IMAGE=node:${major}-`, 'm'));
    assert.ok(dockerfile.includes(`ARG YARN_VERSION=${YARN_VERSION}\n`));
  });

  for (const name of ['backend', 'worker']) {
    it(`the ${name}'s runs as the user and with the files that its pod wants`, () => {
      const { containers, securityContext } = manifestOf(
        'Deployment',
        `skein-${name}`,
      ).spec.template.spec;
      const { runAsUser, runAsGroup } = securityContext;
      assert.ok(stage(name).includes(`USER ${runAsUser}:${runAsGroup}\n`));
      const expected = containers[0].ports.map(port => port.containerPort);
      assert.ok(stage(name).includes(`EXPOSE ${expected.join(' ')}\n`));

      // Config files that are not mounted are in the image.
      const baked = containers[0].args.filter(
        arg => arg !== '--config' && !arg.startsWith('/'),
      );
      for (const file of baked) {
        assert.ok(existsSync(join(ROOT, file)), file);
        assert.ok(stage(`${name}-files`).includes(`COPY ${file} ./`), file);
      }
    });
  }

  it('leave out what is of one machine', () => {
    const left = readFileSync(
      join(ROOT, 'deploy/images/Dockerfile.dockerignore'),
      'utf8',
    ).split('\n');
    for (const pattern of ['**/node_modules', '*.local.yaml', '.env', '.git']) {
      assert.ok(left.includes(pattern), pattern);
    }
  });
});
