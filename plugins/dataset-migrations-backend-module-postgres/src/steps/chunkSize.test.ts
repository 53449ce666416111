import fc from 'fast-check';
import { nextChunkBlocks } from './chunkSize';

const options = { chunkSeconds: 1, most: 1_000 };

it.each`
  what                      | blocks | seconds  | next
  ${'as it was'}            | ${100} | ${1}     | ${100}
  ${'half'}                 | ${100} | ${2}     | ${50}
  ${'three times'}          | ${100} | ${1 / 3} | ${300}
  ${'a quarter at least'}   | ${100} | ${60}    | ${25}
  ${'four times at most'}   | ${100} | ${0.001} | ${400}
  ${'no more than allowed'} | ${900} | ${0.1}   | ${1_000}
  ${'one block at least'}   | ${1}   | ${60}    | ${1}
  ${'in no time'}           | ${100} | ${0}     | ${400}
`('is $what', ({ blocks, seconds, next }) => {
  expect(nextChunkBlocks({ blocks, seconds }, options)).toBe(next);
});

it('comes to the size that takes the time, wherever it begins', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000 }),
      fc.integer({ min: 1, max: 900 }),
      (first, perSecond) => {
        let blocks = first;
        for (let round = 0; round < 10; round += 1) {
          const seconds = blocks / perSecond;
          blocks = nextChunkBlocks({ blocks, seconds }, options);
        }
        expect(Math.abs(blocks - perSecond)).toBeLessThanOrEqual(1);
      },
    ),
  );
});
