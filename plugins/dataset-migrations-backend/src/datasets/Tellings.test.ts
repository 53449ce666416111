import { ChangedDatasets } from './ChangedDatasets';
import { Tellings } from './Tellings';

/** A consumer of a dataset. */
const key = (datasetRef: string, entityRef: string) => ({
  datasetRef,
  entityRef,
});

describe('Tellings', () => {
  it('tells what comes meanwhile together, after, and of other datasets at once', async () => {
    const told: unknown[] = [];
    const ends: Array<() => void> = [];
    const tellings = new Tellings(async (changed: ChangedDatasets) => {
      told.push(...changed.entries());
      await new Promise<void>(resolve => {
        ends.push(resolve);
      });
    });

    const first = tellings.tell([key('d', 'a'), key('d', 'b')]);
    await Promise.resolve();
    expect(told).toEqual([['d', ['a', 'b']]]);

    const second = tellings.tell([key('d', 'c')]);
    const third = tellings.tell([key('d', 'e'), key('d', 'c')]);
    const other = tellings.tell([key('x', 'a')]);
    await Promise.resolve();
    expect(told.slice(1)).toEqual([['x', ['a']]]);

    ends[0]();
    await first;
    await Promise.resolve();
    expect(told.slice(2)).toEqual([['d', ['c', 'e']]]);

    ends.forEach(end => end());
    await Promise.all([second, third, other]);
    const last = tellings.tell([key('d', 'a')]);
    await Promise.resolve();
    expect(told.slice(3)).toEqual([['d', ['a']]]);
    ends.forEach(end => end());
    await last;
  });
});
