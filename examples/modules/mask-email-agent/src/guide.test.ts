import { readFileSync } from 'fs';
import { resolvePackagePath } from '@backstage/backend-plugin-api';

function read(path: string): string {
  return readFileSync(
    resolvePackagePath('@skein-examples/backend-module-mask-email-agent', path),
    'utf8',
  );
}

describe('the guide to agents', () => {
  it.each(['maskEmail.ts', 'index.ts', 'maskEmail.test.ts'])(
    'shows %s as it is',
    file => {
      expect(read('../../../docs/guides/write-an-agent.md')).toContain(
        `\`\`\`ts\n${read(`src/${file}`)}\`\`\`\n`,
      );
    },
  );
});
