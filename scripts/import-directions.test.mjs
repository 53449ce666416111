import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ESLint } from 'eslint';
import { ROOT } from './lib/paths.mjs';

const require = createRequire(import.meta.url);
const {
  SCOPE,
  directions,
  portalPackages,
} = require('./import-directions.cjs');

const RULE = '@typescript-eslint/no-restricted-imports';

/** The rules that a file of a plugin would break. */
async function rulesBroken(folder, code) {
  const eslint = new ESLint({ cwd: join(ROOT, folder) });
  const [result] = await eslint.lintText(`${code}\n`, {
    filePath: join(ROOT, folder, 'src/probe.ts'),
  });
  return result.messages.map(({ ruleId }) => ruleId);
}

describe('import directions', () => {
  it('cover every plugin', () => {
    const plugins = readdirSync(join(ROOT, 'plugins')).map(
      name => `plugins/${name}`,
    );
    assert.deepEqual(Object.keys(directions).sort(), plugins.sort());
  });

  for (const [folder, allowed] of Object.entries(directions)) {
    const own = folder.split('/').pop();
    const others = Object.keys(directions)
      .map(other => other.split('/').pop())
      .filter(name => name !== own);

    it(`hold in the package.json of ${own}`, () => {
      const { dependencies } = JSON.parse(
        readFileSync(join(ROOT, folder, 'package.json'), 'utf8'),
      );
      const names = Object.keys(dependencies);
      const ours = names.filter(name => name.startsWith(SCOPE));
      for (const name of ours) {
        assert.ok(allowed.includes(name.slice(SCOPE.length)), name);
      }
      for (const name of portalPackages) assert.ok(!names.includes(name), name);
    });

    it(`are enforced by ESLint in ${own}`, async () => {
      for (const name of [...others.map(other => SCOPE + other), 'backend']) {
        const broken = await rulesBroken(folder, `import '${name}';`);
        const isAllowed = allowed.includes(name.slice(SCOPE.length));
        assert.equal(broken.includes(RULE), !isAllowed, name);
      }
      const types = await rulesBroken(
        folder,
        "import type { App } from 'app/src/App';",
      );
      assert.ok(types.includes(RULE));
      const relative = await rulesBroken(folder, "import './worker';");
      assert.ok(!relative.includes(RULE));
    });
  }

  it("keep Node's modules out of the common package", async () => {
    const folder = 'plugins/dataset-migrations-common';
    const broken = await rulesBroken(folder, "import 'node:fs';");
    assert.ok(broken.includes('import/no-nodejs-modules'));
  });

  it('cannot be got round by require or import()', async () => {
    const name = `${SCOPE}dataset-migrations-backend`;
    for (const code of [
      `require('${name}');`,
      `export const later = import('${name}');`,
    ]) {
      const broken = await rulesBroken('plugins/dataset-migrations', code);
      assert.ok(
        broken.includes('@backstage/no-undeclared-imports') ||
          broken.includes('@backstage/no-mixed-plugin-imports'),
        code,
      );
    }
  });
});
