import {
  Entity,
  parseEntityRef,
  RELATION_DEPENDS_ON,
  RELATION_OWNED_BY,
  RELATION_PART_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';

/**
 * A ref from a request in the form in which the catalog has it: all parts, in
 * lower case.
 * @throws InputError naming field and value
 */
export function normalizeEntityRef(ref: string, field: string): string {
  try {
    return stringifyEntityRef(parseEntityRef(ref));
  } catch (error) {
    throw new InputError(`${field} '${ref}' is no entity ref`, error);
  }
}

/** Entity ref of the owner, as the catalog resolved it. */
export function ownerOf(entity: Entity): string | undefined {
  return relationsOf(entity, RELATION_OWNED_BY)[0];
}

/** Entity ref of the system that the entity is part of. */
export function systemOf(entity: Entity): string | undefined {
  return relationsOf(entity, RELATION_PART_OF).find(ref =>
    ref.startsWith('system:'),
  );
}

/** Refs of the entities that the entity depends on, sorted. */
export function dependenciesOf(entity: Entity): string[] {
  return [...new Set(relationsOf(entity, RELATION_DEPENDS_ON))].sort();
}

/** Title for people, or else the name. */
export function titleOf(entity: Entity): string {
  return entity.metadata.title ?? entity.metadata.name;
}

/** The targets of the entity's relations of one type. */
export function relationsOf(entity: Entity, type: string): string[] {
  return (entity.relations ?? [])
    .filter(relation => relation.type === type)
    .map(relation => relation.targetRef.toLocaleLowerCase('en-US'));
}
