import { InputError } from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import { parseContract } from '../contracts/parseContract';
import { printExpression } from '../expressions/printExpression';
import { initPlanning } from '../expressions/parser/sqlParser';
import { contractText } from '../__testUtils__/contractText';
import { createPlan } from './createPlan';
import { ProposalError } from './ProposalError';
import { MigrationPlan, MigrationStep } from './types';

const text = (name: string, more: JsonObject = {}) => ({
  name,
  logicalType: 'string',
  ...more,
});
const integer = (name: string, more: JsonObject = {}) => ({
  name,
  logicalType: 'integer',
  ...more,
});

function plan(
  before: JsonObject[],
  after: JsonObject[],
  steps?: MigrationStep[],
  versions: [string, string] = ['1.0.0', '2.0.0'],
): MigrationPlan {
  return createPlan({
    from: parseContract(contractText(versions[0], before)),
    to: parseContract(contractText(versions[1], after)),
    document: steps && {
      kind: 'DatasetMigration',
      from: versions[0],
      to: versions[1],
      steps,
    },
  });
}

function projection(result: MigrationPlan): Record<string, string> {
  const [segment] = result.mapping.segments;
  if (segment.kind !== 'projection') {
    throw new Error('not a projection');
  }
  return Object.fromEntries(
    segment.fields.map(({ field, expression }) => [
      field.name,
      printExpression(expression),
    ]),
  );
}

beforeAll(initPlanning);

describe('createPlan for a column that stays', () => {
  const before = [
    integer('delay', { physicalName: 'dly', required: true }),
    text('carrier'),
  ];
  const after = [
    integer('arrival_delay', { physicalName: 'dly', required: true }),
    text('carrier'),
  ];
  const rulesOf = ({ changes }: MigrationPlan) =>
    changes.map(({ rule, effect }) => `${rule} ${effect}`);

  it('renames the field in the contract, which breaks nobody', () => {
    const result = plan(before, after, undefined, ['1.0.0', '1.1.0']);
    expect(rulesOf(result)).toEqual(['logical-name-changed risky']);
    expect(projection(result)).toEqual({
      arrival_delay: 'delay',
      carrier: 'carrier',
    });
  });

  it('G6: breaks its readers where a document fills it anew', () => {
    const result = plan(before, after, [
      { agent: 'drop-field', payload: { field: 'delay' } },
      { agent: 'add-field', payload: { field: 'arrival_delay', default: 0 } },
    ]);
    expect(rulesOf(result)).toEqual([
      'logical-name-changed risky',
      'values-rewritten breaking',
    ]);
  });
});

