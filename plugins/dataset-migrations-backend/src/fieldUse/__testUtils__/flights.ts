import { DatasetTable } from '../sql/types';
import { TemplateProject } from '../template/evaluate';

export const flights = 'resource:default/flights';

export const flightFields = [
  'id',
  'flight_date',
  'carrier',
  'flight_num',
  'origin',
  'dest',
  'delay',
  'distance',
  'cancelled',
  'address',
  'tags',
];

/** The dataset `flights` in the table public.flights. */
export function flightsTable(
  options: Partial<DatasetTable> = {},
): DatasetTable {
  return {
    datasetRef: flights,
    names: ['public', 'flights'],
    fields: new Map(flightFields.map(name => [name, [name]])),
    nested: new Map(
      ['address.city', 'address.street'].map(name => [name, name]),
    ),
    current: flightFields,
    ...options,
  };
}

/** A project that calls the table `source('raw', 'flight_facts')`. */
export const project: TemplateProject = {
  isModel: name => name.startsWith('stg_'),
  source: (name, table) =>
    name === 'raw' && table === 'flight_facts'
      ? ['public', 'flights']
      : undefined,
  sourceTables: () => [['public', 'flights']],
  variable: () => undefined,
};
