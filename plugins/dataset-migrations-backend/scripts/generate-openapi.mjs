// Writes src/schema/openapi.generated.ts from src/schema/openapi.yaml, so that a
// bundled backend needs no file besides its code. Run by `yarn generate`; a test
// fails when the two differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';

const schema = new URL('../src/schema/', import.meta.url);
const spec = parse(readFileSync(new URL('openapi.yaml', schema), 'utf8'));

writeFileSync(
  new URL('openapi.generated.ts', schema),
  `// Generated from openapi.yaml by \`yarn generate\`. Do not edit.
import { internal } from '@backstage/backend-openapi-utils';

export const spec: internal.ImmutableOpenAPIObject = ${JSON.stringify(spec)};
`,
);
