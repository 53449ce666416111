/* eslint-disable jest/no-export -- its tests share the backend of others */
import { randomUUID } from 'node:crypto';
import { poll } from '../../../__testUtils__/poll';
import { GivenActions } from '../actionsBackend';

export function describeGetStatus(given: GivenActions): void {
  const { backend } = given;
  const { flights } = given.datasetsOf('get-status');

  describe('the action get-status', () => {
    it('says how a migration ended, and what may be done with it', async () => {
      const { id: migrationId } = await backend()
        .as('amelia')
        .startMigration({ datasetRef: flights, targetVersion: '2.0.0' });
      const status = (user: string) =>
        backend().invoke(user, 'get-status', { migrationId });

      const done = await poll('it to end', async () => {
        const { output } = await status('amelia');
        return output.migration.ended && output.migration;
      });
      expect(done).toMatchObject({
        migrationId,
        state: 'succeeded',
        verified: { ok: true, sourceRows: 1, targetRows: 1 },
        blockedBy: [],
        mayNow: ['rollback'],
      });
      // Who sees it without owning it.
      expect((await status('bessie')).output.migration.mayNow).toEqual([]);
      expect(await status('carl')).toMatchObject({
        status: 403,
        message: `The permission 'dataset.read' is needed for '${flights}'`,
      });
    });

    it.each([
      ['neither', {}, 'not none'],
      ['both', { migrationId: 'x', campaignId: 'y' }, 'not both'],
    ])('G10: refuses %s of its two inputs', async (_what, input, message) => {
      expect(
        await backend().invoke('amelia', 'get-status', input),
      ).toMatchObject({
        status: 400,
        message: expect.stringContaining(message),
      });
    });

    it('G10: refuses a campaign that there is not', async () => {
      const campaignId = randomUUID();
      expect(
        await backend().invoke('amelia', 'get-status', { campaignId }),
      ).toMatchObject({
        status: 404,
        message: expect.stringContaining(campaignId),
      });
    });

    it.each([
      ['that there is not', randomUUID(), 404],
      ['whose id is none', "'; DROP TABLE migrations; --", 404],
      ['that is a number', 5, 400],
    ])('G10: refuses a migration %s', async (_what, migrationId, status) => {
      const refused = await backend().invoke('amelia', 'get-status', {
        migrationId,
      });
      expect(refused.status).toBe(status);
      expect(refused.message).toContain(
        status === 404
          ? `There is no migration '${migrationId}'`
          : 'migrationId',
      );
    });
  });
}
