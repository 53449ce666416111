import { OWNER } from './hostileWorld';

/** A dataset that must not be migrated. */
export interface HostileDataset {
  name: string;
  spec: object;
  owner?: string;
  targetVersion?: string;
  /**
   * Refused at the start with this status, or started and failed: where only
   * the data show what is wrong.
   */
  ends: 400 | 404 | 'failed';
  /** What the message must name. */
  names: RegExp[];
}

type Property = Record<string, unknown> & { name: string };

export const id: Property = {
  id: 'id',
  name: 'id',
  logicalType: 'integer',
  physicalType: 'bigint',
  required: true,
  primaryKey: true,
  primaryKeyPosition: 1,
};
export const customer: Property = {
  id: 'customer',
  name: 'customer',
  logicalType: 'string',
  physicalType: 'text',
  required: true,
};
export const amount: Property = {
  id: 'amount',
  name: 'amount',
  logicalType: 'string',
  physicalType: 'text',
};
export const fields = [id, customer, amount];

export const table = {
  server: 'warehouse',
  type: 'postgres',
  host: 'evil.example.org',
  port: 5432,
  database: 'warehouse',
  schema: 'public',
};
export const folder = {
  server: 'files',
  type: 'local',
  path: 'orders',
  format: 'csv',
};

interface ContractOptions {
  version?: string;
  status?: string;
  server?: object;
  object?: string;
  properties?: Property[];
  more?: object;
}

export function contract({
  version = '1.0.0',
  status = version === '1.0.0' ? 'active' : 'proposed',
  server = table,
  object = 'orders',
  properties = fields,
  more = {},
}: ContractOptions = {}): string {
  return JSON.stringify({
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: 'orders',
    version,
    status,
    servers: [server],
    schema: [{ name: 'orders', physicalName: object, properties }],
    ...more,
  });
}

/** Both versions at another place. */
export const placed = (
  name: string,
  place: Pick<ContractOptions, 'server' | 'object'>,
  ...names: RegExp[]
): HostileDataset => ({
  name,
  spec: {
    contracts: [
      contract(place),
      contract({
        ...place,
        version: '2.0.0',
        properties: [id, { ...customer, name: 'buyer' }, amount],
      }),
    ],
  },
  ends: 400,
  names,
});

/** Contracts of which one is not what it should be. */
export const contracts = (
  name: string,
  texts: unknown,
  ...names: RegExp[]
): HostileDataset => ({
  name,
  spec: { contracts: texts },
  ends: 400,
  names,
});

/** A step that yields the field `derived` of version 2.0.0 by an expression. */
export const expression = (
  name: string,
  text: string,
  ...names: RegExp[]
): HostileDataset =>
  steps(
    name,
    [
      {
        agent: 'derive-field',
        payload: { field: 'derived', expression: text },
      },
    ],
    [
      ...fields,
      {
        id: 'derived',
        name: 'derived',
        logicalType: 'string',
        physicalType: 'text',
      },
    ],
    400,
    ...names,
  );

export function steps(
  name: string,
  document: object[],
  properties: Property[],
  ends: HostileDataset['ends'],
  ...names: RegExp[]
): HostileDataset {
  return {
    name,
    spec: {
      contracts: [contract(), contract({ version: '2.0.0', properties })],
      migrations: [
        JSON.stringify({
          kind: 'DatasetMigration',
          from: '1.0.0',
          to: '2.0.0',
          steps: document,
        }),
      ],
    },
    ends,
    names,
  };
}

export const renamed = [id, { ...customer, name: 'buyer' }, amount];
export const numeric = [
  id,
  customer,
  { ...amount, logicalType: 'integer', physicalType: 'bigint' },
];
export const cast = {
  agent: 'cast-type',
  payload: { field: 'amount', onFailure: 'refuse' },
};

/** The dataset next to the hostile ones that means well. */
export const honest = {
  contracts: [contract(), contract({ version: '2.0.0', properties: renamed })],
};

/** The entities of the cases, in their order. */
export function entitiesOf(cases: HostileDataset[]): object[] {
  return cases.map((one, index) => entity(nameOf(index), one.spec, one.owner));
}

export function nameOf(index: number): string {
  return `hostile-${index}`;
}

export function entity(name: string, spec: object, owner = OWNER): object {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: { name },
    spec: { type: 'dataset', owner, ...spec },
  };
}
