import { alterableFields, alterableRows } from './alterableTable';
import { contentAlterations } from './contentAlterations';
import { nearbyValues } from './nearbyValues';
import { sameContent } from './sameContent';

const rows = alterableRows({ seed: 1, count: 30 });

describe('contentAlterations', () => {
  const draw = (seed: number) => [
    ...contentAlterations(alterableFields, rows, { seed, count: 500 }),
  ];

  it('repeats itself with its seed, and not with another', () => {
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('leaves no content as it was', () => {
    for (const alteration of draw(3)) {
      expect(sameContent(alterableFields, rows, alteration.rows)).toBe(false);
    }
  });

  it('draws every kind, and alters every column', () => {
    const alterations = draw(4);
    const kinds = new Set(alterations.map(({ what }) => what));
    expect(kinds.size).toBe(10);
    const columns = new Set(
      alterations
        .filter(({ what }) => what === 'one value is another')
        .flatMap(altered =>
          alterableFields
            .filter(({ name }) =>
              altered.rows.some((row, at) => row[name] !== rows[at][name]),
            )
            .map(({ name }) => name),
        ),
    );
    expect(columns).toEqual(new Set(alterableFields.map(({ name }) => name)));
  });
});

describe('nearbyValues', () => {
  it.each([...alterableFields])(
    'are other values of $name',
    ({ name, type }) => {
      const values = rows.map(row => row[name]).filter(value => value !== null);
      const pairs = values.flatMap(value =>
        nearbyValues(value, type).map(other => ({ value, other })),
      );
      expect(pairs.length).toBeGreaterThanOrEqual(values.length);
      const alike = pairs.filter(({ value, other }) =>
        sameContent([{ name, type }], [{ [name]: value }], [{ [name]: other }]),
      );
      expect(alike).toEqual([]);
    },
  );
});

describe('sameContent', () => {
  const same = (kind: string, a: string | null, b: string | null) =>
    sameContent(
      [{ name: 'x', type: { kind, bits: 64 } as any }],
      [{ x: a }],
      [{ x: b }],
    );

  it.each([
    ['decimal', '1.50', '1.5', true],
    ['decimal', '-0.0', '0', true],
    ['decimal', '10', '1', false],
    ['float', '-0', '0', true],
    ['float', 'NaN', 'NaN', true],
    ['float', 'NaN', null, false],
    ['string', '', null, false],
    ['string', 'é', 'e\u0301', false],
    ['json', '{"a":1,"b":2}', '{"b": 2, "a": 1}', true],
    ['json', '"1"', '1', false],
    ['json', 'null', null, false],
    ['timestamp', '2020-01-01T00:00:00', '2020-01-01T00:00:00.000000', true],
    ['timestamp', '2020-01-01T00:00:00', '2020-01-01T00:00:00.000001', false],
  ])('says of %s %s and %s: %s', (kind, a, b, expected) => {
    expect(same(kind, a, b)).toBe(expected);
  });

  it('counts rows, and does not mind their order', () => {
    const fields = [{ name: 'x', type: { kind: 'string' } as const }];
    const [a, b] = [{ x: 'a' }, { x: 'b' }];
    expect(sameContent(fields, [a, b], [b, a])).toBe(true);
    expect(sameContent(fields, [a, a, b], [a, b, b])).toBe(false);
  });
});
