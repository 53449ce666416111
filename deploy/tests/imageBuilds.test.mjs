import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { capture, launch } from '../../scripts/lib/lifetime.mjs';
import { ROOT } from '../../scripts/lib/paths.mjs';

// As in programs.test.mjs: what npm does not bring is used where it is.

const DOCKERFILE = 'deploy/images/Dockerfile';
const [, NODE_IMAGE] = /^ARG NODE_IMAGE=(.+)$/m.exec(
  readFileSync(join(ROOT, DOCKERFILE), 'utf8'),
);

/** What a build needs: the command that tells, and how long it may take. */
const NEEDS = [
  ['a Docker engine that answers', ['info'], 10_000],
  ['BuildKit', ['buildx', 'version'], 10_000],
  // Pulls it where it is not there yet.
  [
    `the image ${NODE_IMAGE}`,
    ['run', '--rm', NODE_IMAGE, 'node', '--version'],
    180_000,
  ],
  [
    'the npm registry within containers',
    ['run', '--rm', NODE_IMAGE, 'npm', 'view', '@yarnpkg/cli-dist', 'version'],
    60_000,
  ],
];

/** Whether docker does something, within so many milliseconds. */
async function does(args, milliseconds) {
  const { ended, stop } = launch('docker', args, {
    stdio: 'ignore',
    patience: 1_000,
  });
  const timer = setTimeout(stop, milliseconds);
  try {
    return (await ended).code === 0;
  } catch {
    // There is no docker.
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** The first need that is not met. */
async function whatLacks() {
  for (const [what, args, milliseconds] of NEEDS) {
    if (!(await does(args, milliseconds))) return what;
  }
  return undefined;
}

/** What docker says when it has done something, however long that takes. */
async function docker(...args) {
  const { code, output } = await capture('docker', args, {
    cwd: ROOT,
    env: { ...process.env, DOCKER_BUILDKIT: '1' },
  });
  assert.equal(code, 0, output);
  return output;
}

describe('docker', () => {
  let lacking;

  before(async () => {
    lacking = await whatLacks();
  });

  for (const name of ['backend', 'worker']) {
    it(`builds the image of the ${name}, which has what it is to start`, async t => {
      if (lacking) {
        t.skip(`needs ${lacking}`);
        return;
      }
      const tag = `skein-test/${name}`;
      t.after(() => does(['image', 'rm', '--force', tag], 60_000));
      const build = ['build', '--file', DOCKERFILE, '--target', name];
      await docker(...build, '--tag', tag, '.');
      const resolve = `require.resolve('./packages/${name}')`;
      const node = ['--entrypoint', 'node', tag];
      assert.match(
        await docker('run', '--rm', ...node, '--print', resolve),
        new RegExp(`^/app/packages/${name}/dist/`, 'm'),
      );
    });
  }
});
