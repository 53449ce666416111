import { actionsRegistryServiceMock } from '@backstage/backend-test-utils/alpha';
import { z } from 'zod/v3';
import { useActionsBackend } from './__testUtils__/actionsBackend';
import { describeGetStatus } from './__testUtils__/cases/getStatusCases';
import { describeListBlocked } from './__testUtils__/cases/listBlockedCases';
import { describeMigrate } from './__testUtils__/cases/migrateCases';
import { describePlan } from './__testUtils__/cases/planCases';
import { describeStartCampaign } from './__testUtils__/cases/startCampaignCases';
import { registerActions } from './registerActions';

jest.setTimeout(120_000);

/** All with one backend, as it takes longer to start than they all. */
describe('registerActions', () => {
  const given = useActionsBackend();

  describePlan(given);
  describeMigrate(given);
  describeGetStatus(given);
  describeListBlocked(given);
  describeStartCampaign(given);

  it('tells clients what each action does, takes and may destroy', async () => {
    const actions = await given.backend().list('grace');
    expect(
      actions.map(({ id, attributes }) => [id, attributes.readOnly]),
    ).toEqual([
      ['dataset-migrations:plan', true],
      ['dataset-migrations:migrate', false],
      ['dataset-migrations:get-status', true],
      ['dataset-migrations:start-campaign', false],
      ['dataset-migrations:list-blocked', true],
    ]);
    for (const { id, schema, examples, description } of actions) {
      expect([id, description.length > 100]).toEqual([id, true]);
      expect([id, examples.length > 0]).toEqual([id, true]);
      expect(schema.input).toMatchObject({
        type: 'object',
        additionalProperties: false,
      });
      for (const [name, property] of Object.entries<any>(
        schema.input.properties,
      )) {
        expect([id, name, typeof property.description]).toEqual([
          id,
          name,
          'string',
        ]);
      }
    }
  });

  it('shows examples that it would take', () => {
    const actionsRegistry = actionsRegistryServiceMock();
    registerActions({
      actionsRegistry,
      api: { controlPlane: {} } as any,
    });
    for (const { schema, examples = [] } of actionsRegistry.actions.values()) {
      for (const { input } of examples) {
        expect(schema.input(z).parse(input)).toEqual(input);
      }
    }
  });
});
