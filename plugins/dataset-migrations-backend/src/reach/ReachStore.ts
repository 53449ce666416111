import {
  Contract,
  fieldsOf,
  hasSeveralObjects,
  objectsOf,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { whereDependsOn } from '../datasets/DatasetStore';
import { FieldFlow } from '../fieldUse/lineage/matchOutputs';
import { DatasetScope, whereInScope } from '../permissions/filterDatasets';
import { OutputLineage, ReachDataset } from './types';

interface DatasetRow {
  entity_ref: string;
  title: string;
  owner: string | null;
  depends_on: string[];
}

interface LineageRow {
  consumer_ref: string;
  job: string;
  dataset_ref: string;
  told: string[];
  flows: FieldFlow[];
}

/**
 * What a reach reads of the tables `datasets` and `field_lineage`: one statement for
 * any number of datasets.
 */
export class ReachStore {
  constructor(private readonly knex: Knex) {}

  /**
   * The datasets that depend on one of the entities, or are one of them, by entity ref:
   * the first ones of many, without their fields.
   */
  async derived(
    entityRefs: readonly string[],
    limit: number,
  ): Promise<ReachDataset[]> {
    const rows: DatasetRow[] = await this.knex('datasets')
      .select('entity_ref', 'title', 'owner', 'depends_on')
      .whereRaw('entity_ref = any(?)', [[...entityRefs]])
      .orWhere(query => whereDependsOn(query, entityRefs))
      .orderBy('entity_ref')
      .limit(limit);
    return rows.map(row => ({
      entityRef: row.entity_ref,
      title: row.title,
      owner: row.owner ?? undefined,
      dependsOn: row.depends_on,
    }));
  }

  /** What runs told of the datasets that they wrote. */
  async lineageOf(datasetRefs: readonly string[]): Promise<OutputLineage[]> {
    const rows: LineageRow[] = await this.knex('field_lineage')
      .select('consumer_ref', 'job', 'dataset_ref', 'told', 'flows')
      .whereRaw('dataset_ref = any(?)', [[...datasetRefs]])
      .orderBy(['dataset_ref', 'consumer_ref', 'job']);
    return rows.map(row => ({
      consumerRef: row.consumer_ref,
      job: row.job,
      datasetRef: row.dataset_ref,
      told: row.told,
      flows: row.flows,
    }));
  }

  /** The fields of the current contracts, of those datasets that have one. */
  async fieldsOf(
    datasetRefs: readonly string[],
  ): Promise<Map<string, Pick<ReachDataset, 'fields' | 'objects'>>> {
    const { rows } = await this.knex.raw(
      `SELECT datasets.entity_ref, contract
       FROM datasets, jsonb_array_elements(contracts) AS contract
       WHERE datasets.entity_ref = any(?)
         AND contract ->> 'version' = datasets.current_version`,
      [[...datasetRefs]],
    );
    return new Map(
      (rows as Array<{ entity_ref: string; contract: Contract }>).map(row => [
        row.entity_ref,
        namesIn(row.contract),
      ]),
    );
  }

  /** Those of the datasets that are within a scope. */
  async within(
    datasetRefs: readonly string[],
    scope: DatasetScope,
  ): Promise<Set<string>> {
    const query = this.knex('datasets').whereRaw('entity_ref = any(?)', [
      [...datasetRefs],
    ]);
    whereInScope(query, scope);
    return new Set(await query.pluck('entity_ref'));
  }
}

function namesIn(contract: Contract): Pick<ReachDataset, 'fields' | 'objects'> {
  const fields = fieldsOf(contract).map(({ name }) => name);
  return hasSeveralObjects(contract)
    ? {
        fields,
        objects: objectsOf(contract).map(({ name }) => ({
          from: name,
          to: name,
        })),
      }
    : { fields };
}
