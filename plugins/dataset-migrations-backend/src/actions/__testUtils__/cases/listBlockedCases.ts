/* eslint-disable jest/no-export -- its tests share the backend of others */
import { poll } from '../../../__testUtils__/poll';
import { GivenActions } from '../actionsBackend';

export function describeListBlocked(given: GivenActions): void {
  const { backend } = given;
  const { flights, places } = given.datasetsOf('list-blocked');

  describe('the action list-blocked', () => {
    const listBlocked = (user: string, input = {}) =>
      backend().invoke(user, 'list-blocked', input);

    it('says who blocks which migration, and why, to who may see it', async () => {
      expect((await listBlocked('amelia')).output).toEqual({
        items: [],
        totalItems: 0,
      });
      const { id } = await backend()
        .as('carl')
        .startMigration({ datasetRef: places, targetVersion: '2.0.0' });
      await backend()
        .as('amelia')
        .startMigration({ datasetRef: flights, targetVersion: '2.0.0' });

      const { items } = await poll('it to be blocked', async () => {
        const { output } = await listBlocked('amelia');
        return output.totalItems === 1 && output;
      });
      expect(items).toEqual([
        expect.objectContaining({
          migrationId: id,
          datasetRef: places,
          startedBy: 'user:default/carl',
          reason: expect.stringContaining('Breaking change detected'),
          blockedBy: [
            expect.objectContaining({
              consumerRef: 'component:default/list-blocked-pinned',
              owner: 'group:default/apps',
              verdict: 'breaks',
            }),
          ],
          blockedByCount: 1,
        }),
      ]);
      expect(
        (await listBlocked('amelia', { datasetRef: flights })).output.items,
      ).toEqual([]);
      expect(
        (await listBlocked('amelia', { datasetRef: places })).output.totalItems,
      ).toBe(1);
    });

    it.each([
      ['a limit that is none', { limit: 0 }, '"limit"'],
      ['a text for a number', { limit: 'all' }, '"limit"'],
      ['a cursor that no answer gave', { cursor: 'x' }, "'x'"],
      ['text that is no entity ref', { datasetRef: 'x' }, "datasetRef 'x'"],
    ])('G10: refuses %s', async (_what, input, message) => {
      const refused = await listBlocked('amelia', input);
      expect(refused.status).toBe(400);
      expect(refused.message).toContain(message);
    });
  });
}
