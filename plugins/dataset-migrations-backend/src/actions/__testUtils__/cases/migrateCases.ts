/* eslint-disable jest/no-export -- its tests share the backend of others */
import { poll } from '../../../__testUtils__/poll';
import { GivenActions } from '../actionsBackend';

export function describeMigrate(given: GivenActions): void {
  const { backend } = given;
  const { flights, places } = given.datasetsOf('migrate');

  describe('the action migrate', () => {
    const request = { datasetRef: flights, targetVersion: '2.0.0' };

    it('starts a migration once for one idempotency key', async () => {
      const input = { ...request, idempotencyKey: 'k' };
      const first = await backend().invoke('amelia', 'migrate', input);
      expect(first).toMatchObject({
        status: 200,
        output: {
          datasetRef: flights,
          fromVersion: '1.0.0',
          toVersion: '2.0.0',
          policy: 'switch',
          startedBy: 'user:default/amelia',
          blockedBy: [],
          url: expect.stringContaining(
            'http://portal.test/dataset-migrations/migrations/',
          ),
        },
      });
      const { migrationId } = first.output;
      await poll('it to succeed', async () => {
        const { state } = await backend()
          .as('amelia')
          .getMigration(migrationId);
        return state === 'succeeded';
      });

      const again = await backend().invoke('amelia', 'migrate', input);
      expect(again.output).toMatchObject({ migrationId, ended: true });
      const other = await backend().invoke('amelia', 'migrate', {
        ...input,
        policy: 'coexist',
      });
      expect(other).toMatchObject({
        status: 409,
        message: `The idempotency key 'k' was used for another request, which started migration ${migrationId}`,
      });
    });

    it('is audited as over REST, with who it was', async () => {
      const start = { datasetRef: places, targetVersion: '2.0.0' };
      const { audits } = backend();
      audits.length = 0;
      expect(await backend().invoke('amelia', 'migrate', start)).toMatchObject({
        status: 403,
        message: `The permission 'dataset.migrate' is needed for '${places}'`,
      });
      await expect(
        backend().as('amelia').startMigration(start),
      ).rejects.toThrow();
      const [action, rest] = audits;
      expect(action).toEqual({
        eventId: 'migration-start',
        meta: { ...start, caller: 'user:default/amelia' },
        outcome: 'NotAllowedError',
      });
      expect(rest).toMatchObject({ ...action, meta: start });
    });

    it.each([
      ['no version', { datasetRef: flights }, 400, '"targetVersion"'],
      [
        'a key with a space',
        { ...request, idempotencyKey: 'a key' },
        400,
        'must be printable ASCII',
      ],
      [
        'a version that the dataset is not at',
        { ...request, expectedVersion: '7.0.0' },
        409,
        'not at 7.0.0 as expected',
      ],
      [
        'a dataset that is not there',
        { ...request, datasetRef: 'resource:default/x' },
        404,
        'resource:default/x',
      ],
    ])('G10: refuses %s', async (_what, input, status, message) => {
      const refused = await backend().invoke('amelia', 'migrate', input);
      expect(refused.status).toBe(status);
      expect(refused.message).toContain(message);
    });
  });
}
