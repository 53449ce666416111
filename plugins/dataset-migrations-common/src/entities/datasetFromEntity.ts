import { Entity } from '@backstage/catalog-model';
import { NotImplementedError } from '@backstage/errors';
import { Contract } from '../contracts/types';
import { DocumentProblem } from '../documents/problems';
import { MigrationDocument } from '../plan/types';

/**
 * The contracts and migration documents of a dataset entity. `spec.contracts`
 * and `spec.migrations` hold their texts, as the catalog's `$text` leaves them.
 *
 * @returns what could be read, contracts from the lowest version up, and
 *   everything that is wrong, with paths from `spec`
 * @public
 */
export function datasetFromEntity(_entity: Entity): {
  contracts: Contract[];
  documents: MigrationDocument[];
  problems: DocumentProblem[];
} {
  throw new NotImplementedError('datasetFromEntity');
}

/**
 * Whether an entity is a dataset: `kind: Resource, spec.type: dataset`.
 *
 * @public
 */
export function isDatasetEntity(entity: Entity): boolean {
  return (
    entity.kind.toLocaleLowerCase('en-US') === 'resource' &&
    entity.spec?.type === 'dataset'
  );
}
