/* eslint-disable jest/no-export -- its tests share the backend of others */
import { GivenActions } from '../actionsBackend';

export function describePlan(given: GivenActions): void {
  const { backend } = given;
  const { flights, modest, places } = given.datasetsOf('plan');

  describe('the action plan', () => {
    it('says what a version changes, whom it breaks and how it is done', async () => {
      const { status, output } = await backend().invoke('amelia', 'plan', {
        datasetRef: places,
        targetVersion: '2.0.0',
      });
      expect(status).toBe(200);
      expect(output).toMatchObject({
        datasetRef: places,
        fromVersion: '1.0.0',
        toVersion: '2.0.0',
        breaking: true,
        proposedPolicy: 'coexist',
        changes: [
          { kind: 'field-renamed', from: 'delay', to: 'arrival_delay' },
        ],
        changeCount: 1,
        consumers: { ready: 0, breaks: 1, unknown: 0 },
        blockedBy: [
          {
            consumerRef: 'component:default/plan-pinned',
            owner: 'group:default/apps',
            constraint: '^1.0.0',
            verdict: 'breaks',
          },
        ],
        blockedByCount: 1,
        engine: 'memory',
        refusals: [],
      });
      expect(output.blockedBy[0].reasons.join()).toContain('delay');
    });

    it('says which of its changes somebody accepted, and why', async () => {
      const carl = backend().as('carl');
      const accepted = await carl.acceptChange(places, {
        targetVersion: '2.0.0',
        rule: 'field-renamed',
        field: 'delay',
        summary: 'renamed to `arrival_delay`',
        reason: 'it reads by position',
      });
      const { output } = await backend().invoke('amelia', 'plan', {
        datasetRef: places,
        targetVersion: '2.0.0',
      });
      await carl.withdrawAcceptedChange(places, accepted.id);
      expect(output).toMatchObject({
        breaking: true,
        proposedPolicy: 'switch',
        changes: [
          {
            effect: 'risky',
            accepted: {
              by: 'user:default/carl',
              reason: 'it reads by position',
              was: 'breaking',
            },
          },
        ],
        blockedByCount: 0,
      });
    });

    it('takes the next version where none is named', async () => {
      const { output } = await backend().invoke('amelia', 'plan', {
        datasetRef: 'Resource:plan-flights',
      });
      expect(output).toMatchObject({
        datasetRef: flights,
        toVersion: '2.0.0',
        proposedPolicy: 'switch',
      });
    });

    it('offers the version that would do where it is too low', async () => {
      const { status, error } = await backend().invoke('amelia', 'plan', {
        datasetRef: modest,
      });
      expect(status).toBe(400);
      expect(error).toMatchObject({
        name: 'InputError',
        message: expect.stringContaining('they need 2.0.0 or higher'),
        lowestVersion: '2.0.0',
        requiredBump: 'major',
      });
    });

    it.each([
      [
        'a dataset that is not there',
        { datasetRef: 'resource:default/x' },
        404,
        'resource:default/x',
      ],
      [
        'a version without a contract',
        { datasetRef: flights, targetVersion: '9.9.9' },
        404,
        "no usable contract of version '9.9.9'",
      ],
      [
        'text that is no entity ref',
        { datasetRef: 'flights' },
        400,
        "datasetRef 'flights' is no entity ref",
      ],
      [
        'a policy that there is not',
        { datasetRef: flights, policy: 'hope' },
        400,
        "received 'hope'",
      ],
      ['a number for a text', { datasetRef: 5 }, 400, '"datasetRef"'],
      ['nothing', {}, 400, '"datasetRef"'],
      [
        'what it does not know',
        { datasetRef: flights, version: '2.0.0' },
        400,
        "'version'",
      ],
    ])('G10: refuses %s', async (_what, input, status, message) => {
      const refused = await backend().invoke('amelia', 'plan', input);
      expect(refused.status).toBe(status);
      expect(refused.message).toContain(message);
    });

    it('refuses who may not see the dataset, in the words of the API', async () => {
      expect(
        await backend().invoke('carl', 'plan', { datasetRef: flights }),
      ).toMatchObject({
        status: 403,
        message: `The permission 'dataset.read' is needed for '${flights}'`,
      });
    });
  });
}
