import { Entity } from '@backstage/catalog-model';
import { flightConsumers } from '../src/__testUtils__/consumers';
import { FLIGHTS, flightsDataset } from '../src/__testUtils__/flights';

function group(name: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name, namespace: 'default' },
    spec: { type: 'team', children: [] },
  };
}

const dataset: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Resource',
  metadata: {
    name: 'flights',
    namespace: 'default',
    title: 'Flights',
    description: flightsDataset().description,
  },
  spec: { type: 'dataset', owner: 'group:default/flight-data' },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/flight-data' }],
};

const components: Entity[] = flightConsumers.map(({ consumer }) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: consumer.entityRef.split('/')[1],
    namespace: 'default',
    title: consumer.title,
  },
  spec: {
    type: 'service',
    lifecycle: 'production',
    owner: consumer.owner,
    consumesDatasets: [
      { dataset: FLIGHTS, version: consumer.constraint ?? '*' },
    ],
  },
  relations: [
    { type: 'ownedBy', targetRef: consumer.owner! },
    { type: 'dependsOn', targetRef: FLIGHTS },
  ],
}));

/** The catalog behind the pages: the flights, who reads them, and their teams. */
export const entities: Entity[] = [
  dataset,
  ...components,
  ...[
    'flight-data',
    'passenger-apps',
    'operations',
    'data-platform',
    'analytics',
    'sustainability',
  ].map(group),
];
