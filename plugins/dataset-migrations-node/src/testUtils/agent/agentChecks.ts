import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { JsonObject, JsonValue } from '@backstage/types';
import {
  Contract,
  Field,
  MigrationPlan,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  createPlan,
  evaluateMapping,
  initPlanning,
  builtInAgents,
  RowValue,
  sameValue,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { Agent, ImperativeAgent } from '../../agents/types';
import { settled } from '../settles';
import { AgentCheck, AgentConformance, AgentConformanceCase } from './types';

const DEFAULT_PATIENCE_MS = 20_000;

const reason = new Error('The kit aborted this');

function contract(version: string, fields: Field[]): Contract {
  return {
    id: 'conformance',
    version,
    status: 'active',
    schema: { name: 'conformance', physicalName: 'conformance', fields },
    servers: [],
  };
}

/** The plan of a migration document with the agent as its only step. */
async function planOf(
  agent: Agent,
  { fields, target }: AgentConformanceCase,
  payload: JsonObject,
): Promise<MigrationPlan> {
  await initPlanning();
  return createPlan({
    from: contract('1.0.0', fields),
    to: contract('2.0.0', target),
    document: {
      kind: 'DatasetMigration',
      from: '1.0.0',
      to: '2.0.0',
      steps: [{ agent: agent.id, payload }],
    },
    agents: [...builtInAgents.filter(({ id }) => id !== agent.id), agent],
  });
}

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value));

async function runOnce(
  agent: ImperativeAgent,
  { payload, fields }: AgentConformanceCase,
  rows: JsonObject[],
  { patience = DEFAULT_PATIENCE_MS }: AgentConformance,
  signal: AbortSignal = new AbortController().signal,
) {
  const nothing = () => {};
  const logger = {
    error: nothing,
    warn: nothing,
    info: nothing,
    debug: nothing,
    child: () => logger,
  };
  const outcome = await settled(
    agent.run(
      { fields, rows },
      {
        payload,
        migrationId: 'conformance',
        datasetRef: 'resource:default/conformance',
        checkpoint: '0',
        fence: 1,
        signal,
        logger,
      },
    ),
    patience,
  );
  assert.ok(outcome, `it has not ended after ${patience} ms`);
  if (outcome.status === 'rejected') {
    throw outcome.reason;
  }
  return outcome.value;
}

/** Runs what is only for imperative agents, once for each case. */
function forEachCase(
  check: (
    agent: ImperativeAgent,
    given: AgentConformanceCase,
    subject: AgentConformance,
  ) => Promise<void>,
): AgentCheck['run'] {
  return async subject => {
    if (subject.agent.kind === 'imperative') {
      for (const given of subject.cases) {
        await check(subject.agent, given, subject);
      }
    }
  };
}

