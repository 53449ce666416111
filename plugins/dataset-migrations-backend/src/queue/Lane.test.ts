import { Lane, LaneOptions } from './Lane';

/** Lets all promises go on that can. */
const settled = () => new Promise(resolve => setImmediate(resolve));

/** A queue of numbers that ends jobs when it is told to. */
function lane(options: Partial<LaneOptions<number>> & { jobs: number[] }) {
  const running = new Map<number, () => void>();
  const troubles: Array<string | undefined> = [];
  const created = new Lane<number>({
    slots: 2,
    sources: () => [{ queue: 'q', limit: 2 }],
    fetch: async (_queue, count) => options.jobs.splice(0, count),
    run: (_queue, job) => new Promise(resolve => running.set(job, resolve)),
    onTrouble: error => troubles.push(error?.message),
    ...options,
  });
  const end = async (job: number) => {
    running.get(job)!();
    running.delete(job);
    await settled();
  };
  return { lane: created, running, troubles, end };
}

describe('Lane', () => {
  it('asks for no more jobs than it has slots, and for the next as one ends', async () => {
    const jobs = [1, 2, 3];
    const given = lane({ jobs });
    given.lane.start();
    await settled();
    expect([...given.running.keys()]).toEqual([1, 2]);
    expect(jobs).toEqual([3]);

    await given.end(1);
    expect([...given.running.keys()]).toEqual([2, 3]);
    await given.lane.stop();
  });

  it('looks again when it is woken, also in the middle of a turn', async () => {
    const jobs: number[] = [];
    let turns = 0;
    const given = lane({
      jobs,
      fetch: async (_queue, count) => {
        turns += 1;
        const found = jobs.splice(0, count);
        if (turns === 1) {
          // Comes when it was just seen that there is none.
          jobs.push(1);
          given.lane.wake();
        }
        return found;
      },
    });
    given.lane.start();
    await settled();
    expect([...given.running.keys()]).toEqual([1]);

    jobs.push(2);
    given.lane.wake();
    await settled();
    expect([...given.running.keys()]).toEqual([1, 2]);
    await given.lane.stop();
  });

  it('takes turns among its queues, so that a full one starves no other', async () => {
    const asked: string[] = [];
    let next = 0;
    const given = lane({
      jobs: [],
      slots: 1,
      sources: () => ['a', 'b'].map(queue => ({ queue, limit: 1 })),
      fetch: async queue => {
        asked.push(queue);
        return [next++];
      },
    });
    given.lane.start();
    await settled();
    await given.end(0);
    await given.end(1);
    await given.end(2);
    expect(asked.slice(0, 4).sort()).toEqual(['a', 'a', 'b', 'b']);
    await given.lane.stop();
  });

  it('asks a queue that was empty again only when something came of it', async () => {
    const jobs: Record<string, number[]> = { a: [1, 2, 3], b: [] };
    const asked: string[] = [];
    const given = lane({
      jobs: [],
      sources: () => ['a', 'b'].map(queue => ({ queue, limit: 2 })),
      slots: 3,
      fetch: async (queue, count) => {
        asked.push(queue);
        return jobs[queue].splice(0, count);
      },
    });
    given.lane.start();
    await settled();
    expect(asked.splice(0)).toEqual(['a', 'b']);
    await given.end(1);
    expect(asked.splice(0)).toEqual(['a']);
    jobs.b.push(4, 5);
    given.lane.wake(['b']);
    await settled();
    expect(asked.splice(0)).toEqual(['b']);
    expect([...given.running.keys()]).toEqual([2, 3, 4]);

    // Without a slot there is nothing to ask for, whatever comes.
    given.lane.wake(['b']);
    given.lane.polled(['a', 'b']);
    await settled();
    expect(asked).toEqual([]);
    await given.lane.stop();
  });

  it('asks again by itself where a queue gave fewer jobs than it might have', async () => {
    // As the library does where the first ones have the same key.
    const batches = [[1], [2]];
    const given = lane({
      jobs: [],
      slots: 3,
      sources: () => [{ queue: 'q', limit: 3 }],
      fetch: async () => batches.shift() ?? [],
    });
    given.lane.start();
    while (given.running.size < 2) await settled();
    expect([...given.running.keys()]).toEqual([1, 2]);
    await given.lane.stop();
  });

  it('tells once that it cannot ask, and once that it can again', async () => {
    let broken = true;
    const given = lane({
      jobs: [],
      fetch: async () => {
        if (broken) {
          throw new Error('connection refused');
        }
        return [];
      },
    });
    const before = given.lane.lastTurn();
    given.lane.start();
    while (given.troubles.length < 1) await settled();
    expect(given.lane.lastTurn()).toBe(before);
    given.lane.polled([]);
    await settled();
    expect(given.lane.lastTurn()).toBe(before);
    broken = false;
    given.lane.polled([]);
    while (given.troubles.length < 2) await settled();
    expect(given.troubles).toEqual(['connection refused', undefined]);
    expect(given.lane.lastTurn()).toBeGreaterThan(before);
    await given.lane.stop();
  });

  it('asks when a poll found something, and else knows that there is nothing', async () => {
    const jobs: number[] = [];
    let turns = 0;
    const given = lane({
      jobs,
      fetch: async (_queue, count) => {
        turns += 1;
        return jobs.splice(0, count);
      },
    });
    given.lane.start();
    await settled();
    const before = given.lane.lastTurn();
    given.lane.polled([]);
    await settled();
    expect(turns).toBe(1);
    expect(given.lane.lastTurn()).toBeGreaterThan(before);

    jobs.push(1);
    given.lane.polled(['q']);
    await settled();
    expect([...given.running.keys()]).toEqual([1]);
    await given.lane.stop();
  });

  it('takes nothing more once it stops, and waits for what runs', async () => {
    const jobs = [1];
    const given = lane({ jobs });
    given.lane.start();
    await settled();
    await given.lane.stop();
    jobs.push(2);
    given.lane.wake();
    let drained = false;
    const end = given.lane.drained().then(() => (drained = true));
    await settled();
    expect(drained).toBe(false);
    await given.end(1);
    await end;
    expect(jobs).toEqual([2]);
  });
});
