import { AuthService } from '@backstage/backend-plugin-api';
import {
  Entity,
  RELATION_CHILD_OF,
  RELATION_MEMBER_OF,
} from '@backstage/catalog-model';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { inBatches } from '../database/inBatches';

const FIELDS = ['kind', 'metadata.name', 'metadata.namespace', 'relations'];

/** Who is in which groups, as the catalog says. */
export class Memberships {
  constructor(
    private readonly options: { auth: AuthService; catalog: CatalogService },
  ) {}

  /** The groups that name users as members; of users that the catalog has. */
  direct(userRefs: readonly string[]): Promise<Map<string, string[]>> {
    return this.targetsOf(userRefs, RELATION_MEMBER_OF);
  }

  /**
   * The same with the groups above them.
   *
   * @param direct - what {@link Memberships.direct} gave of the users
   */
  async withAbove(
    direct: ReadonlyMap<string, string[]>,
  ): Promise<Map<string, Set<string>>> {
    const parents = new Map<string, string[]>();
    let level = new Set([...direct.values()].flat());
    while (level.size > 0) {
      const found = await this.targetsOf([...level], RELATION_CHILD_OF);
      level.forEach(group => parents.set(group, found.get(group) ?? []));
      level = new Set(
        [...found.values()].flat().filter(group => !parents.has(group)),
      );
    }
    return new Map(
      [...direct].map(([user, groups]) => [user, allAbove(groups, parents)]),
    );
  }

  private async targetsOf(
    entityRefs: readonly string[],
    relation: string,
  ): Promise<Map<string, string[]>> {
    const { auth, catalog } = this.options;
    const entities = await inBatches(entityRefs, async batch => {
      const { items } = await catalog.getEntitiesByRefs(
        { entityRefs: batch.map(inLowerCase), fields: FIELDS },
        { credentials: await auth.getOwnServiceCredentials() },
      );
      return items;
    });
    return new Map(
      entityRefs.flatMap((ref, index) => {
        const entity = entities[index];
        return entity ? [[ref, relatedTo(entity, relation)] as const] : [];
      }),
    );
  }
}

/** As the catalog knows them; those of tokens may be spelt otherwise. */
function inLowerCase(entityRef: string): string {
  return entityRef.toLocaleLowerCase('en-US');
}

function relatedTo({ relations = [] }: Entity, relation: string): string[] {
  return relations
    .filter(({ type }) => type === relation)
    .map(({ targetRef }) => targetRef);
}

/** Groups may be above each other in a circle. */
function allAbove(
  groups: readonly string[],
  parents: ReadonlyMap<string, string[]>,
): Set<string> {
  const all = new Set(groups);
  // A set that grows is gone through to its end.
  for (const group of all) {
    parents.get(group)?.forEach(parent => all.add(parent));
  }
  return all;
}
