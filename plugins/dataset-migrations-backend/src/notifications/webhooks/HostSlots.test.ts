import { BusyError } from '../senders';
import { HostSlots } from './HostSlots';

/** A call that ends when it is told to. */
function hanging() {
  let end = () => {};
  const ended = new Promise<void>(resolve => {
    end = resolve;
  });
  return { call: () => ended, end };
}

describe('HostSlots', () => {
  it('makes so many calls to a host at a time, and no call less elsewhere', async () => {
    const slots = new HostSlots(2);
    const calls = [hanging(), hanging()];
    const made = calls.map(({ call }) => slots.use('gateway', call));
    const refused = slots.use('gateway', async () => 'made');
    await expect(refused).rejects.toThrow(BusyError);
    await expect(refused).rejects.toThrow('2 calls to gateway are under way');
    expect(await slots.use('elsewhere', async () => 'made')).toBe('made');

    calls[0].end();
    await made[0];
    expect(await slots.use('gateway', async () => 'made')).toBe('made');
    calls[1].end();
    await made[1];
  });

  it('lets nobody wait for a host that hangs', async () => {
    const slots = new HostSlots(1);
    const { call, end } = hanging();
    const made = slots.use('gateway', call);
    const refused = async () => {
      try {
        await slots.use('gateway', async () => {});
      } catch (error) {
        return (error as BusyError).retryInSeconds;
      }
      throw new Error('It was not refused');
    };
    // At first it may have much to do.
    const [first, , then] = [await refused(), await refused(), await refused()];
    expect(first).toBe(2);
    expect(then).toBe(5);
    end();
    await made;
    expect(await slots.use('gateway', async () => 'made')).toBe('made');
  });

  it('lets who waits have the place of a call that ends, also badly', async () => {
    const slots = new HostSlots(1);
    const failing = slots.use('gateway', async () => {
      throw new Error('it answers 500');
    });
    const order: number[] = [];
    const waiting = [1, 2, 3].map(n =>
      slots.use('gateway', async () => void order.push(n)),
    );
    await expect(failing).rejects.toThrow('it answers 500');
    await Promise.all(waiting);
    expect(order).toEqual([1, 2, 3]);
  });
});