describe('createPlan with a document', () => {
  it('fuses all steps into one projection over the source', () => {
    const result = plan(
      [text('origin'), text('destination'), integer('delay'), text('distance')],
      [
        text('route'),
        integer('arrival_delay'),
        integer('distance'),
        { name: 'late', logicalType: 'boolean' },
      ],
      [
        {
          agent: 'rename-field',
          payload: { from: 'delay', to: 'arrival_delay' },
        },
        { agent: 'cast-type', payload: { field: 'distance' } },
        {
          agent: 'derive-field',
          payload: {
            field: 'route',
            expression: "origin || '-' || destination",
          },
        },
        {
          agent: 'derive-field',
          payload: { field: 'late', expression: 'arrival_delay > 15' },
        },
        { agent: 'drop-field', payload: { field: 'origin' } },
        { agent: 'drop-field', payload: { field: 'destination' } },
      ],
    );

    expect(result.mapping.segments).toHaveLength(1);
    expect(projection(result)).toEqual({
      route: "origin || '-' || destination",
      arrival_delay: 'delay',
      distance: 'cast(distance as integer)',
      late: 'delay > 15',
    });
    expect(result.breaking).toBe(true);
    expect(result.requiredBump).toBe('major');
    expect(result.mapping.irreversible).toBeUndefined();
    expect(result.mapping.inverse!.target.map(item => item.name)).toEqual(
      result.mapping.source.map(item => item.name),
    );
  });

  it('tells a rename of the document as a rename, without stable ids', () => {
    const { changes } = plan(
      [integer('delay')],
      [integer('arrival_delay')],
      [
        {
          agent: 'rename-field',
          payload: { from: 'delay', to: 'arrival_delay' },
        },
      ],
    );
    expect(changes).toEqual([
      {
        kind: 'field-renamed',
        rule: 'field-renamed',
        from: 'delay',
        to: 'arrival_delay',
        effect: 'breaking',
        summary: 'renamed to `arrival_delay`',
      },
    ]);
  });

  it('grades rules as an organisation does, and the version follows', () => {
    const states = (version: string, ...value: string[]) =>
      parseContract(
        contractText(version, [
          text('state', { customProperties: [{ property: 'enum', value }] }),
        ]),
      );
    const contracts = {
      from: states('1.0.0', 'on', 'off'),
      to: states('1.1.0', 'on', 'off', 'late'),
    };
    expect(() => createPlan(contracts)).toThrow('they need 2.0.0 or higher');
    expect(
      createPlan({ ...contracts, grades: { 'enum-value-added': 'risky' } }),
    ).toMatchObject({
      breaking: false,
      requiredBump: 'minor',
      changes: [{ rule: 'enum-value-added', effect: 'risky' }],
    });
  });

  it('tells a field that is rewritten in place', () => {
    const { changes, mapping } = plan(
      [text('carrier')],
      [text('carrier')],
      [
        {
          agent: 'derive-field',
          payload: {
            field: 'carrier',
            expression: 'upper(carrier)',
            replace: true,
          },
        },
      ],
    );
    expect(changes).toEqual([
      expect.objectContaining({
        kind: 'values-changed',
        from: 'carrier',
        effect: 'breaking',
      }),
    ]);
    expect(mapping.irreversible).toHaveLength(1);
  });

  it('G6: tells every other way to fill a field from the one before', () => {
    const summary = (expression: string) =>
      plan(
        [integer('distance')],
        [integer('distance')],
        [
          {
            agent: 'derive-field',
            payload: { field: 'distance', expression, replace: true },
          },
        ],
      ).changes.map(change => change.summary);
    for (const expression of ['distance * 2', 'distance * 3']) {
      expect(summary(expression)).toEqual([
        expect.stringMatching(/^filled with other values: `.*`$/),
      ]);
      expect(summary(expression)[0]).toContain(expression);
    }
    // Long ones are cut, and told apart all the same.
    const long = `coalesce(${'distance, '.repeat(60)}`;
    const [one, two] = [`${long}2)`, `${long}3)`].map(summary);
    expect(one[0].length).toBeLessThan(450);
    expect(one).not.toEqual(two);
  });

  it.each([
    [undefined, false],
    ['refuse', false],
    ['null', true],
  ])(
    'G6: says that a value that cannot be cast becomes NULL: %s',
    (onFailure, said) => {
      const { changes } = plan(
        [text('distance')],
        [integer('distance')],
        [
          {
            agent: 'cast-type',
            payload: onFailure
              ? { field: 'distance', onFailure }
              : { field: 'distance' },
          },
        ],
      );
      expect(changes).toHaveLength(1);
      expect(changes[0].effect).toBe('breaking');
      expect(
        changes[0].summary.endsWith(', NULL where a value cannot be cast'),
      ).toBe(said);
    },
  );

  it('says how what is written to the new version is brought back', () => {
    const { mapping } = plan(
      [integer('id'), integer('delay')],
      [
        { name: 'id', physicalType: 'bigint' },
        integer('arrival_delay'),
        text('source', {
          customProperties: [{ property: 'default', value: 'bts' }],
        }),
      ],
      [
        {
          agent: 'rename-field',
          payload: { from: 'delay', to: 'arrival_delay' },
        },
        { agent: 'cast-type', payload: { field: 'id' } },
        { agent: 'add-field', payload: { field: 'source' } },
      ],
    );
    const [segment] = mapping.inverse!.segments;
    expect(
      segment.kind === 'projection' &&
        segment.fields.map(item => printExpression(item.expression)),
    ).toEqual(['cast(id as integer)', 'arrival_delay']);
  });

  it('names everything that is missing, too much or of another type', () => {
    expect(() =>
      plan(
        [text('a'), text('b'), text('c')],
        [integer('a'), text('d'), text('c')],
        [],
      ),
    ).toThrow(
      'The steps do not arrive at the new version: `a` is text, but the new contract says integer; no step yields `d`; `b` is left over, the new contract does not have it',
    );
  });

  it.each([
    [
      'an unknown agent',
      { agent: 'magic', payload: {} },
      /there is no agent "magic"/,
    ],
    [
      'a payload without its field',
      { agent: 'rename-field', payload: { from: 'a' } },
      /steps\[0\] \(rename-field\): payload: to: is required/,
    ],
    [
      'a payload with a property too many',
      { agent: 'drop-field', payload: { field: 'a', sql: 'drop table x' } },
      /payload: sql: is not a known property/,
    ],
    [
      'a field that is not there',
      { agent: 'drop-field', payload: { field: 'zzz' } },
      /there is no field `zzz`/,
    ],
    [
      'a name that is taken',
      { agent: 'rename-field', payload: { from: 'a', to: 'b' } },
      /to: there is a field `b` already/,
    ],
    [
      'an expression with a sub-select',
      {
        agent: 'derive-field',
        payload: { field: 'c', expression: '(select 1)' },
      },
      /a sub-select is not allowed/,
    ],
    [
      'a cast that never succeeds',
      { agent: 'cast-type', payload: { field: 'a', to: 'uuid[]' } },
      /a text cannot be cast to uuid\[\]/,
    ],
    [
      'a default that is no value of the type',
      {
        agent: 'add-field',
        payload: { field: 'n', type: 'integer', default: 'abc' },
      },
      /default: "abc" is not a value of type integer/,
    ],
  ])('G10: refuses %s', (_, step, message) => {
    const attempt = () => plan([text('a'), text('b')], [text('a')], [step]);
    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow(message);
  });

  it('G10: refuses steps that double an expression again and again', () => {
    const steps = Array.from({ length: 40 }, (_, i) => ({
      agent: 'derive-field',
      payload: { field: 'a', expression: `a || a || '${i}'`, replace: true },
    }));
    expect(() => plan([text('a')], [text('a')], steps)).toThrow(
      /would be computed by an expression of \d+ parts/,
    );
  });

  it('refuses a document of other versions', () => {
    expect(() =>
      createPlan({
        from: parseContract(contractText('1.0.0', [text('a')])),
        to: parseContract(contractText('3.0.0', [text('a')])),
        document: {
          kind: 'DatasetMigration',
          from: '1.0.0',
          to: '2.0.0',
          steps: [],
        },
      }),
    ).toThrow('goes from 1.0.0 to 2.0.0, not from 1.0.0 to 3.0.0');
  });
});

