import { actionsRegistryServiceMock } from '@backstage/backend-test-utils/alpha';
import { z } from 'zod/v3';
import { useActionsBackend } from './__testUtils__/actionsBackend';
import { registerActions } from './registerActions';

jest.setTimeout(120_000);

describe('registerActions', () => {
  const backend = useActionsBackend();

  it('tells clients what each action does, takes and may destroy', async () => {
    const actions = await backend().list('grace');
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
