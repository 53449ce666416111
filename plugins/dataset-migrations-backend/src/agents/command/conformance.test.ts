import { execFileSync } from 'node:child_process';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { runAgentConformance } from '@skein/backstage-plugin-dataset-migrations-node/testUtils';
import {
  commandAgent,
  field,
  node,
  SHOUT,
  useTempDirectory,
} from './__testUtils__/commandAgents';

const tempDirectory = useTempDirectory();

runAgentConformance({
  agent: commandAgent(tempDirectory, node(SHOUT)),
  cases: [
    {
      payload: { field: 'name' },
      fields: [field('id'), field('name')],
      target: [field('id'), field('name')],
      rows: [
        { id: '1', name: 'a\nb "c" \u2028 🪿' },
        { id: '2', name: null },
        { id: '3', name: '' },
      ],
      expected: [
        { id: '1', name: 'A\nB "C" \u2028 🪿' },
        { id: '2', name: null },
        { id: '3', name: '' },
      ],
    },
  ],
  rubbish: [
    { payload: {}, names: /field/ },
    { payload: { field: 'nowhere' }, names: /payload\.field: .*'nowhere'/ },
    { payload: { field: 'name', command: 'id' }, names: /command/ },
  ],
});

const example = resolvePackagePath(
  '@skein/backstage-plugin-dataset-migrations-backend',
  '../../examples/agents/search_key.py',
);
const formats = [
  { format: 'ndjson', here: runs('python3', '--version') },
  { format: 'arrow', here: runs('python3', '-c', 'import pyarrow') },
];

for (const { format, here } of formats) {
  (here ? describe : describe.skip)(
    `the example in Python, in ${format}`,
    () => {
      runAgentConformance({
        agent: commandAgent(tempDirectory, ['python3', '-I', example], {
          id: 'search-key',
          format,
          payloadSchema: {
            properties: {
              field: { type: 'string' },
              into: { type: 'string' },
            },
            required: ['field', 'into'],
          },
          reads: [{ payload: 'field' }],
          writes: [{ payload: 'into', type: 'text' }],
        }),
        cases: [
          {
            payload: { field: 'name', into: 'key' },
            fields: [field('name')],
            target: [field('name'), field('key')],
            rows: [
              { name: 'Amélie, PARIS' },
              { name: null },
              { name: 'Straße ①' },
            ],
            expected: [
              { name: 'Amélie, PARIS', key: 'amelie, paris' },
              { name: null, key: null },
              { name: 'Straße ①', key: 'strasse 1' },
            ],
          },
        ],
        rubbish: [
          { payload: { field: 'name' }, names: /into/ },
          { payload: { field: 'nom', into: 'key' }, names: /'nom'/ },
        ],
      });
    },
  );
}

function runs(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