describe('createPlan without a document', () => {
  it('derives rename by id, cast by name, drop and add', () => {
    const result = plan(
      [
        integer('delay', { id: 'f1' }),
        text('distance', { id: 'f2' }),
        text('gone', { id: 'f3' }),
      ],
      [
        integer('arrival_delay', { id: 'f1' }),
        integer('distance', { id: 'f2' }),
        text('note', { id: 'f4' }),
      ],
    );
    expect(result.stepsFrom).toBe('derived');
    expect(result.steps).toEqual([
      { agent: 'drop-field', payload: { field: 'gone' } },
      {
        agent: 'rename-field',
        payload: { from: 'delay', to: 'arrival_delay' },
      },
      { agent: 'cast-type', payload: { field: 'distance' } },
      { agent: 'add-field', payload: { field: 'note' } },
    ]);
    expect(projection(result)).toEqual({
      arrival_delay: 'delay',
      distance: 'cast(distance as integer)',
      note: 'null',
    });
  });

  it('exchanges two names', () => {
    const result = plan(
      [text('a', { id: 'x' }), text('b', { id: 'y' })],
      [text('b', { id: 'x' }), text('a', { id: 'y' })],
    );
    expect(projection(result)).toEqual({ a: 'b', b: 'a' });
    expect(result.mapping.inverse).toBeDefined();
    expect(result.changes.map(change => change.kind)).toEqual([
      'field-renamed',
      'field-renamed',
    ]);
  });

  it('never takes a field that went and one that came for unrelated', () => {
    const attempt = () =>
      plan(
        [integer('delay'), text('x')],
        [integer('arrival_delay'), text('x')],
      );
    expect(attempt).toThrow(ProposalError);
    let caught: unknown;
    try {
      attempt();
    } catch (error) {
      caught = error;
    }
    const { proposal, proposalYaml } = caught as ProposalError;
    expect(proposal.steps).toEqual([
      {
        agent: 'rename-field',
        payload: { from: 'delay', to: 'arrival_delay' },
      },
    ]);
    expect(proposalYaml).toContain(
      '# Is `arrival_delay` the former `delay`? Otherwise drop one and add the other.',
    );
    expect(
      plan(
        [integer('delay'), text('x')],
        [integer('arrival_delay'), text('x')],
        proposal.steps,
      ).stepsFrom,
    ).toBe('document');
  });

  it('proposes a default for a required field that has none', () => {
    expect(() =>
      plan([text('a')], [text('a'), integer('b', { required: true })]),
    ).toThrow(/`b` \(integer\) is required and has no default/);
  });

  it('asks when one name has two ids', () => {
    expect(() =>
      plan([text('a', { id: 'x' })], [text('a', { id: 'y' })]),
    ).toThrow(/has another id in the new version/);
  });
});

