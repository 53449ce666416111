import {
  activeMigrationStates,
  DatasetSummary,
  ListDatasetsRequest,
  Page,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { decodeCursor, encodeCursor } from '../api/cursors';
import { ConsumerStore } from '../consumers/ConsumerStore';
import { containing } from '../database/containing';
import { DatasetScope, whereInScope } from '../permissions/filterDatasets';
import { DatasetRow, fromDatasetRow } from './DatasetStore';
import { DatasetRecord } from './types';

const DEFAULT_LIMIT = 20;

/**
 * A page of the datasets within a scope, by entity ref: a fixed number of
 * statements, whatever the number of datasets.
 */
export async function listDatasets(
  knex: Knex,
  request: ListDatasetsRequest,
  scope: DatasetScope,
): Promise<Page<DatasetSummary>> {
  const limit = request.limit ?? DEFAULT_LIMIT;
  const matching = filterDatasets(knex, request);
  whereInScope(matching, scope);

  const page = matching
    .clone()
    .orderBy('entity_ref')
    .limit(limit + 1);
  if (request.cursor !== undefined) {
    const [after] = decodeCursor('datasets', [/^[^\0]+$/], request.cursor);
    page.where('entity_ref', '>', after);
  }
  const [rows, [{ count }]]: [DatasetRow[], Array<{ count: string }>] =
    await Promise.all([page, matching.clone().count({ count: '*' })]);
  const items = rows.slice(0, limit).map(fromDatasetRow);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: await summarizeDatasets(knex, items),
    nextCursor: last && encodeCursor('datasets', [last.entity_ref]),
    totalItems: Number(count),
  };
}

/** Adds what other tables know: number of consumers, active migration. */
export async function summarizeDatasets(
  knex: Knex,
  datasets: DatasetRecord[],
): Promise<DatasetSummary[]> {
  const refs = datasets.map(dataset => dataset.entityRef);
  const [consumerCounts, active] = await Promise.all([
    new ConsumerStore(knex).countByDataset(refs),
    activeMigrations(knex, refs),
  ]);
  return datasets.map(dataset => ({
    entityRef: dataset.entityRef,
    title: dataset.title,
    description: dataset.description,
    owner: dataset.owner,
    system: dataset.system,
    engine: dataset.engine,
    currentVersion: dataset.currentVersion,
    nextVersion: dataset.nextVersion,
    versions: dataset.versions,
    problems: dataset.problems,
    consumerCount: consumerCounts.get(dataset.entityRef) ?? 0,
    activeMigration: active.get(dataset.entityRef),
  }));
}

/** The datasets that match, whoever may see them. */
export function filterDatasets(
  knex: Knex,
  request: ListDatasetsRequest,
): Knex.QueryBuilder {
  const { search, owner, engine, status } = request;
  const query = knex('datasets');
  if (search !== undefined) {
    const pattern = containing(search);
    query.where(either =>
      either.whereILike('entity_ref', pattern).orWhereILike('title', pattern),
    );
  }
  if (owner !== undefined) {
    query.where('owner', owner);
  }
  if (engine !== undefined) {
    query.where('engine', engine);
  }
  if (status === 'upgradable') {
    query.whereNotNull('next_version');
  } else if (status === 'problem') {
    query.whereRaw(`problems <> '[]'::jsonb`);
  } else if (status === 'active') {
    query.whereIn(
      'entity_ref',
      knex('migrations')
        .select('dataset_ref')
        .whereIn('state', [...activeMigrationStates]),
    );
  }
  return query;
}

async function activeMigrations(
  knex: Knex,
  datasetRefs: string[],
): Promise<Map<string, DatasetSummary['activeMigration']>> {
  const rows = await knex('migrations')
    .select('id', 'dataset_ref', 'state', 'stage')
    .whereRaw('dataset_ref = any(?)', [datasetRefs])
    .whereIn('state', [...activeMigrationStates]);
  return new Map(
    rows.map(row => [
      row.dataset_ref,
      { id: row.id, state: row.state, stage: row.stage ?? undefined },
    ]),
  );
}
