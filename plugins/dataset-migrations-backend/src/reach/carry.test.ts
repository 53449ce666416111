import { ChangeKind } from '@skein/backstage-plugin-dataset-migrations-common';
import { carry } from './carry';

const of = (field: string, to: string, computed?: true) => ({
  from: { field },
  to,
  ...(computed && { computed }),
});

describe('what a change of a field does to a field that is made of it', () => {
  it.each<[ChangeKind, string, ReturnType<typeof of>, string | undefined]>([
    // The name goes on where nobody gave another one.
    ['field-renamed', 'delay', of('delay', 'delay'), 'certain'],
    ['field-renamed', 'Delay', of('Delay', 'delay'), 'certain'],
    ['field-renamed', 'delay', of('delay', 'late'), undefined],
    ['field-renamed', 'delay', of('delay', 'delay', true), undefined],
    ['field-moved', 'delay', of('delay', 'late'), undefined],
    // Whatever it is called, it is of that type, and gone when that is gone.
    ['type-changed', 'delay', of('delay', 'late'), 'certain'],
    ['enum-changed', 'delay', of('delay', 'late'), 'certain'],
    ['unit-changed', 'delay', of('delay', 'delay'), 'certain'],
    ['field-dropped', 'delay', of('delay', 'late'), 'certain'],
    ['field-dropped', 'delay', of('delay', 'late', true), 'certain'],
    // What is computed may have a type of its own.
    ['type-changed', 'delay', of('delay', 'count', true), 'perhaps'],
    // Others.
    ['type-changed', 'delay', of('origin', 'delay'), undefined],
    ['type-changed', 'delay', of('delays', 'delay'), undefined],
    // What is inside, and what is around.
    ['type-changed', 'address', of('address.city', 'town'), 'certain'],
    ['field-dropped', 'address', of('address.city', 'city'), 'certain'],
    ['field-renamed', 'address', of('address.city', 'city'), undefined],
    ['field-renamed', 'address.city', of('address', 'home'), 'certain'],
    ['field-dropped', 'address.city', of('address', 'x', true), 'perhaps'],
    ['field-renamed', 'address.city', of('address.city', 'city'), 'certain'],
    ['object-dropped', 'airports', of('airports.code', 'iata'), 'certain'],
  ])('%s of %s, %j: %s', (kind, changed, flow, expected) => {
    expect(carry({ kind }, changed, flow)).toBe(expected);
  });
});
