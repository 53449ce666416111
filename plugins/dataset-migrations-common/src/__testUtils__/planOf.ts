import { JsonObject } from '@backstage/types';
import { Contract, Field } from '../contracts/types';
import { createPlan } from '../plan/createPlan';
import { MigrationPlan } from '../plan/types';

/** An optional text, unless said otherwise. */
export const field = (name: string, more: Partial<Field> = {}): Field => ({
  name,
  type: { kind: 'string' },
  required: false,
  unique: false,
  ...more,
});

const contract = (version: string, fields: Field[]): Contract => ({
  id: 'x',
  version,
  status: 'active',
  servers: [],
  schema: { name: 'x', physicalName: 'x', fields },
});

/** The plan that a document with these steps gives, from 1.0.0 to 2.0.0. */
export function plan(
  before: Field[],
  after: Field[],
  ...steps: Array<[string, JsonObject]>
): MigrationPlan {
  return createPlan({
    from: contract('1.0.0', before),
    to: contract('2.0.0', after),
    document: {
      kind: 'DatasetMigration',
      from: '1.0.0',
      to: '2.0.0',
      steps: steps.map(([agent, payload]) => ({ agent, payload })),
    },
  });
}
