import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { parse } from 'yaml';
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

const example = (path: string) =>
  resolvePackagePath(
    '@skein/backstage-plugin-dataset-migrations-backend',
    `../../examples/${path}`,
  );

/** The example as the demo configures it. */
const configured = parse(
  readFileSync(example('app-config.python.yaml'), 'utf8')
    .replace('${SKEIN_DEMO_PYTHON}', 'python3')
    .replace('${SKEIN_DEMO_AGENTS}', example('agents')),
).datasetMigrations.agents.commands[0];

const formats = [
  { format: 'ndjson', here: runs('python3', '--version') },
  { format: 'arrow', here: runs('python3', '-c', 'import pyarrow') },
];

for (const { format, here } of formats) {
  (here ? describe : describe.skip)(
    `the example in Python, in ${format}`,
    () => {
      runAgentConformance({
        agent: commandAgent(tempDirectory, configured.command, {
          ...configured,
          format,
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
