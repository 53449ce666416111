import {
  fieldsOf,
  hasSeveralObjects,
  ImperativeAgentPlan,
  objectsOf,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import {
  consumerDeclarationProblems,
  builtInAgents,
  createPlan,
  datasetFromEntity,
  initPlanning,
  isDatasetEntity,
  judgeConsumers,
  parseConsumerDeclarations,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { readDemoCatalog } from './readDemoCatalog';

const entities = readDemoCatalog();
const datasets = entities.filter(isDatasetEntity);
const refs = new Set(entities.map(entity => stringifyEntityRef(entity)));
const consumers = entities
  .filter(({ kind }) => kind === 'Component')
  .flatMap(parseConsumerDeclarations);

/** The example in Python, as far as plans know it. */
const searchKey: ImperativeAgentPlan<{ field: string; into: string }> = {
  kind: 'imperative',
  id: 'search-key',
  description: 'Writes a text without accents and in lower case',
  payloadSchema: { type: 'object', required: ['field', 'into'] },
  output: ({ into }, fields, target) => [...fields, target(into)!],
};

function planOf(name: string, fromVersion: string, toVersion: string) {
  const entity = datasets.find(({ metadata }) => metadata.name === name)!;
  const { contracts, documents } = datasetFromEntity(entity);
  const from = contracts.find(({ version }) => version === fromVersion)!;
  const plan = createPlan({
    from,
    to: contracts.find(({ version }) => version === toVersion)!,
    document: documents.find(
      document => document.from === fromVersion && document.to === toVersion,
    ),
    agents: [...builtInAgents, searchKey],
  });
  return { from, plan };
}

describe('the demo world', () => {
  beforeAll(() => initPlanning());

  it('has at least fourteen consumers of its datasets', () => {
    const names = new Set(consumers.map(({ entityRef }) => entityRef));
    expect(names.size).toBeGreaterThanOrEqual(14);
    for (const { datasetRef } of consumers) {
      expect(refs).toContain(datasetRef);
    }
  });

  it('refers only to entities that it has', () => {
    for (const { spec } of entities) {
      const {
        owner,
        system,
        domain,
        dependsOn = [],
      } = (spec ?? {}) as {
        [key: string]: any;
      };
      const named = [
        owner,
        system && `system:${system}`,
        domain && `domain:${domain}`,
        ...dependsOn,
      ].filter(Boolean);
      for (const ref of named) {
        expect(refs).toContain(stringifyEntityRef(parseEntityRef(ref)));
      }
    }
  });

  it('has valid contracts and migration documents, one of them active', () => {
    for (const entity of datasets) {
      const { contracts, problems } = datasetFromEntity(entity);
      expect(problems).toEqual([]);
      expect(
        contracts.filter(({ status }) => status === 'active'),
      ).toHaveLength(1);
    }
  });

  it('has exactly one declaration that is wrong, on purpose', () => {
    const wrong = entities.flatMap(entity =>
      consumerDeclarationProblems(entity).map(
        ({ path }) => `${entity.metadata.name} ${path}`,
      ),
    );
    expect(wrong).toEqual(['ticket-pricing spec.consumesDatasets[0].version']);
  });

  it.each`
    dataset              | from       | to         | steps         | bump       | blocking
    ${'flights'}         | ${'1.0.0'} | ${'2.0.0'} | ${'document'} | ${'major'} | ${[]}
    ${'flights'}         | ${'1.0.0'} | ${'3.0.0'} | ${'document'} | ${'major'} | ${['airport-board', 'carbon-report']}
    ${'flights'}         | ${'2.0.0'} | ${'3.0.0'} | ${'document'} | ${'major'} | ${['airport-board', 'carbon-report']}
    ${'flights-table'}   | ${'1.0.0'} | ${'2.0.0'} | ${'document'} | ${'major'} | ${['claims-desk', 'delay-dashboard', 'punctuality-mailer', 'ticket-pricing']}
    ${'routes'}          | ${'1.0.0'} | ${'2.0.0'} | ${'document'} | ${'major'} | ${['slot-auction']}
    ${'zipcodes'}        | ${'1.0.0'} | ${'1.1.0'} | ${'derived'}  | ${'minor'} | ${[]}
    ${'zipcodes'}        | ${'1.0.0'} | ${'2.0.0'} | ${'document'} | ${'major'} | ${['lounge-locator', 'sales-territories']}
    ${'zipcodes'}        | ${'1.1.0'} | ${'2.0.0'} | ${'document'} | ${'major'} | ${['lounge-locator', 'sales-territories']}
    ${'birdstrikes'}     | ${'1.0.0'} | ${'2.0.0'} | ${'derived'}  | ${'major'} | ${['wildlife-map']}
    ${'movies'}          | ${'1.0.0'} | ${'2.0.0'} | ${'document'} | ${'major'} | ${[]}
    ${'movies'}          | ${'1.0.0'} | ${'3.0.0'} | ${'document'} | ${'major'} | ${[]}
    ${'movies'}          | ${'3.0.0'} | ${'3.1.0'} | ${'document'} | ${'minor'} | ${[]}
    ${'seattle-weather'} | ${'1.0.0'} | ${'1.1.0'} | ${'derived'}  | ${'minor'} | ${[]}
  `(
    'plans $dataset $from to $to as the README says',
    ({ dataset, from, to, steps, bump, blocking }) => {
      const { plan, from: contract } = planOf(dataset, from, to);
      expect(plan.stepsFrom).toBe(steps);
      expect(plan.requiredBump).toBe(bump);
      const verdicts = judgeConsumers({
        consumers: consumers.filter(
          ({ datasetRef }) => datasetRef === `resource:default/${dataset}`,
        ),
        changes: plan.changes,
        toVersion: to,
        fields: fieldsOf(contract).map(({ name }) => name),
        ...(hasSeveralObjects(contract) && {
          // None is renamed.
          objects: objectsOf(contract).map(({ name }) => ({
            from: name,
            to: name,
          })),
        }),
      });
      const names = verdicts
        .filter(verdict => verdict.blocking)
        .map(({ consumer }) => parseEntityRef(consumer.entityRef).name);
      expect(names.sort()).toEqual(blocking);
    },
  );
});
