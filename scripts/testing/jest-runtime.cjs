const { createRequire } = require('node:module');
const { default: JestRuntime } = require('jest-runtime');

const native = createRequire(__filename);

/**
 * Dependencies that use what only the sandbox of a test has, such as `jest` and
 * `afterAll`; and those of databases, as what goes in is asked whether it is an
 * `instanceof Function`, and what comes out, whether it is a `Date`.
 */
const IN_SANDBOX = new RegExp(
  `/node_modules/(${[
    '@backstage/[^/]*-?test-utils',
    '@testing-library',
    '@jest',
    'jest-[^/]+',
    'expect',
    'knex',
    'pg(-[^/]+)?',
    'postgres-[^/]+',
  ].join('|')})/`,
);

/**
 * Loads dependencies as Node.js does, once for all the test files that a worker
 * runs, and only what is ours anew for each of them. What a portal consists of
 * is thousands of modules, and to load them anew takes longer than most tests.
 * A dependency that a test mocks with `jest.mock` is mocked for what is ours.
 */
module.exports = class SharedDependenciesRuntime extends JestRuntime {
  _loadModule(localModule, from, moduleName, modulePath, ...rest) {
    if (!isShared(modulePath)) {
      super._loadModule(localModule, from, moduleName, modulePath, ...rest);
      return;
    }
    localModule.exports = native(modulePath);
    localModule.loaded = true;
  }
};

function isShared(path) {
  return path.includes('/node_modules/') && !IN_SANDBOX.test(path);
}
