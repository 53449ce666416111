import { Poll, Polled } from './Poll';

/** Somebody who takes jobs of these queues, and notes what polls tell. */
function taker(...queues: string[]): Polled & { told: string[][] } {
  const told: string[][] = [];
  return { told, queues: () => queues, polled: due => void told.push(due) };
}

/** Polls as often as it can until everybody was told so many times. */
async function polls(
  count: number,
  takers: Array<ReturnType<typeof taker>>,
  due: (queues: string[]) => Promise<string[]>,
): Promise<void> {
  const poll = new Poll({ everyMs: 1, takers, due });
  while (takers.some(({ told }) => told.length < count)) {
    await new Promise(resolve => setImmediate(resolve));
  }
  await poll.stop();
}

describe('Poll', () => {
  it('asks for all queues at once, and tells each of its own', async () => {
    const takers = [taker('a', 'b'), taker('b'), taker('c')];
    const asked: string[][] = [];
    await polls(1, takers, async queues => {
      asked.push(queues);
      return ['b'];
    });
    expect(asked[0]).toEqual(['a', 'b', 'c']);
    expect(takers.map(({ told }) => told[0])).toEqual([['b'], ['b'], []]);
  });

  it('lets them ask themselves while it cannot, and goes on when it can', async () => {
    const takers = [taker('a')];
    let calls = 0;
    await polls(3, takers, async () => {
      calls += 1;
      if (calls === 2) {
        throw new Error('connection refused');
      }
      return [];
    });
    expect(takers[0].told.slice(0, 3)).toEqual([[], ['a'], []]);
  });

  it('tells nobody anything after it was stopped', async () => {
    const one = taker('a');
    await polls(1, [one], async () => []);
    const before = one.told.length;
    await new Promise(resolve => setImmediate(resolve));
    expect(one.told).toHaveLength(before);
  });
});
