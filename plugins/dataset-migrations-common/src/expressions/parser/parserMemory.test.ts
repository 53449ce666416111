import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** Of a process that parses thousands of expressions, above what the parser itself takes. */
const KILOBYTES = 200_000;

describe('sqlParser', () => {
  it('takes no more memory for thousands of expressions', async () => {
    const child = fork(path.join(__dirname, '__testUtils__/parseMany.ts'), [], {
      execArgv: [
        '--require',
        require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      ],
    });
    let grown: unknown;
    // The loader that reads TypeScript talks too.
    child.on('message', message => {
      grown = typeof message === 'number' ? message : grown;
    });
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    expect(grown).toBeLessThan(KILOBYTES);
  }, 60_000);
});
