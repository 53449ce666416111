import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Version } from '../torture/Material';
import { mixedRows } from '../torture/mixedRows';

/** One of many small datasets: a table, or a folder with a Parquet file. */
export interface SmallDataset {
  name: string;
  ref: string;
  engine: 'postgres' | 'duckdb';
  /** Its rows are those of {@link mixedRows} for these numbers, both included. */
  series: { from: number; to: number };
  /** Its first row has an amount that is no number, so no migration succeeds. */
  poisoned?: boolean;
  /** Of its entity, besides what all have. */
  spec?: object;
}

export const OWNER = 'group:default/many';
/** Schema of the tables, and folder of the files. */
export const PLACE = 'small';

/** Entities in one file of the catalog, which is read and parsed whole. */
const ENTITIES_PER_FILE = 100;

/** Every other one a table; no two have a row in common. */
export function smallDatasets(options: {
  count: number;
  rows: number;
}): SmallDataset[] {
  const { count, rows } = options;
  return Array.from({ length: count }, (_, index) => {
    const name = `small-${String(index).padStart(5, '0')}`;
    return {
      name,
      ref: `resource:default/${name}`,
      engine: index % 2 === 0 ? 'postgres' : 'duckdb',
      series: { from: index * rows + 1, to: (index + 1) * rows },
    };
  });
}

/**
 * Writes the entities of all datasets and of their owner, each dataset with two
 * versions between which the rows have to be copied.
 *
 * @returns the `target` of a location
 */
export function writeSmallCatalog(
  dir: string,
  datasets: SmallDataset[],
): string {
  mkdirSync(dir, { recursive: true });
  const owner = entity('Group', 'many', { type: 'team', children: [] });
  const entities = [owner, ...datasets.map(entityOf)];
  for (let at = 0; at < entities.length; at += ENTITIES_PER_FILE) {
    writeFileSync(
      join(dir, `many-${at}.yaml`),
      entities.slice(at, at + ENTITIES_PER_FILE).join('\n---\n'),
    );
  }
  return join(dir, 'many-*.yaml');
}

function entityOf(dataset: SmallDataset): string {
  const { from, to, steps } = versionsOf(dataset);
  return entity('Resource', dataset.name, {
    type: 'dataset',
    owner: OWNER,
    contracts: [from, to].map(version => JSON.stringify(version)),
    migrations: [
      JSON.stringify({
        kind: 'DatasetMigration',
        from: from.version,
        to: to.version,
        steps,
      }),
    ],
    ...dataset.spec,
  });
}

/** The contracts of a dataset, and the steps between them. */
export function versionsOf(dataset: SmallDataset) {
  return {
    from: contract(dataset, '1.0.0'),
    to: contract(dataset, '2.0.0'),
    steps: mixedRows.steps,
  };
}

/** JSON is YAML. */
function entity(kind: string, name: string, spec: object): string {
  return JSON.stringify({
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { name },
    spec,
  });
}

function contract({ name, engine }: SmallDataset, version: Version) {
  return {
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: name,
    version,
    status: version === '1.0.0' ? 'active' : 'proposed',
    servers: [
      engine === 'postgres'
        ? {
            server: 'many',
            type: 'postgresql',
            // ODCS wants a host and a port; the operator's config says the real ones.
            host: 'many.example.org',
            port: 5432,
            database: 'many',
            schema: PLACE,
          }
        : {
            server: 'many',
            type: 'local',
            path: `${PLACE}/${name}`,
            format: 'parquet',
          },
    ],
    schema: [
      {
        name,
        physicalName: name,
        logicalType: 'object',
        properties: mixedRows.columns[version],
      },
    ],
  };
}
