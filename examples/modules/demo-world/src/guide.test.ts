import { readFileSync } from 'fs';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { Entity } from '@backstage/catalog-model';
import {
  createPlan,
  datasetFromEntity,
  initPlanning,
  judgeConsumers,
  parseConsumerDeclarations,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import yaml from 'yaml';
import { resolveText } from './resolveText';

/** What docs/guides/add-a-dataset.md has its readers write. */
const blocks = [...readGuide().matchAll(/^```yaml\n(.*?)^```$/gms)].map(
  ([, text]) => text,
);

describe('the guide that describes a dataset', () => {
  beforeAll(() => initPlanning());

  it('leads to valid contracts, a plan, and the verdict that it names', () => {
    const { contracts, documents, problems } = datasetFromEntity(
      entityOf('Resource'),
    );
    expect(problems).toEqual([]);
    expect(contracts.map(({ status }) => status)).toEqual([
      'active',
      'proposed',
    ]);

    const [from, to] = contracts;
    const plan = createPlan({ from, to, document: documents[0] });
    expect(plan.changes.map(({ kind }) => kind).sort()).toEqual([
      'field-added',
      'field-renamed',
      'type-changed',
    ]);
    expect(() => createPlan({ from, to })).toThrow(/route/);

    const verdicts = judgeConsumers({
      consumers: parseConsumerDeclarations(entityOf('Component')),
      changes: plan.changes,
      toVersion: to.version,
      fields: from.schema.fields.map(({ name }) => name),
    });
    expect(verdicts).toMatchObject([
      {
        verdict: 'breaks',
        reasons: [
          expect.stringContaining('`delay`'),
          expect.stringContaining('^1.0.0'),
        ],
      },
    ]);
  });
});

function readGuide(): string {
  return readFileSync(
    resolvePackagePath(
      '@skein-examples/demo-world',
      '../../../docs/guides/add-a-dataset.md',
    ),
    'utf8',
  );
}

/** The guide's entity of that kind; the paths of `$text` name the guide's files. */
function entityOf(kind: string): Entity {
  const entities = blocks.map(text => resolveText(yaml.parse(text), fileOf));
  return entities.find(entity => (entity as Entity).kind === kind) as Entity;
}

/** A file of the guide says its path in its first line. */
function fileOf(path: string): string {
  return blocks.find(text =>
    text.startsWith(`# ${path.slice('./'.length)}\n`),
  )!;
}
