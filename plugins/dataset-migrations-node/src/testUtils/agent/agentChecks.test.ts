import { JsonObject } from '@backstage/types';
import { InputError } from '@backstage/errors';
import { Field } from '@skein/backstage-plugin-dataset-migrations-common';
import { builtInAgents } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { Agent, ImperativeAgent } from '../../agents/types';
import { agentConformanceChecks } from './agentChecks';
import { runAgentConformance } from './runAgentConformance';
import { AgentConformance } from './types';

const field = (name: string): Field => ({
  name,
  type: { kind: 'string' },
  required: false,
  unique: false,
});

/** Turns a text field round. */
const mirror: ImperativeAgent<{ field: string }> = {
  kind: 'imperative',
  id: 'mirror',
  description: 'Turns a text round',
  payloadSchema: {
    type: 'object',
    properties: { field: { type: 'string' } },
    required: ['field'],
    additionalProperties: false,
  },
  output(payload, fields) {
    if (!fields.some(({ name }) => name === payload.field)) {
      throw new InputError(`There is no field '${payload.field}' to mirror`);
    }
    return fields;
  },
  changes: payload => [payload.field],
  async run({ fields, rows }, { payload }) {
    const turned = rows.map(row => {
      const value = row[payload.field];
      return {
        ...row,
        [payload.field]:
          typeof value === 'string' ? [...value].reverse().join('') : null,
      };
    });
    return { batch: { fields, rows: turned }, rowsAffected: rows.length };
  },
};

const subject = (agent: Agent): AgentConformance => ({
  agent,
  cases: [
    {
      payload: { field: 'b' },
      fields: [field('a'), field('b')],
      target: [field('a'), field('b')],
      rows: [
        { a: '1', b: 'abc' },
        { a: '2', b: null },
      ],
      expected: [
        { a: '1', b: 'cba' },
        { a: '2', b: null },
      ],
    },
  ],
  rubbish: [
    { payload: {}, names: /field/ },
    { payload: { field: 7 }, names: /field/ },
    { payload: { field: 'nowhere' }, names: /nowhere/ },
  ],
  patience: 100,
});

runAgentConformance(subject(mirror));

runAgentConformance({
  agent: builtInAgents.find(({ id }) => id === 'rename-field') as Agent,
  cases: [
    {
      payload: { from: 'a', to: 'c' },
      fields: [field('a'), field('b')],
      target: [field('c'), field('b')],
      rows: [{ a: '1', b: null }],
      expected: [{ c: '1', b: null }],
    },
  ],
  rubbish: [{ payload: { from: 'a' }, names: /to/ }],
});

type Run = ImperativeAgent['run'];
const changed =
  (change: (rows: JsonObject[]) => JsonObject[]): Run =>
  async (batch, context) => {
    const result = await mirror.run(batch, context as never);
    return {
      ...result,
      batch: { ...result.batch, rows: change(result.batch.rows) },
    };
  };
let calls = 0;

const broken: Record<string, Partial<ImperativeAgent>> = {
  'has no description': { description: ' ' },
  'takes anything': { payloadSchema: { type: 'object' } },
  'has a schema that is none': { payloadSchema: { type: 'objekt' } },
  'loses a row': { run: changed(rows => rows.slice(1)) },
  'changes the order': { run: changed(rows => [...rows].reverse()) },
  'keeps to itself what it changes': { changes: undefined },
  'forgets a field': { run: changed(rows => rows.map(({ b, ...row }) => row)) },
  'adds a field': { run: changed(rows => rows.map(row => ({ ...row, c: 1 }))) },
  'does something else each time': {
    run: changed(rows =>
      rows.map(row => {
        calls += 1;
        return { ...row, b: calls > 3 ? 'cba' : `${calls}` };
      }),
    ),
  },
  'changes what it was given': {
    async run(batch, context) {
      const result = await mirror.run(batch, context as never);
      batch.rows.forEach(row => {
        row.a = 'spoilt';
      });
      return result;
    },
  },
  'cannot take an empty batch': {
    run: changed(rows => [rows[0].a as never, ...rows].slice(1)),
  },
  'never ends': { run: () => new Promise(() => {}) },
};

describe('an agent that', () => {
  it.each(Object.entries(broken))('%s does not pass', async (_name, fault) => {
    const agent = { ...mirror, ...fault } as Agent;
    const trials = agentConformanceChecks.map(check =>
      check.run(subject(agent)).then(
        () => 'passed',
        () => 'failed',
      ),
    );
    expect(await Promise.all(trials)).toContain('failed');
  });
});
