import { parseEntityRef } from '@backstage/catalog-model';
import { Config } from '@backstage/config';

/** Where apps mount the page of dataset migrations by default. */
const ROOT = '/dataset-migrations';

/** Addresses of pages, for links in logs and outputs. */
export class Pages {
  private readonly base: string;

  constructor(config: Config) {
    this.base = config.getString('app.baseUrl').replace(/\/+$/, '') + ROOT;
  }

  migration(id: string): string {
    return `${this.base}/migrations/${encodeURIComponent(id)}`;
  }

  campaign(id: string): string {
    return `${this.base}/campaigns/${encodeURIComponent(id)}`;
  }

  migrate(datasetRef: string, version: string): string {
    const { kind, namespace, name } = parseEntityRef(datasetRef);
    const path = [kind.toLocaleLowerCase('en-US'), namespace, name]
      .map(encodeURIComponent)
      .join('/');
    return `${this.base}/migrate/${path}?version=${encodeURIComponent(
      version,
    )}`;
  }
}
