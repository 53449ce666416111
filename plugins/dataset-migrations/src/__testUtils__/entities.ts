import { Entity } from '@backstage/catalog-model';

export const flightsEntity: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Resource',
  metadata: { name: 'flights', namespace: 'default' },
  spec: { type: 'dataset', owner: 'group:default/flight-data' },
};

export const dashboardEntity: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'delay-dashboard',
    namespace: 'default',
    title: 'Delay dashboard',
  },
  spec: { consumesDatasets: [{ dataset: 'resource:default/flights' }] },
};
