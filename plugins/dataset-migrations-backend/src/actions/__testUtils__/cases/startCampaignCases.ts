/* eslint-disable jest/no-export -- its tests share the backend of others */
import { poll } from '../../../__testUtils__/poll';
import { GivenActions } from '../actionsBackend';

export function describeStartCampaign(given: GivenActions): void {
  const { backend } = given;
  const { flights, places } = given.datasetsOf('start-campaign');

  describe('the action start-campaign', () => {
    const start = (input: {}, user = 'grace') =>
      backend().invoke(user, 'start-campaign', input);
    const selection = { datasets: [flights, places] };

    const status = (campaignId: string, wanted: string) =>
      poll(`the campaign to be ${wanted}`, async () => {
        const { output } = await backend().invoke('grace', 'get-status', {
          campaignId,
        });
        return output.campaign.state === wanted && output.campaign;
      });

    it('plans first, and migrates when it is called again', async () => {
      const { audits } = backend();
      const request = {
        title: 'All to 2.x',
        selection,
        targetVersion: '2.x',
        policy: 'proposed',
        idempotencyKey: 'all',
      };
      const created = await start(request);
      expect(created).toMatchObject({
        status: 200,
        output: { title: 'All to 2.x', createdBy: 'user:default/grace' },
      });
      const { campaignId } = created.output;
      expect((await start(request)).output.campaignId).toBe(campaignId);
      expect(
        audits.find(({ eventId }) => eventId === 'campaign-create'),
      ).toMatchObject({
        meta: { title: 'All to 2.x', caller: 'user:default/grace' },
        outcome: 'success',
      });

      expect(await status(campaignId, 'planned')).toMatchObject({
        ended: false,
        total: 2,
        counts: { waiting: 2 },
        dryRun: { breaking: 1, verdicts: { breaks: 1 } },
        mayNow: ['start', 'cancel'],
      });
      const before = await backend().as('amelia').getDataset(flights);
      expect(before.currentVersion).toBe('1.0.0');

      expect(await start({ campaignId })).toMatchObject({
        status: 200,
        output: { campaignId, state: 'running' },
      });
      expect(await status(campaignId, 'finished')).toMatchObject({
        ended: true,
        counts: { succeeded: 2 },
      });
    });

    it('is not there for who may not manage campaigns', async () => {
      const names = (await backend().list('bessie')).map(({ name }) => name);
      expect(names).toContain('plan');
      expect(names).not.toContain('start-campaign');
      expect(await start({ title: 'Mine', selection }, 'bessie')).toMatchObject(
        {
          status: 404,
          message: expect.stringContaining('not found'),
        },
      );
    });

    it.each([
      ['nothing', {}, 400, 'title is needed to create a campaign'],
      ['no selection', { title: 'x' }, 400, 'selection is needed'],
      [
        'two selections',
        { title: 'x', selection: { ...selection, query: {} } },
        400,
        "not 'datasets' and 'query'",
      ],
      [
        'a dataset that is no entity ref',
        { title: 'x', selection: { datasets: ['x'] } },
        400,
        "selection.datasets[0] 'x' is no entity ref",
      ],
      [
        'a version that is none',
        { title: 'x', selection, targetVersion: 'latest' },
        400,
        "not 'latest'",
      ],
      [
        'a text for a number',
        { title: 'x', selection, limits: { batchSize: 'all' } },
        400,
        '"batchSize"',
      ],
      [
        'a window that never is',
        {
          title: 'x',
          selection,
          windows: [{ from: '25:00', to: '03:00', timeZone: 'Mars/Olympus' }],
        },
        400,
        'windows[0]',
      ],
      [
        'another title for a campaign that is there',
        { campaignId: 'x', title: 'x' },
        400,
        "'title' cannot be given with it",
      ],
      ['an unknown campaign', { campaignId: 'x' }, 404, "'x'"],
    ])('G10: refuses %s', async (_what, input, code, message) => {
      const refused = await start(input);
      expect(refused.status).toBe(code);
      expect(refused.message).toContain(message);
    });
  });
}
