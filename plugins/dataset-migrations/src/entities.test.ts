import { Entity } from '@backstage/catalog-model';
import { dashboardEntity, flightsEntity } from './__testUtils__/entities';
import { isDataset, isDatasetConsumer } from './entities';

describe('isDataset', () => {
  it('knows datasets from other resources', () => {
    expect(isDataset(flightsEntity)).toBe(true);
    expect(isDataset({ ...flightsEntity, kind: 'resource' })).toBe(true);
    expect(isDataset({ ...flightsEntity, spec: { type: 'database' } })).toBe(
      false,
    );
    expect(isDataset({ ...flightsEntity, spec: undefined })).toBe(false);
    expect(isDataset({ ...flightsEntity, kind: 'Component' })).toBe(false);
  });
});

describe('isDatasetConsumer', () => {
  const component: Entity = { ...dashboardEntity, spec: {} };

  it('takes those who declare what they read', () => {
    expect(isDatasetConsumer(dashboardEntity)).toBe(true);
    expect(
      isDatasetConsumer({ ...component, spec: { consumesDatasets: [] } }),
    ).toBe(false);
    expect(
      isDatasetConsumer({ ...component, spec: { consumesDatasets: 'all' } }),
    ).toBe(false);
  });

  it('takes those who depend on a resource, which may be a dataset', () => {
    const related = (type: string, targetRef: string) =>
      isDatasetConsumer({ ...component, relations: [{ type, targetRef }] });
    expect(related('dependsOn', 'resource:default/flights')).toBe(true);
    expect(related('consumesDataset', 'resource:default/flights')).toBe(true);
    expect(related('dependsOn', 'component:default/other')).toBe(false);
    expect(related('ownedBy', 'group:default/team')).toBe(false);
    expect(isDatasetConsumer(component)).toBe(false);
  });
});
