import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  ConditionalPolicyDecision,
  PermissionCondition,
  PermissionCriteria,
} from '@backstage/plugin-permission-common';
import { createConditionAuthorizer } from '@backstage/plugin-permission-node';
import { ChangeEffect } from '@skein/backstage-plugin-dataset-migrations-common';
import fc from 'fast-check';
import { Knex } from 'knex';
import { openDatabase } from '../database/openDatabase';
import { DatasetAuthorizer } from './DatasetAuthorizer';
import { whereInScope } from './filterDatasets';
import { datasetMigrationsConditions } from './policy';
import { datasetPermissionRules, DatasetPermissionResource } from './rules';

jest.setTimeout(120_000);

const owners = ['group:default/a', "group:default/b'--", 'user:default/c'];
const engines = ['postgres', 'duckdb'];

const severities: ChangeEffect[] = ['breaking', 'risky', 'compatible'];

const datasets: DatasetPermissionResource[] = [undefined, ...owners].flatMap(
  owner =>
    [undefined, ...engines].flatMap(engine =>
      [undefined, ...severities].map(severity => ({
        entityRef: `resource:default/${owner}-${engine}-${severity}`,
        owner,
        engine,
        severity,
      })),
    ),
);

const rules = Object.values(datasetPermissionRules);

const condition: fc.Arbitrary<PermissionCondition> = fc.oneof(
  fc
    .subarray(owners)
    .map(claims => datasetMigrationsConditions.isDatasetOwner({ claims })),
  fc
    .subarray(engines)
    .map(some =>
      datasetMigrationsConditions.hasDatasetEngine({ engines: some }),
    ),
  fc
    .subarray(severities)
    .map(some => datasetMigrationsConditions.hasSeverity({ severities: some })),
) as fc.Arbitrary<PermissionCondition>;

const criteria = fc.letrec<{ any: PermissionCriteria<PermissionCondition> }>(
  tie => ({
    any: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      condition,
      fc.record({ not: tie('any') }),
      fc.record({
        allOf: fc.array(tie('any'), { minLength: 1, maxLength: 3 }),
      }),
      fc.record({
        anyOf: fc.array(tie('any'), { minLength: 1, maxLength: 3 }),
      }),
    ) as fc.Arbitrary<PermissionCriteria<PermissionCondition>>,
  }),
).any;

describe('whereInScope', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;

  beforeAll(async () => {
    knex = await databases.init('POSTGRES_18');
    await openDatabase(mockServices.database({ knex }));
    await knex('datasets').insert(
      datasets.map(({ entityRef, owner, engine, severity }) => ({
        entity_ref: entityRef,
        title: '',
        owner,
        engine,
        severity,
        versions: '[]',
        contracts: '[]',
        documents: '[]',
        problems: '[]',
        content_hash: '',
      })),
    );
  });

  it('lists exactly the datasets that the same conditions allow one by one', async () => {
    const authorize = createConditionAuthorizer(rules);
    await fc.assert(
      fc.asyncProperty(criteria, async conditions => {
        const decision: ConditionalPolicyDecision = {
          result: AuthorizeResult.CONDITIONAL,
          pluginId: 'dataset-migrations',
          resourceType: 'dataset',
          conditions,
        };
        const authorizer = new DatasetAuthorizer({
          permissions: mockServices.permissions.mock({
            authorizeConditional: async () => [decision],
          }),
          permissionsRegistry: mockServices.permissionsRegistry.mock({
            getPermissionRuleset: () =>
              ({
                getRuleByName: (name: string) =>
                  rules.find(rule => rule.name === name),
              } as any),
          }),
          getResource: async () => undefined,
        });
        const query = knex('datasets').select('entity_ref');
        whereInScope(query, await authorizer.scope(null as any, null as any));
        const listed = (await query).map(row => row.entity_ref).sort();

        const allowed = datasets
          .filter(resource => authorize(decision, resource))
          .map(({ entityRef }) => entityRef)
          .sort();
        expect(listed).toEqual(allowed);
      }),
      { numRuns: 200 },
    );
  });
});
