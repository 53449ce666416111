import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigReader } from '@backstage/config';
import { mockServices } from '@backstage/backend-test-utils';
import { JsonObject } from '@backstage/types';
import {
  Field,
  FieldType,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  ImperativeAgent,
  ImperativeAgentContext,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { createCommandAgent } from '../createCommandAgent';
import { readCommandAgents } from '../settings';

/** A field of some type that nothing else is known of. */
export const field = (
  name: string,
  type: FieldType = { kind: 'string' },
): Field => ({ name, type, required: false, unique: false });

/** What every program of the tests is configured with. */
const common = {
  id: 'shout',
  description: 'Writes in capitals',
  payloadSchema: {
    properties: { field: { type: 'string' } },
    required: ['field'],
  },
  reads: [{ payload: 'field' }],
  writes: [{ payload: 'field' }],
};

/** A program in JavaScript: the body of a script that has the request. */
export const node = (body: string): string[] => [
  process.execPath,
  '-e',
  `const fs = require('fs');
   const request = JSON.parse(fs.readFileSync('request.json', 'utf8'));
   const read = () => fs.readFileSync(request.input, 'utf8')
     .split('\\n').filter(Boolean).map(line => JSON.parse(line));
   const write = rows => fs.writeFileSync(request.output,
     rows.map(row => JSON.stringify(row) + '\\n').join(''));
   ${body}`,
];

/** What the program of {@link common} does. */
export const SHOUT = `
  const { field } = request.payload;
  write(read().map(row => ({ [field]: row[field]?.toUpperCase() ?? null })));`;

/** A folder for batches, removed after all tests. */
export function useTempDirectory(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'skein-command-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Configuration with one command, as an operator would write it. */
export const configOf = (command: JsonObject, agents: JsonObject = {}) =>
  new ConfigReader({
    datasetMigrations: {
      agents: { ...agents, commands: [{ ...common, ...command }] },
    },
  });

/** The agent of one command; programs are found where this process finds them. */
export function commandAgent(
  tempDirectory: string,
  command: string[],
  overrides: JsonObject = {},
): ImperativeAgent {
  const folders = (process.env.PATH ?? '').split(':').filter(path.isAbsolute);
  const [settings] = readCommandAgents(
    configOf({ command, ...overrides }, { tempDirectory, path: folders }),
  );
  return createCommandAgent(settings);
}

/** Runs an agent on rows of one text field and an id. */
export function runOn(
  agent: ImperativeAgent,
  texts: Array<string | null>,
  context: Partial<ImperativeAgentContext> = {},
) {
  return agent.run(
    {
      fields: [field('id'), field('name')],
      rows: texts.map((name, index) => ({ id: `${index}`, name })),
    },
    {
      payload: { field: 'name' },
      migrationId: 'm',
      datasetRef: 'resource:default/flights',
      checkpoint: '0',
      fence: 1,
      signal: new AbortController().signal,
      logger: mockServices.logger.mock(),
      ...context,
    },
  );
}
