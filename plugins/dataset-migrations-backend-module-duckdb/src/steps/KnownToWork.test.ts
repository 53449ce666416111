import { Mapping } from '@skein/backstage-plugin-dataset-migrations-common';
import { KnownToWork } from './KnownToWork';

describe('KnownToWork', () => {
  const mapping: Mapping = { source: [], target: [], segments: [] };
  const columns = [{ name: 'id', type: 'BIGINT' }];

  it('looks again where there was a problem, and not where there was none', async () => {
    const known = new KnownToWork();
    const look = jest.fn(async () => ['is in the way']);
    const ask = () => known.problems(columns, mapping, look);
    expect(await ask()).toEqual(['is in the way']);
    look.mockResolvedValue([]);
    expect(await ask()).toEqual([]);
    expect(await ask()).toEqual([]);
    expect(look).toHaveBeenCalledTimes(2);
  });

  it.each<[string, typeof columns, Mapping]>([
    ['another type', [{ name: 'id', type: 'VARCHAR' }], mapping],
    [
      "a value in a folder's name",
      [{ ...columns[0], partition: '2024' } as (typeof columns)[0]],
      mapping,
    ],
    [
      'another mapping',
      columns,
      { ...mapping, segments: [{ kind: 'projection', fields: [] }] },
    ],
  ])('looks for %s', async (_, otherColumns, otherMapping) => {
    const known = new KnownToWork();
    await known.problems(columns, mapping, async () => []);
    const look = async () => ['is in the way'];
    expect(await known.problems(otherColumns, otherMapping, look)).toEqual([
      'is in the way',
    ]);
  });

  it('forgets what was not asked for lately', async () => {
    const known = new KnownToWork();
    const looked: number[] = [];
    const ask = (index: number) =>
      known.problems(
        [{ name: `c${index}`, type: 'BIGINT' }],
        mapping,
        async () => {
          looked.push(index);
          return [];
        },
      );
    for (let index = 0; index < 1_000; index += 1) {
      await ask(index);
    }
    await ask(0);
    await ask(1_000);
    looked.length = 0;
    await ask(0);
    await ask(1);
    expect(looked).toEqual([1]);
  });
});
