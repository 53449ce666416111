const { createRequire } = require('node:module');
const { default: JestRuntime } = require('jest-runtime');

const native = createRequire(__filename);

/** Dependencies that use what only the sandbox of a test has: `jest`, `afterAll`. */
const OF_TESTS =
  /\/node_modules\/(@backstage\/backend-test-utils|@testing-library|@jest|jest-[^/]+|expect)\//;

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
  return path.includes('/node_modules/') && !OF_TESTS.test(path);
}
