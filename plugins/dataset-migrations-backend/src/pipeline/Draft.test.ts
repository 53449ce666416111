import { mockServices } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { insertMigration } from '../__testUtils__/insertMigration';
import { poll } from '../__testUtils__/poll';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { getMigration } from '../database/operations/migrations/getMigration';
import {
  createStages,
  forwardStages,
} from '../database/operations/stages/createStages';
import { listStages } from '../database/operations/stages/listStages';
import { ClaimLostError } from '../queue/errors';
import { Draft, Step } from './Draft';
import { PipelineDependencies } from './types';

const begins: Step = {
  patch: { state: 'running', startedAt: new Date() },
  begun: 'discover',
};
const ends: Step = {
  patch: { stage: 'validate' },
  ended: { stage: 'discover', state: 'succeeded' },
  line: { level: 'info', stage: 'discover', message: 'Found nobody' },
};

describe('Draft', () => {
  const database = useTestDatabase();
  const stageEnded = jest.fn();
  let knex: Knex;
  let id: string;

  beforeEach(async () => {
    knex = database();
    stageEnded.mockReset();
    id = await insertMigration(knex, {
      state: 'queued',
      stage: 'discover',
      sequence: 3,
    });
    await knex.transaction(trx => createStages(trx, [id], forwardStages));
  });

  async function draftOf(keepJob = async () => {}) {
    const deps = {
      knex,
      logger: mockServices.logger.mock(),
      telemetry: { stageEnded } as Partial<PipelineDependencies['telemetry']>,
      migrationChanged: jest.fn(),
    } as unknown as ConstructorParameters<typeof Draft>[0];
    return new Draft(deps, await getMigration(knex, id), keepJob);
  }

  const discoverIs = async () => {
    const [{ state, attempts }] = await listStages(knex, id);
    return { state, attempts };
  };

  const log = () =>
    knex('migration_events')
      .where({ migration_id: id })
      .orderBy('id')
      .pluck('message');

  it('has what is added while it writes written by the next one', async () => {
    const draft = await draftOf();
    await draft.write({
      step: begins,
      async before(_, record) {
        draft.add(ends);
        return record;
      },
    });
    expect(await getMigration(knex, id)).toMatchObject({ stage: 'discover' });
    expect(draft.record).toMatchObject({ state: 'running', stage: 'validate' });

    await draft.write();
    await draft.close();
    expect(await getMigration(knex, id)).toMatchObject({ stage: 'validate' });
    expect(await discoverIs()).toEqual({ state: 'succeeded', attempts: 1 });
    expect(await log()).toEqual(['Started', 'Found nobody']);
    expect(stageEnded).toHaveBeenCalledTimes(1);
  });

  it('writes by itself, and again after it could not', async () => {
    const keepJob = jest
      .fn(async () => {})
      .mockRejectedValueOnce(new Error('the server restarts'));
    const draft = await draftOf(keepJob);
    draft.add(begins);
    draft.add(ends);
    await poll(
      'the stage',
      async () => (await discoverIs()).state === 'succeeded',
    );
    expect(keepJob).toHaveBeenCalledTimes(2);
    expect(await log()).toEqual(['Started', 'Found nobody']);
    await draft.close();
  });

  it('writes nothing of a job that is somebody else’s', async () => {
    const draft = await draftOf(async () => {
      throw new ClaimLostError('it was given to another worker');
    });
    draft.add(begins);
    await expect(draft.write({ step: ends })).rejects.toThrow(ClaimLostError);
    expect(await getMigration(knex, id)).toMatchObject({ state: 'queued' });
    expect(await log()).toEqual([]);
    await draft.close();
  });

  it('writes nothing of a job that is over', async () => {
    const draft = await draftOf();
    draft.add(begins);
    await draft.close();
    await expect(draft.write()).rejects.toThrow('is over');
    expect(await discoverIs()).toEqual({ state: 'pending', attempts: 0 });
  });

  it('writes nothing of a migration that went on without it', async () => {
    const draft = await draftOf();
    draft.add(begins);
    await knex('migrations').where({ id }).update({ sequence: 4 });
    await expect(draft.write({ step: ends })).rejects.toThrow(
      'no longer queued at job 3',
    );
    expect(await discoverIs()).toEqual({ state: 'pending', attempts: 0 });
    await draft.close();
  });
});