/** Every check of the agent conformance kit. @public */
export const agentConformanceChecks: readonly AgentCheck[] = [
  {
    name: 'says what it is and what it takes',
    async run({ agent, cases, rubbish }) {
      assert.match(agent.id, /^[a-z][a-z0-9-]*$/, 'id');
      assert.notEqual(agent.description.trim(), '', 'description');
      assert.equal(agent.payloadSchema.type, 'object', 'payloadSchema.type');
      assert.ok(cases.length > 0, 'there is a case to try');
      assert.ok(rubbish.length > 0, 'there is rubbish to refuse');
    },
  },
  {
    name: 'arrives at the new contract with a payload that it takes',
    async run({ agent, cases }) {
      for (const given of cases) {
        const { mapping } = await planOf(agent, given, given.payload);
        assert.deepEqual(
          mapping.target.map(({ name }) => name),
          given.target.map(({ name }) => name),
        );
      }
    },
  },
  {
    name: 'G10: refuses rubbish in its payload, and names it',
    async run({ agent, cases: [first], rubbish }) {
      const all = [
        ...rubbish,
        {
          payload: { ...first.payload, conformanceUnknown: 1 },
          names: /conformanceUnknown/,
        },
      ];
      for (const { payload, names } of all) {
        const error = await planOf(agent, first, payload).then(
          () => undefined,
          thrown => thrown as Error,
        );
        assert.ok(error, `${JSON.stringify(payload)} was taken`);
        assert.ok(
          ['InputError', 'ProposalError'].includes(error.name),
          `${error.name} for ${JSON.stringify(payload)}`,
        );
        assert.match(error.message, names);
      }
    },
  },
  {
    name: 'makes of the rows what it should',
    async run(subject) {
      for (const given of subject.cases) {
        await (subject.agent.kind === 'imperative'
          ? assertBatch(subject.agent, given, subject)
          : assertMapped(subject.agent, given));
      }
    },
  },
  {
    name: 'returns the fields that it announced',
    run: forEachCase(async (agent, given, subject) => {
      const target = (name: string) =>
        given.target.find(field => field.name === name);
      const announced = agent
        .output(given.payload, given.fields, target)
        .map(({ name }) => name);
      const { batch } = await runOnce(agent, given, copy(given.rows), subject);
      for (const row of batch.rows) {
        assert.deepEqual(Object.keys(row).sort(), [...announced].sort());
      }
    }),
  },
  {
    name: 'G6: says which fields it fills with other values',
    run: forEachCase(async (agent, given, subject) => {
      const { payload, fields, rows } = given;
      const { batch } = await runOnce(agent, given, copy(rows), subject);
      const said = agent.changes?.(payload, fields) ?? [];
      for (const { name } of fields) {
        const changed = batch.rows.some(
          (row, index) =>
            name in row && !isDeepStrictEqual(row[name], rows[index][name]),
        );
        assert.ok(
          !changed || said.includes(name),
          `it changes values of ${name}, which its readers are not told`,
        );
      }
    }),
  },
  {
    name: 'does the same twice, and leaves what it was given alone',
    run: forEachCase(async (agent, given, subject) => {
      const rows = copy(given.rows);
      const first = await runOnce(agent, given, rows, subject);
      assert.deepEqual(rows, given.rows, 'the rows that it was given');
      const second = await runOnce(agent, given, rows, subject);
      assert.deepEqual(second.batch.rows, first.batch.rows);
      assert.equal(second.rowsAffected, first.rowsAffected);
    }),
  },
  {
    name: 'takes a batch without rows',
    run: forEachCase(async (agent, given, subject) => {
      const { batch, rowsAffected } = await runOnce(agent, given, [], subject);
      assert.deepEqual(batch.rows, []);
      assert.equal(rowsAffected, 0);
    }),
  },
  {
    name: 'ends when it is aborted',
    run: forEachCase(async (agent, given, subject) => {
      const controller = new AbortController();
      const { signal } = controller;
      const call = runOnce(agent, given, copy(given.rows), subject, signal);
      controller.abort(reason);
      await call.catch(error => {
        assert.equal(error, reason, 'it throws the reason of the signal');
      });
    }),
  },
];

async function assertBatch(
  agent: ImperativeAgent,
  given: AgentConformanceCase,
  subject: AgentConformance,
): Promise<void> {
  const { batch, rowsAffected } = await runOnce(
    agent,
    given,
    copy(given.rows),
    subject,
  );
  assert.equal(batch.rows.length, given.rows.length, 'the number of rows');
  assert.deepEqual(batch.rows, given.expected);
  assert.ok(rowsAffected >= 0 && rowsAffected <= given.rows.length);
}

/** Declarative agents are judged by what their plan computes. */
async function assertMapped(
  agent: Agent,
  given: AgentConformanceCase,
): Promise<void> {
  const { mapping } = await planOf(agent, given, given.payload);
  for (const [index, row] of given.rows.entries()) {
    const made = evaluateMapping(
      mapping,
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, asText(value)]),
      ),
    );
    for (const { name, type } of given.target) {
      assert.ok(
        sameValue(made[name], asText(given.expected[index][name]), type),
        `${name} of row ${index} is ${made[name]}`,
      );
    }
  }
}

function asText(value: JsonValue | undefined): RowValue {
  if (value === null || value === undefined || typeof value === 'boolean') {
    return value ?? null;
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
