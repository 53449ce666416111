import { Entity } from '@backstage/catalog-model';
import { NotImplementedError } from '@backstage/errors';
import { DocumentProblem } from '../documents/problems';
import { DeclaredConsumer } from '../compatibility/types';

/**
 * What an entity says about the datasets it reads: one consumer for each entry
 * of `spec.consumesDatasets`, and one without details for each other resource
 * of `spec.dependsOn`, which may or may not be a dataset. A bad entry that
 * names its dataset becomes a consumer with a `problem`.
 *
 * @public
 */
export function parseConsumerDeclarations(_entity: Entity): DeclaredConsumer[] {
  throw new NotImplementedError('parseConsumerDeclarations');
}

/**
 * Everything that is wrong in `spec.consumesDatasets`, with path and value.
 *
 * @public
 */
export function consumerDeclarationProblems(
  _entity: Entity,
): DocumentProblem[] {
  throw new NotImplementedError('consumerDeclarationProblems');
}
