import { contractText } from '../__testUtils__/contractText';
import { builtInAgents } from '../agents/builtInAgents';
import { ImperativeAgentPlan } from '../agents/types';
import { judgeConsumers } from '../compatibility/judgeConsumers';
import { parseContract } from '../contracts/parseContract';
import { initPlanning } from '../expressions/parser/sqlParser';
import { createPlan } from './createPlan';
import { MigrationStep } from './types';

const masks = (
  changes?: ImperativeAgentPlan['changes'],
): ImperativeAgentPlan => ({
  kind: 'imperative',
  id: 'mask',
  description: 'Makes values unreadable',
  payloadSchema: { type: 'object' },
  output: (_payload, fields) => fields,
  changes,
});

const fields = ['name', 'email'].map(name => ({ name, logicalType: 'string' }));

function plan(
  agent: ImperativeAgentPlan,
  {
    to = '2.0.0',
    before = [] as MigrationStep[],
    after = [] as MigrationStep[],
    names = fields as object[],
  } = {},
) {
  return createPlan({
    from: parseContract(contractText('1.0.0', fields)),
    to: parseContract(contractText(to, names)),
    document: {
      kind: 'DatasetMigration',
      from: '1.0.0',
      to,
      steps: [...before, { agent: 'mask', payload: {} }, ...after],
    },
    agents: [...builtInAgents, agent],
  });
}

beforeAll(initPlanning);

describe('an imperative agent', () => {
  const declared = masks(() => ['email']);

  it('G6: breaks those who read a field that it says it changes', () => {
    const { changes, breaking } = plan(declared);
    expect(changes).toEqual([
      {
        kind: 'values-changed',
        rule: 'values-rewritten',
        from: 'email',
        to: 'email',
        effect: 'breaking',
        summary: expect.stringMatching(
          /^filled with other values: `email` of what mask returns \([0-9a-f]{16}\)$/,
        ),
      },
    ]);
    expect(breaking).toBe(true);
    const reads = (field: string) => ({
      entityRef: `component:default/reads-${field}`,
      source: 'declared' as const,
      constraint: '^1.0.0',
      fields: [field],
    });
    const verdicts = judgeConsumers({
      consumers: [reads('email'), reads('name')],
      changes,
      toVersion: '2.0.0',
    });
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['breaks', 'ready']);
  });

  it('needs the version that such a change needs', () => {
    expect(() => plan(declared, { to: '1.1.0' })).toThrow(/2\.0\.0 or higher/);
  });

  it('is taken at its word where it says nothing', () => {
    expect(plan(masks()).changes).toEqual([]);
  });

  it('cannot change what it does not return', () => {
    expect(() => plan(masks(() => ['mail']))).toThrow(
      'steps[0] (mask): the agent says that it changes `mail`, which it does not return',
    );
  });

  it('leaves no row that could be set aside, only before it', () => {
    const cast = {
      agent: 'cast-type',
      payload: { field: 'email', to: 'varchar(9)', onFailure: 'quarantine' },
    };
    const names = [fields[0], { ...fields[1], physicalType: 'varchar(9)' }];
    expect(plan(masks(), { before: [cast], names }).mapping.setAside).toEqual([
      expect.objectContaining({ field: 'email' }),
    ]);
    expect(() => plan(masks(), { after: [cast], names })).toThrow(
      'steps[1] (cast-type): onFailure: rows can go to quarantine only before the agent mask',
    );
  });

  it('is asked about the fields as the steps before left them', () => {
    const asked: string[][] = [];
    plan(
      masks((_payload, given) => {
        asked.push(given.map(({ name }) => name));
        return ['mail'];
      }),
      {
        before: [
          { agent: 'rename-field', payload: { from: 'email', to: 'mail' } },
        ],
        names: [fields[0], { name: 'mail', logicalType: 'string' }],
      },
    );
    expect(asked).toEqual([['name', 'mail']]);
  });
});
