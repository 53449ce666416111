import fc from 'fast-check';
import {
  component,
  dataset,
  flights,
  flow,
  graphOf,
  reachOf,
  reads,
  retyped,
  run,
} from './__testUtils__/graphs';

const SIZE = 8;
const indices = Array.from({ length: SIZE }, (_, index) => index);

/** Datasets and components, with who reads and who makes what: any cycles. */
const world = fc.record({
  reads: fc.uniqueArray(
    fc.tuple(fc.nat({ max: SIZE - 1 }), fc.nat({ max: SIZE })),
    { maxLength: 24, selector: String },
  ),
  makes: fc.uniqueArray(
    fc.tuple(fc.nat({ max: SIZE - 1 }), fc.nat({ max: SIZE - 1 })),
    { maxLength: 16, selector: String },
  ),
  depends: fc.uniqueArray(
    fc.tuple(fc.nat({ max: SIZE - 1 }), fc.nat({ max: SIZE })),
    { maxLength: 8, selector: String },
  ),
  /** Datasets of which runs told that nothing comes to them. */
  calm: fc.uniqueArray(fc.nat({ max: SIZE - 1 })),
});

// The last one is the flights.
const datasetAt = (index: number) =>
  index === SIZE ? flights : dataset(`d${index}`);
const componentAt = (index: number) => component(`c${index}`);

describe('waves', () => {
  it('are finite, name nobody twice and everybody at the shortest distance', () => {
    fc.assert(
      fc.property(world, ({ reads: read, makes, depends, calm }) => {
        const graph = graphOf({
          changes: [retyped],
          datasets: Object.fromEntries(
            indices.map(index => [
              datasetAt(index),
              {
                dependsOn: [
                  ...makes
                    .filter(([made]) => made === index)
                    .map(([, by]) => componentAt(by)),
                  ...depends
                    .filter(([made]) => made === index)
                    .map(([, of]) => datasetAt(of)),
                ],
                fields: ['a'],
              },
            ]),
          ),
          consumers: Object.fromEntries(
            [...indices, SIZE].map(index => [
              datasetAt(index),
              read
                .filter(([, of]) => of === index)
                .map(([by]) => reads(componentAt(by))),
            ]),
          ),
          runs: calm.flatMap(index =>
            indices.map(by =>
              run(componentAt(by), datasetAt(index), ['a'], [flow('x', 'a')]),
            ),
          ),
        });
        const { waves, changes } = reachOf(graph);

        // By an algorithm that shares nothing with it: distances until none gets shorter.
        const distance = new Map<string, number>([[flights, 0]]);
        for (let changed = true; changed; ) {
          changed = false;
          const shorten = (ref: string, to: number) => {
            if (to < (distance.get(ref) ?? Infinity)) {
              distance.set(ref, to);
              changed = true;
            }
          };
          const goesOn = (ref: string) =>
            distance.has(ref) && changes[ref] !== 'no';
          for (const [by, of] of read) {
            if (goesOn(datasetAt(of))) {
              const near = distance.get(datasetAt(of))! + 1;
              shorten(componentAt(by), near);
              makes
                .filter(([, maker]) => maker === by)
                .forEach(([made]) => {
                  if (made !== of) shorten(datasetAt(made), near);
                });
            }
          }
          for (const [made, of] of depends) {
            if (goesOn(datasetAt(of)) && made !== of) {
              shorten(datasetAt(made), distance.get(datasetAt(of))! + 1);
            }
          }
        }
        distance.delete(flights);

        const named = [...waves.datasets, ...waves.consumers];
        expect(new Map(named)).toEqual(distance);
        expect(new Set(named.map(([ref]) => ref)).size).toBe(named.length);
        expect(Math.max(0, ...distance.values())).toBeLessThanOrEqual(SIZE);
      }),
      { numRuns: 500 },
    );
  });
});