describe('versions', () => {
  const dropped: [JsonObject[], JsonObject[]] = [
    [text('a', { id: 'a' }), text('b', { id: 'b' })],
    [text('a', { id: 'a' })],
  ];
  const added: [JsonObject[], JsonObject[]] = [dropped[1], dropped[0]];

  it.each([
    [dropped, '1.2.3', '1.3.0', /need 2\.0\.0 or higher \(`b`: dropped\)/],
    [dropped, '1.2.3', '1.2.4', /need 2\.0\.0 or higher/],
    [dropped, '0.2.3', '0.2.4', /need 0\.3\.0 or higher/],
    [added, '1.2.3', '1.2.4', /need 1\.3\.0 or higher \(`b`: added as text\)/],
    [added, '1.2.3', '1.2.3', /Version 1\.2\.3 is not higher than 1\.2\.3/],
    [added, '2.0.0', '1.0.0', /is not higher/],
  ])('refuses too low a bump', ([before, after], from, to, message) => {
    expect(() => plan(before, after, undefined, [from, to])).toThrow(message);
  });

  it.each([
    [dropped, '1.2.3', '2.0.0', 'major'],
    [dropped, '1.2.3', '2.0.0-rc.1', 'major'],
    [dropped, '2.0.0-rc.1', '2.0.0', 'major'],
    [dropped, '0.2.3', '0.3.0', 'major'],
    [added, '1.2.3', '1.3.0', 'minor'],
    [added, '0.2.3', '0.2.4', 'minor'],
    [added, '1.2.3', '2.0.0', 'minor'],
  ] as const)(
    'accepts a bump that is high enough',
    ([before, after], from, to, bump) => {
      expect(plan(before, after, undefined, [from, to]).requiredBump).toBe(
        bump,
      );
    },
  );
});
