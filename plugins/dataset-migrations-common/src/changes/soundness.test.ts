import { JsonObject } from '@backstage/types';
import fc from 'fast-check';
import { field } from '../__testUtils__/planOf';
import { Field } from '../contracts/types';
import { diffFields } from './diffFields';
import { gravestEffect } from './grades';

/** Every value that the fields below could have, beyond all bounds in them. */
const domain = [null, ...Array.from({ length: 21 }, (_, index) => index - 10)];

const bound = fc.integer({ min: -5, max: 5 });

const arbitraryRange = fc.record(
  {
    minimum: bound,
    exclusiveMinimum: bound,
    maximum: bound,
    exclusiveMaximum: bound,
  },
  { requiredKeys: [] },
);

const promising = (options: JsonObject, more: Partial<Field> = {}): Field =>
  field('n', { type: { kind: 'integer', bits: 32 }, options, ...more });

const arbitraryField: fc.Arbitrary<Field> = fc
  .record({
    options: arbitraryRange,
    required: fc.boolean(),
    enum: fc.option(fc.uniqueArray(bound, { minLength: 1, maxLength: 4 }), {
      nil: undefined,
    }),
  })
  .map(({ options, ...more }) => promising(options, more));

/** Whether a value keeps all promises of a field; written without the rules. */
function allows(
  { options = {}, required, enum: list }: Field,
  value: number | null,
) {
  if (value === null) {
    return !required;
  }
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } =
    options as Record<string, number | undefined>;
  return (
    (minimum === undefined || value >= minimum) &&
    (exclusiveMinimum === undefined || value > exclusiveMinimum) &&
    (maximum === undefined || value <= maximum) &&
    (exclusiveMaximum === undefined || value < exclusiveMaximum) &&
    (list === undefined || list.includes(value))
  );
}

/** The values that the second field may have and the first may not. */
function surprises(from: Field, to: Field): Array<number | null> {
  return domain.filter(value => allows(to, value) && !allows(from, value));
}

describe('the rules, on generated promises', () => {
  it('call nothing compatible that surprises a reader', () => {
    fc.assert(
      fc.property(arbitraryField, arbitraryField, (from, to) => {
        const isBreaking =
          gravestEffect(diffFields([from], [to])) === 'breaking';
        expect(isBreaking || surprises(from, to).length === 0).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('call no bound breaking that surprises nobody', () => {
    const oneEnd = fc.oneof(
      fc.tuple(
        fc.constantFrom('minimum', 'exclusiveMinimum'),
        fc.constantFrom('minimum', 'exclusiveMinimum'),
      ),
      fc.tuple(
        fc.constantFrom('maximum', 'exclusiveMaximum'),
        fc.constantFrom('maximum', 'exclusiveMaximum'),
      ),
    );
    fc.assert(
      fc.property(oneEnd, bound, bound, ([a, b], before, after) => {
        const [from, to] = [
          promising({ [a]: before }),
          promising({ [b]: after }),
        ];
        const isBreaking =
          gravestEffect(diffFields([from], [to])) === 'breaking';
        expect(isBreaking).toBe(surprises(from, to).length > 0);
      }),
      { numRuns: 3000 },
    );
  });

  it('see no change in what is the same', () => {
    fc.assert(
      fc.property(arbitraryField, same => {
        expect(diffFields([same], [{ ...same }])).toEqual([]);
      }),
    );
  });
});
