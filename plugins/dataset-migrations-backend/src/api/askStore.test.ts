import {
  Engine,
  Inspection,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { DatasetRecord } from '../datasets/types';
import { askStore } from './askStore';

const dataset = {
  currentVersion: '1.0.0',
  location: { engine: 'test', display: 'warehouse.public.flights' },
} as DatasetRecord;

const engines = (inspect: () => Promise<Inspection>) => ({
  get: () => ({ inspect } as Partial<Engine> as Engine),
});

const answers = (inspection: Partial<Inspection>) =>
  engines(async () => ({ exists: true, fields: [], ...inspection }));

describe('askStore', () => {
  it.each([
    [{ recordedVersion: '1.0.0' }, undefined],
    [{}, undefined],
    [
      { recordedVersion: '1.1.0' },
      'warehouse.public.flights records version 1.1.0, the plugin 1.0.0',
    ],
    [{ exists: false }, 'There is no data at warehouse.public.flights'],
  ])('tells drift of %j', async (inspection, drift) => {
    expect((await askStore(answers(inspection), dataset)).drift).toBe(drift);
  });

  it('asks nobody where the place is not known', async () => {
    const nobody = engines(() => Promise.reject(new Error('asked')));
    expect(await askStore(nobody, { ...dataset, location: undefined })).toEqual(
      {},
    );
  });

  it('does not wait for an engine that hangs', async () => {
    const giveUp = new AbortController();
    const hanging = engines(() => new Promise(() => {}));
    const asked = askStore(hanging, dataset, giveUp.signal);
    giveUp.abort();
    expect(await asked).toEqual({
      drift: 'warehouse.public.flights could not be asked: it takes too long',
    });
  });

  it('G10: shows no secret of an error', async () => {
    const failing = engines(() =>
      Promise.reject(new Error('no way to postgres://skein:hunter2@db/dwh')),
    );
    expect(await askStore(failing, dataset)).toEqual({
      drift:
        'warehouse.public.flights could not be asked: no way to postgres://***@db/dwh',
    });
  });
});
