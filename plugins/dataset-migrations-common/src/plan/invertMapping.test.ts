import { JsonObject } from '@backstage/types';
import fc from 'fast-check';
import { arbitraryType, arbitraryValue } from '../__testUtils__/arbitraryValue';
import { field, plan } from '../__testUtils__/planOf';
import { sameType } from '../contracts/formatFieldType';
import { Field, FieldType } from '../contracts/types';
import {
  evaluateMapping,
  Row,
  sameValue,
} from '../expressions/evaluate/evaluateExpression';
import { initPlanning } from '../expressions/parser/sqlParser';
import { Mapping } from '../mapping/types';

beforeAll(initPlanning);

const type = {
  text: { kind: 'string' },
  int: { kind: 'integer', bits: 32 },
  bigint: { kind: 'integer', bits: 64 },
  boolean: { kind: 'boolean' },
  date: { kind: 'date' },
  timestamp: { kind: 'timestamp', zone: false },
  cents: { kind: 'decimal', precision: 10, scale: 2 },
} satisfies Record<string, FieldType>;

function mappingOf(
  before: Field,
  after: Field | undefined,
  ...steps: Array<[string, JsonObject]>
): Mapping {
  const other = field('other');
  return plan([before, other], after ? [after, other] : [other], ...steps)
    .mapping;
}

const cast = (
  from: FieldType,
  to: FieldType,
  payload: JsonObject = {},
  more: Partial<Field> = {},
) =>
  mappingOf(field('x', { type: from, ...more }), field('x', { type: to }), [
    'cast-type',
    { field: 'x', ...payload },
  ]);

const drop = (more: Partial<Field>) =>
  mappingOf(field('x', more), undefined, ['drop-field', { field: 'x' }]);

describe('the inverse of a cast', () => {
  it.each([
    ['text', 'int'],
    ['int', 'bigint'],
    ['bigint', 'int'],
    ['cents', 'int'],
    ['timestamp', 'date'],
  ] as const)('exists from %s to %s', (from, to) => {
    const { inverse, irreversible } = cast(type[from], type[to]);
    expect(irreversible).toBeUndefined();
    expect(inverse!.target[0].type).toEqual(type[from]);
  });

  it.each([
    ['boolean', 'int'],
    ['date', 'timestamp'],
  ] as const)(
    'does not exist from %s to %s, which would lose what is written',
    (from, to) => {
      expect(cast(type[from], type[to])).toMatchObject({
        irreversible: [
          expect.stringMatching(
            /^`x` is cast from .* to .*, and a .* brought back as .* can lose something$/,
          ),
        ],
      });
    },
  );

  it('brings NULL back for a value that did not fit, if that is allowed', () => {
    const lenient = { onFailure: 'null' };
    expect(cast(type.text, type.int, lenient).inverse).toBeDefined();
    expect(
      cast(type.text, type.int, lenient, { required: true }).irreversible,
    ).toEqual([
      '`x` is cast from text to integer, and values that do not fit become NULL, which the old version does not allow',
    ]);
  });

  it('fails for a single value that the old type cannot hold', () => {
    const { inverse } = cast(type.int, type.bigint);
    expect(evaluateMapping(inverse!, { x: '7', other: null })).toEqual({
      x: '7',
      other: null,
    });
    expect(() =>
      evaluateMapping(inverse!, { x: '4294967296', other: null }),
    ).toThrow(/cannot be cast/);
  });
});

describe('the inverse of a drop', () => {
  it.each<[string, Partial<Field>, string | null]>([
    ['NULL', {}, null],
    ['the default', { required: true, default: 'none' }, 'none'],
    ['NULL, as a default would not be unique', { unique: true }, null],
  ])('gives inserted rows %s', (_, more, expected) => {
    const { inverse } = drop(more);
    expect(evaluateMapping(inverse!, { other: 'y' })).toEqual({
      x: expected,
      other: 'y',
    });
  });

  it.each<[string, Partial<Field>]>([
    ['a required field', { required: true }],
    ['a key', { primaryKeyPosition: 1, default: 'none' }],
    ['a unique field', { unique: true, required: true, default: 'none' }],
  ])('does not exist for %s', (_, more) => {
    expect(drop(more).irreversible).toEqual([
      '`x` is dropped, and rows inserted into the new version have no value for it',
    ]);
  });
});

describe('the inverse of a mapping', () => {
  it('G8: brings every row of the new version back to one that maps to it, or fails for it', () => {
    const fieldPairs = fc.array(fc.tuple(arbitraryType, arbitraryType), {
      minLength: 1,
      maxLength: 5,
    });
    let brought = 0;
    fc.assert(
      fc.property(fieldPairs, fc.boolean(), fc.gen(), (types, lenient, gen) => {
        const before = types.map(([from], i) => field(`f${i}`, { type: from }));
        const after = types.map(([, to], i) =>
          field(`f${i}_new`, { type: to }),
        );
        const steps = before.flatMap(({ name, ...old }, i) => [
          ['rename-field', { from: name, to: `${name}_new` }] as const,
          ...(sameType(old.type, after[i].type)
            ? []
            : [
                [
                  'cast-type',
                  {
                    field: `${name}_new`,
                    ...(lenient && { onFailure: 'null' }),
                  },
                ] as const,
              ]),
        ]);
        const mapping = unlessRefused(
          () =>
            plan(
              [...before, field('gone')],
              [...after, field('added', { default: 'constant' })],
              ...steps.map(([agent, payload]): [string, JsonObject] => [
                agent,
                payload,
              ]),
              ['drop-field', { field: 'gone' }],
              ['add-field', { field: 'added' }],
            ).mapping,
        );
        if (!mapping?.inverse) {
          return; // Refused, or said in words, which other tests read.
        }
        const { inverse } = mapping;
        const written: Row = Object.fromEntries(
          mapping.target.map(item => [
            item.name,
            gen(arbitraryValue, item.type),
          ]),
        );
        const old = unlessRefused(() => evaluateMapping(inverse, written));
        if (!old) {
          return; // The old version cannot hold it: reported for that row.
        }
        expect(old.gone).toBeNull();
        const again = evaluateMapping(mapping, old);
        brought += 1;
        for (const item of after) {
          expect(
            sameValue(again[item.name], written[item.name], item.type),
          ).toBe(true);
        }
      }),
      { numRuns: 4_000, seed: 1 },
    );
    expect(brought).toBeGreaterThan(100);
  });
});

/** What an InputError refuses is undefined: the caller was told. */
function unlessRefused<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch (error) {
    if ((error as Error).name === 'InputError') {
      return undefined;
    }
    throw error;
  }
}
