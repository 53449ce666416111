import { GAP_MS, LiveLoader, POLL_MS } from './LiveLoader';

describe('LiveLoader', () => {
  let answers: Array<string | Error>;
  let loads: number;
  const values: string[] = [];
  const errors: string[] = [];

  function loader() {
    return new LiveLoader<string>({
      load: async () => {
        loads += 1;
        const answer = answers.length > 1 ? answers.shift()! : answers[0];
        if (answer instanceof Error) {
          throw answer;
        }
        return answer;
      },
      isActive: value => value === 'running',
      pollMs: POLL_MS,
      gapMs: GAP_MS,
      onValue: value => values.push(value),
      onError: error => errors.push(error.message),
    });
  }
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  beforeEach(() => {
    jest.useFakeTimers();
    loads = 0;
    values.length = 0;
    errors.length = 0;
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('polls while the value is active and stops when it is final', async () => {
    answers = ['running', 'running', 'succeeded'];
    const live = loader();
    live.refresh();
    await pass(0);
    expect(values).toEqual(['running']);
    await pass(POLL_MS);
    await pass(POLL_MS);
    expect(values).toEqual(['running', 'running', 'succeeded']);
    await pass(60_000);
    expect(loads).toBe(3);
  });

  it('loads at once on a signal, which puts the next poll off', async () => {
    answers = ['running'];
    const live = loader();
    live.refresh();
    await pass(1_000);
    live.nudge();
    await pass(0);
    expect(loads).toBe(2);
    await pass(9_000);
    expect(loads).toBe(2);
    await pass(1_000);
    expect(loads).toBe(3);
    live.stop();
  });

  it('loads a final value again on a signal', async () => {
    answers = ['succeeded', 'running'];
    const live = loader();
    live.refresh();
    await pass(5_000);
    live.nudge();
    await pass(0);
    expect(values).toEqual(['succeeded', 'running']);
    live.stop();
  });

  it('makes few requests of a burst of signals', async () => {
    answers = ['running'];
    const live = loader();
    live.refresh();
    await pass(1_000);
    for (let n = 0; n < 100; n += 1) {
      live.nudge();
    }
    await pass(1_000);
    expect(loads).toBe(2);
    live.stop();
  });

  it('goes on after a failure, with growing pauses', async () => {
    answers = ['running', new Error('first'), new Error('second'), 'succeeded'];
    const live = loader();
    live.refresh();
    await pass(POLL_MS);
    expect(errors).toEqual(['first']);
    await pass(POLL_MS);
    expect(errors).toEqual(['first']);
    await pass(POLL_MS);
    expect(errors).toEqual(['first', 'second']);
    await pass(4 * POLL_MS);
    expect(values).toEqual(['running', 'succeeded']);
  });

  it('does not ask again by itself when the first request failed', async () => {
    answers = [new Error('forbidden')];
    const live = loader();
    live.refresh();
    await pass(60_000);
    expect(loads).toBe(1);
  });

  it('never replaces a newer value with the answer to an older request', async () => {
    let answer: (value: string) => void = () => {};
    const live = new LiveLoader<string>({
      load: () => new Promise(resolve => (answer = resolve)),
      isActive: () => false,
      pollMs: POLL_MS,
      gapMs: GAP_MS,
      onValue: value => values.push(value),
      onError: error => errors.push(error.message),
    });
    live.refresh();
    live.replace('cancelling');
    answer('running');
    await pass(0);
    expect(values).toEqual(['cancelling']);
  });

  it('waits while the page is hidden', async () => {
    answers = ['running'];
    const visibility = jest
      .spyOn(document, 'visibilityState', 'get')
      .mockReturnValue('hidden');
    const live = loader();
    live.refresh();
    await pass(20_000);
    expect(loads).toBe(1);
    visibility.mockRestore();
    await pass(POLL_MS);
    expect(loads).toBe(2);
    live.stop();
  });
});
