/**
 * From a consumer to a dataset that it declares in `spec.consumesDatasets`.
 *
 * @public
 */
export const RELATION_CONSUMES_DATASET = 'consumesDataset';

/**
 * From a dataset to an entity that declares to consume it.
 *
 * @public
 */
export const RELATION_DATASET_CONSUMED_BY = 'datasetConsumedBy';
