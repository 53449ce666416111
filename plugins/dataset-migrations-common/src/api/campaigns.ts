import {
  Campaign,
  CampaignAction,
  CampaignDataset,
  CampaignSummary,
  CreateCampaignRequest,
  ListCampaignDatasetsRequest,
  ListCampaignsRequest,
} from '../campaigns/types';
import { RequestOptions, RestClient } from './RestClient';
import { Page } from './types/page';

/**
 * The routes of campaigns, typed; they fail as those of `DatasetMigrationsApi`.
 *
 * @public
 */
export interface CampaignsApi {
  /** Answers at once; the dry run goes on in the background. */
  create(
    request: CreateCampaignRequest,
    options?: RequestOptions & { idempotencyKey?: string },
  ): Promise<Campaign>;
  /** Newest first. */
  list(
    request?: ListCampaignsRequest,
    options?: RequestOptions,
  ): Promise<Page<CampaignSummary>>;
  get(id: string, options?: RequestOptions): Promise<Campaign>;
  /** In the order in which they are started. */
  listDatasets(
    id: string,
    request?: ListCampaignDatasetsRequest,
    options?: RequestOptions,
  ): Promise<Page<CampaignDataset>>;
  /** All of them as CSV (RFC 4180). */
  getDatasetsCsv(id: string, options?: RequestOptions): Promise<string>;
  act(
    id: string,
    action: CampaignAction,
    options?: RequestOptions,
  ): Promise<Campaign>;
}

/** The same over HTTP. */
export class CampaignsClient implements CampaignsApi {
  constructor(private readonly rest: RestClient) {}

  create(
    request: CreateCampaignRequest,
    options?: RequestOptions & { idempotencyKey?: string },
  ) {
    return this.rest.post<Campaign>('/campaigns', request, options);
  }

  list(request: ListCampaignsRequest = {}, options?: RequestOptions) {
    return this.rest.get<Page<CampaignSummary>>(
      '/campaigns',
      { ...request },
      options,
    );
  }

  get(id: string, options?: RequestOptions) {
    return this.rest.get<Campaign>(campaignPath(id), {}, options);
  }

  listDatasets(
    id: string,
    request: ListCampaignDatasetsRequest = {},
    options?: RequestOptions,
  ) {
    return this.rest.get<Page<CampaignDataset>>(
      `${campaignPath(id)}/datasets`,
      { ...request },
      options,
    );
  }

  getDatasetsCsv(id: string, options?: RequestOptions) {
    return this.rest.getText(`${campaignPath(id)}/datasets.csv`, {}, options);
  }

  act(id: string, action: CampaignAction, options?: RequestOptions) {
    return this.rest.post<Campaign>(
      `${campaignPath(id)}/${action}`,
      {},
      options,
    );
  }
}

function campaignPath(id: string): string {
  return `/campaigns/${encodeURIComponent(id)}`;
}
