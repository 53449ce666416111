import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigReader } from '@backstage/config';
import { createCommandAgent } from './createCommandAgent';
import { readCommandAgents } from './settings';
import { configOf } from './__testUtils__/commandAgents';

const KEY = 'datasetMigrations.agents.commands[0]';

const read = (command: object, agents: object = {}) =>
  readCommandAgents(
    configOf({ command: ['python3'], ...command }, agents as {}),
  )[0];

describe('readCommandAgents', () => {
  it('is nothing where nothing is configured', () => {
    expect(readCommandAgents(new ConfigReader({}))).toEqual([]);
  });

  it('falls back to small limits and a folder of its user', () => {
    expect(read({})).toMatchObject({
      key: KEY,
      format: 'ndjson',
      path: ['/usr/local/bin', '/usr/bin', '/bin'],
      tempDirectory: join(tmpdir(), `skein-agents-${process.getuid!()}`),
      timeoutMs: 60_000,
      memoryBytes: 256_000_000,
      maxOutputBytes: 64_000_000,
      logMessages: false,
      payloadSchema: { type: 'object', additionalProperties: false },
    });
    expect(read({ memoryLimit: '1 GiB', timeout: '5m' })).toMatchObject({
      memoryBytes: 2 ** 30,
      timeoutMs: 300_000,
    });
  });

  it.each([
    [{ id: 'Shout!' }, `${KEY}.id`],
    [{ command: [] }, `${KEY}.command`],
    [{ command: ['bin/python3'] }, `${KEY}.command`],
    [{ command: ['../python3'] }, `${KEY}.command`],
    [{ format: 'csv' }, `${KEY}.format`],
    [{ timeout: '0s' }, `${KEY}.timeout`],
    [{ memoryLimit: 'much' }, `${KEY}.memoryLimit`],
    [{ maxOutput: '-1MB' }, `${KEY}.maxOutput`],
    [{ payloadSchema: { type: 'array' } }, `${KEY}.payloadSchema.type`],
    [{ payloadSchema: { properties: { a: { type: 'x' } } } }, 'JSON Schema'],
    [{ writes: [] }, `${KEY}.writes`],
    [{ reads: [{}] }, `${KEY}.reads[0]`],
    [{ reads: [{ name: 'a', payload: 'field' }] }, `${KEY}.reads[0]`],
    [{ reads: [{ payload: 'other' }] }, `${KEY}.reads[0].payload`],
    [{ writes: [{ name: 'a', type: 'blob(x)' }] }, `${KEY}.writes[0].type`],
    [{ allow: {} }, `${KEY}.allow`],
  ])('names the key of %j', (command, key) => {
    expect(() => read(command)).toThrow(key);
  });

  it.each([
    [{ path: ['bin'] }, 'datasetMigrations.agents.path'],
    [{ path: ['/bin:/tmp'] }, 'datasetMigrations.agents.path'],
    [{ tempDirectory: 'tmp' }, 'datasetMigrations.agents.tempDirectory'],
  ])('names the key of %j', (agents, key) => {
    expect(() => read({}, agents)).toThrow(key);
  });

  it('G11: gives an agent to the datasets and owners that it names', () => {
    const allows = (allow?: object, owner?: string) =>
      createCommandAgent(read(allow ? { allow } : {})).allows!({
        entityRef: 'resource:default/flights',
        owner,
      });
    expect(allows()).toBe(true);
    expect(allows({ datasets: ['resource:default/Flights'] })).toBe(true);
    expect(allows({ datasets: ['resource:default/other'] })).toBe(false);
    expect(allows({ owners: ['group:default/a'] }, 'group:default/A')).toBe(
      true,
    );
    expect(allows({ owners: ['group:default/a'] })).toBe(false);
  });
});
