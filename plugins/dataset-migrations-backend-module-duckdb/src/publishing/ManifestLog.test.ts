import { mkdtemp, readdir, rm } from 'fs/promises';
import { tmpdir } from 'os';
import path from 'path';
import { Place } from '../places/Place';
import { DurableFiles, StepHook } from './DurableFiles';
import { ManifestLog } from './ManifestLog';
import { manifestFolder } from './readManifest';

describe('ManifestLog', () => {
  let folder: string;
  let place: Place;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'skein-log-'));
    place = {
      root: { name: 'files', path: folder, bindings: [] },
      folder,
      object: { kind: 'folder' },
      format: 'parquet',
      dialect: {},
      state: path.join(folder, '_skein'),
    };
  });

  afterEach(() => rm(folder, { recursive: true }));

  const log = (onStep?: StepHook) =>
    new ManifestLog(place, new DurableFiles(onStep));

  it('lets the highest token write, and only that', async () => {
    await expect(log().latest()).resolves.toBeUndefined();
    await expect(log().hold(3)).resolves.toMatchObject({
      number: 1,
      token: 3,
      event: 'fenced',
      versions: [],
    });
    await expect(log().hold(3)).resolves.toMatchObject({ number: 1 });
    await expect(log().hold(4)).resolves.toMatchObject({ number: 2, token: 4 });
    await expect(log().hold(3)).rejects.toMatchObject({ name: 'FencedError' });
    await expect(
      log().append(3, () => ({ event: 'published' })),
    ).rejects.toMatchObject({ name: 'FencedError' });
  });

  it('G4: stops a worker that was paused between its check and its write', async () => {
    await log().hold(1);
    const paused = log(async step => {
      if (step === 'before link') {
        await log().hold(2);
      }
    });
    await expect(
      paused.append(1, () => ({ event: 'published', published: '2.0.0' })),
    ).rejects.toMatchObject({ name: 'FencedError' });
    await expect(log().latest()).resolves.toMatchObject({
      token: 2,
      event: 'fenced',
    });
  });

  it('decides anew when another entry came first', async () => {
    await log().hold(1);
    const seen: Array<number | undefined> = [];
    let other = true;
    const slow = log(async step => {
      if (step === 'before link' && other) {
        other = false;
        await log().append(1, () => ({ event: 'written' }));
      }
    });
    await slow.append(1, before => {
      seen.push(before?.number);
      return { event: 'published' };
    });
    expect(seen).toEqual([1, 2]);
    await expect(log().latest()).resolves.toMatchObject({ number: 3 });
  });

  it('numbers the entries of many writers without a gap and without loss', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `m${index}`);
    await Promise.all(
      ids.map(id =>
        log().append(1, before => ({
          event: 'written',
          migrations: [
            ...(before?.migrations ?? []),
            { id, from: '1.0.0', to: '2.0.0', phase: 'cut-over' },
          ],
        })),
      ),
    );
    const latest = await log().latest();
    expect(latest?.number).toBe(20);
    expect(latest?.migrations.map(({ id }) => id).sort()).toEqual(ids.sort());
    const names = await readdir(manifestFolder(place.state));
    expect(names).toHaveLength(20);
  });

  it('G3: leaves the log as it was, or longer by a whole entry, at every step', async () => {
    const killAt = async (fatal: number) => {
      let steps = 0;
      const doomed = log(async () => {
        steps += 1;
        if (steps === fatal) {
          throw new Error('dead');
        }
      });
      return doomed
        .append(1, () => ({ event: 'written' }))
        .then(
          () => 'done',
          () => 'dead',
        );
    };
    let step = 0;
    for (let outcome = 'dead'; outcome === 'dead'; ) {
      const before = (await log().latest())?.number ?? 0;
      step += 1;
      outcome = await killAt(step);
      const after = (await log().latest())?.number ?? 0;
      expect([before, before + 1]).toContain(after);
    }
    expect(step).toBeGreaterThan(6);
  });
});
