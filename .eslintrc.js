const {
  SCOPE,
  directions,
  portalPackages,
  isomorphic,
} = require('./scripts/import-directions.cjs');

/** The folders of our packages, by what they may not import. */
const overrides = Object.entries(directions).map(([folder, allowed]) => {
  const forbidden = Object.keys(directions)
    .map(other => other.split('/').pop())
    .filter(name => name !== folder.split('/').pop())
    .filter(name => !allowed.includes(name));
  return {
    files: [`${folder}/**/*.{ts,tsx}`],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: forbidden.flatMap(name => [
                `${SCOPE}${name}`,
                `${SCOPE}${name}/*`,
              ]),
              message:
                'The import directions in scripts/import-directions.cjs forbid this.',
            },
            {
              // Anchored: a bare name would match ./worker of a plugin as well.
              group: portalPackages.flatMap(name => [`/${name}`, `/${name}/*`]),
              message: 'Plugins know nothing of the portal that they are in.',
            },
          ],
        },
      ],
    },
  };
});

module.exports = {
  root: true,
  overrides: [
    ...overrides,
    ...isomorphic.map(folder => ({
      files: [`${folder}/src/**/*.{ts,tsx}`],
      excludedFiles: ['**/*.test.ts', '**/__testUtils__/**'],
      rules: { 'import/no-nodejs-modules': 'error' },
    })),
  ],
};
