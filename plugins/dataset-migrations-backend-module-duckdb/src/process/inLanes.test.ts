import { inLanes } from './inLanes';

describe('inLanes', () => {
  it('gives results in the order of the items, whichever ends first', async () => {
    const release: Array<() => void> = [];
    const all = inLanes(2, ['a', 'b', 'c'], async item => {
      await new Promise<void>(resolve => release.push(resolve));
      return item.toUpperCase();
    });
    expect(release).toHaveLength(2);
    release[1]();
    while (release.length < 3) {
      await Promise.resolve();
    }
    release[2]();
    release[0]();
    await expect(all).resolves.toEqual(['A', 'B', 'C']);
  });

  it('begins nothing more after a failure, and waits for what was begun', async () => {
    const begun: string[] = [];
    const ended: string[] = [];
    let release = () => {};
    const all = inLanes(2, ['slow', 'fails', 'never'], async item => {
      begun.push(item);
      if (item === 'fails') {
        throw new Error('first');
      }
      await new Promise<void>(resolve => {
        release = resolve;
      });
      ended.push(item);
    });
    const settled = all.catch(error => `${error}, ended: ${ended}`);
    await Promise.resolve();
    release();
    await expect(settled).resolves.toBe('Error: first, ended: slow');
    expect(begun).toEqual(['slow', 'fails']);
  });
});
