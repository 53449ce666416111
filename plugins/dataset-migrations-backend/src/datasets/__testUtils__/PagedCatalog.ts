import { Entity, stringifyEntityRef } from '@backstage/catalog-model';

/**
 * Hands entities out page by page and counts the requests. What the filters
 * mean is the real catalog's business, see plugin.test.ts.
 */
export class PagedCatalog {
  entities: Entity[] = [];
  requests = 0;

  async getEntityByRef(ref: string) {
    this.requests += 1;
    return this.entities.find(entity => stringifyEntityRef(entity) === ref);
  }

  async getEntitiesByRefs({ entityRefs }: { entityRefs: string[] }) {
    this.requests += 1;
    return {
      items: entityRefs.map(ref =>
        this.entities.find(entity => stringifyEntityRef(entity) === ref),
      ),
    };
  }

  async *streamEntities({ pageSize = 500, query, filter }: any) {
    const datasets = JSON.stringify(query ?? filter).includes('spec.type');
    const named = (filter ?? query.$any)?.find(
      (one: object) => 'metadata.name' in one,
    );
    const matching = this.entities.filter(
      ({ kind, metadata }) =>
        (kind === 'Resource') === datasets ||
        metadata.name === named?.['metadata.name'],
    );
    for (let at = 0; at === 0 || at < matching.length; at += pageSize) {
      this.requests += 1;
      yield matching.slice(at, at + pageSize);
    }
  }
}
