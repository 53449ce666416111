const { createConfigForRole } = require('@backstage/cli/config/eslint-factory');

/** For all code that is in no package: scripts, benchmarks, end-to-end tests. */
module.exports = createConfigForRole(__dirname, 'node-library', {
  rules: {
    // It uses what the root installs.
    '@backstage/no-undeclared-imports': 'off',
    // Its loops wait for one round before the next.
    'no-loop-func': 'off',
    'no-restricted-syntax': 'off',
    // Its tests are not Jest's.
    'jest/expect-expect': 'off',
  },
  overrides: [
    {
      // Suites build on scripts; only the commands that run them know them.
      files: ['lib/**', 'demo-run/**', 'demo-world/**', 'testing/**'],
      rules: {
        'no-restricted-imports': [
          'error',
          { patterns: ['**/e2e-tests/**', '**/benchmarks/**'] },
        ],
      },
    },
  ],
});
