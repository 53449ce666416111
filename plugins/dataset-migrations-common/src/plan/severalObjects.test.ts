import { JsonObject } from '@backstage/types';
import { contractText } from '../__testUtils__/contractText';
import { parseContract } from '../contracts/parseContract';
import { initPlanning } from '../expressions/parser/sqlParser';
import { createPlan } from './createPlan';
import { validateMigrationDocument } from './parseMigrationDocument';
import { planParts } from './planParts';
import { ProposalError } from './ProposalError';
import { MigrationStep } from './types';

const text = (name: string, more: JsonObject = {}) => ({
  name,
  logicalType: 'string',
  ...more,
});

const contract = (
  version: string,
  objects: Record<string, JsonObject[]>,
  more: Record<string, JsonObject> = {},
) =>
  parseContract(
    contractText(version, [], {
      schema: Object.entries(objects).map(([name, properties]) => ({
        name,
        properties,
        ...more[name],
      })),
    }),
  );

const from = contract('1.0.0', {
  airports: [text('code'), text('city')],
  carriers: [text('code'), text('name')],
});

const plan = (to: ReturnType<typeof contract>, steps?: MigrationStep[]) =>
  createPlan({
    from,
    to,
    document: steps && {
      kind: 'DatasetMigration',
      from: '1.0.0',
      to: to.version,
      steps,
    },
  });

const rename = (object: string | undefined, name: string, to: string) => ({
  ...(object && { object }),
  agent: 'rename-field',
  payload: { from: name, to },
});

/** Both have a `code`, which becomes `iata`; listed the other way round. */
const renamed = contract('2.0.0', {
  carriers: [text('iata'), text('name')],
  airports: [text('iata'), text('city')],
});

function proposalOf(attempt: () => unknown): ProposalError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof ProposalError) {
      return error;
    }
  }
  throw new Error('It did not ask');
}

beforeAll(initPlanning);

describe('createPlan of several objects', () => {
  it('applies each step to the object that it names', () => {
    const steps = [
      rename('carriers', 'code', 'iata'),
      rename('airports', 'code', 'iata'),
    ];
    const result = plan(renamed, steps);
    expect(result.steps).toEqual(steps);
    expect(result.changes.map(({ from: a, to: b }) => [a, b])).toEqual([
      ['airports.code', 'airports.iata'],
      ['carriers.code', 'carriers.iata'],
    ]);
    expect(
      planParts(result, from, renamed).map(part => [
        part.object,
        part.mapping.source.map(({ name }) => name),
        part.mapping.target.map(({ name }) => name),
        part.sourceContract.schema.name,
        part.targetContract.schema.name,
        part.targetContract.furtherObjects,
      ]),
    ).toEqual([
      [
        'airports',
        ['code', 'city'],
        ['iata', 'city'],
        'airports',
        'airports',
        undefined,
      ],
      [
        'carriers',
        ['code', 'name'],
        ['iata', 'name'],
        'carriers',
        'carriers',
        undefined,
      ],
    ]);
  });

  it('derives steps with their objects', () => {
    const to = contract('2.0.0', {
      airports: [text('code'), text('city'), text('country')],
      carriers: [text('code')],
    });
    expect(plan(to).steps).toEqual([
      { object: 'airports', agent: 'add-field', payload: { field: 'country' } },
      { object: 'carriers', agent: 'drop-field', payload: { field: 'name' } },
    ]);
  });

  it('names the object whose rows are set aside', () => {
    const to = contract('2.0.0', {
      airports: [text('code'), text('city')],
      carriers: [{ name: 'code', logicalType: 'integer' }, text('name')],
    });
    const cast = {
      object: 'carriers',
      agent: 'cast-type',
      payload: { field: 'code', onFailure: 'quarantine' },
    };
    expect(
      plan(to, [cast]).changes.map(({ kind, object }) => [kind, object]),
    ).toEqual([
      ['type-changed', 'carriers'],
      ['rows-set-aside', 'carriers'],
    ]);
  });

  it('proposes a document that names the objects', () => {
    const { proposal, proposalYaml } = proposalOf(() => plan(renamed));
    expect(proposal.steps).toEqual([
      rename('airports', 'code', 'iata'),
      rename('carriers', 'code', 'iata'),
    ]);
    expect(proposalYaml).toContain(
      '# Of `carriers`: Is `iata` the former `code`?',
    );
    expect(validateMigrationDocument(proposalYaml).document).toEqual(proposal);
  });

  it.each<[string, MigrationStep[], string]>([
    [
      'without its object',
      [rename('airports', 'code', 'iata'), rename(undefined, 'code', 'iata')],
      'steps[1].object: is missing; version 1.0.0 has `airports`, `carriers`',
    ],
    [
      'of an object that is not there',
      [rename('planes', 'code', 'iata')],
      'steps[0].object: there is no object "planes"; version 1.0.0 has `airports`, `carriers`',
    ],
    [
      'that does not fit its object',
      [rename('airports', 'code', 'iata'), rename('carriers', 'city', 'iata')],
      'Object `carriers`: steps[1] (rename-field): from: there is no field `city`',
    ],
  ])('G10: refuses a step %s', (_, steps, message) => {
    expect(() => plan(renamed, steps)).toThrow(message);
  });

  it('G10: names the object that steps do not arrive at', () => {
    expect(() => plan(renamed, [rename('airports', 'code', 'iata')])).toThrow(
      'Object `carriers`: The steps do not arrive at the new version: no step yields `iata`',
    );
  });

  it('G10: names the object whose rule cannot be checked', () => {
    const to = contract(
      '2.0.0',
      {
        airports: [text('code'), text('city')],
        carriers: [text('code'), text('name')],
      },
      {
        carriers: {
          quality: [{ metric: 'rowCount', unit: 'percent', mustBe: 1 }],
        },
      },
    );
    expect(() => plan(to)).toThrow(
      'Version 2.0.0 cannot be verified: object `carriers`: schema[1].quality[0]: ',
    );
  });

  it('lets a step of the only object name it', () => {
    const one = contract('1.0.0', { airports: [text('code')] });
    const next = contract('2.0.0', { airports: [text('iata')] });
    const document = (object?: string) => ({
      kind: 'DatasetMigration' as const,
      from: '1.0.0',
      to: '2.0.0',
      steps: [rename(object, 'code', 'iata')],
    });
    for (const object of ['airports', undefined]) {
      expect(
        createPlan({ from: one, to: next, document: document(object) }).changes,
      ).toMatchObject([{ from: 'code', to: 'iata' }]);
    }
    expect(() =>
      createPlan({ from: one, to: next, document: document('carriers') }),
    ).toThrow('steps[0].object: there is no object "carriers"');
  });
});
