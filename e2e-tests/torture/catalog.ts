import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Material, Version } from './Material';

/** What the torture migrates: the same rows, once in each engine. */
export type Subject = 'table' | 'files';

export const subjects: readonly Subject[] = ['table', 'files'];

export function datasetRef(subject: Subject): string {
  return `resource:default/torture-${subject}`;
}

const OWNER = 'group:default/torture';

const servers: Record<Subject, object> = {
  table: {
    server: 'torture',
    type: 'postgresql',
    // ODCS wants a host and a port; the operator's config says the real ones.
    host: 'torture.example.org',
    port: 5432,
    database: 'torture',
    schema: 'public',
  },
  files: { server: 'torture', type: 'local', path: 'rows', format: 'parquet' },
};

function contract(
  subject: Subject,
  version: Version,
  { columns }: Material,
): string {
  return JSON.stringify({
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: `torture-${subject}`,
    version,
    status: version === '1.0.0' ? 'active' : 'proposed',
    servers: [servers[subject]],
    schema: [
      {
        name: 'rows',
        physicalName: 'rows',
        logicalType: 'object',
        properties: columns[version],
      },
    ],
  });
}

const document = ({ steps }: Material) =>
  JSON.stringify({
    kind: 'DatasetMigration',
    from: '1.0.0',
    to: '2.0.0',
    steps,
  });

/** A consumer of every subject. */
export interface DeclaredReader {
  name: string;
  /** The versions that it accepts. */
  version: string;
  fields: string[];
}

/** Writes the catalog of the torture world; gives its file. */
export function writeCatalog(
  dir: string,
  material: Material,
  readers: DeclaredReader[] = [],
): string {
  mkdirSync(dir, { recursive: true });
  const entities: object[] = [
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Group',
      metadata: { name: 'torture' },
      spec: { type: 'team', children: [] },
    },
    ...subjects.map(subject => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Resource',
      metadata: { name: `torture-${subject}` },
      spec: {
        type: 'dataset',
        owner: OWNER,
        contracts: [
          contract(subject, '1.0.0', material),
          contract(subject, '2.0.0', material),
        ],
        migrations: [document(material)],
      },
    })),
    ...readers.map(({ name, version, fields }) => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name },
      spec: {
        type: 'service',
        lifecycle: 'production',
        owner: OWNER,
        consumesDatasets: subjects.map(subject => ({
          dataset: datasetRef(subject),
          version,
          fields,
        })),
      },
    })),
  ];
  const file = join(dir, 'torture.yaml');
  writeFileSync(file, toYaml(entities));
  return file;
}

/** Entities as a YAML file; JSON is YAML. */
function toYaml(entities: object[]): string {
  return entities.map(entity => JSON.stringify(entity)).join('\n---\n');
}

/** Config that lets the engines reach what the torture migrates, and no more. */
export function tortureConfig(options: {
  warehouse: string;
  filesRoot: string;
  catalogFile: string;
}): object {
  return {
    catalog: {
      rules: [{ allow: ['Component', 'Resource', 'Group', 'Location'] }],
      locations: [{ type: 'file', target: options.catalogFile }],
      // To look at them again and again would keep the portal busy.
      processingInterval: { hours: 24 },
    },
    datasetMigrations: {
      catalog: { reconcileEvery: { seconds: 5 } },
      engines: {
        postgres: {
          chunkRows: 10_000,
          connections: [
            {
              name: 'torture',
              connection: options.warehouse,
              bindings: [{ schema: 'public', owners: [OWNER] }],
            },
          ],
        },
        duckdb: {
          chunkRows: 25_000,
          roots: [
            {
              name: 'torture',
              path: options.filesRoot,
              bindings: [{ prefix: 'rows', owners: [OWNER] }],
            },
          ],
        },
      },
    },
  };
}
