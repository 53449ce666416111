import {
  Campaign,
  CampaignAction,
  CampaignDataset,
  CampaignSummary,
  CreateCampaignRequest,
  ListCampaignDatasetsRequest,
  ListCampaignsRequest,
  Page,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { createHash, randomUUID } from 'node:crypto';
import {
  appendCampaignEvent,
  listCampaignEvents,
} from '../database/operations/campaigns/campaignEvents';
import {
  countCampaignDatasets,
  endedPerMinute,
} from '../database/operations/campaigns/countCampaignDatasets';
import { createCampaign } from '../database/operations/campaigns/createCampaign';
import { getCampaign } from '../database/operations/campaigns/getCampaign';
import {
  listCampaignDatasets,
  listUpstreams,
} from '../database/operations/campaigns/listCampaignDatasets';
import { listCampaigns } from '../database/operations/campaigns/listCampaigns';
import { DatasetScope } from '../permissions/filterDatasets';
import { Initiator } from '../permissions/initiators';
import { actOnCampaign } from './actOnCampaign';
import { campaignDatasetsForScope, campaignForScope } from './forScope';
import { readCampaignRequest } from './readCampaignRequest';
import {
  toApiCampaign,
  toApiCampaignDataset,
  toApiCampaignSummary,
} from './toApi';
import { csvHeader, toCsv } from './toCsv';
import { CampaignRecord } from './types';

/** Over so many minutes the pace of a campaign is measured. */
const PACE_MINUTES = 5;
const SHOWN_EVENTS = 50;
const CSV_PAGE = 1_000;

/** What people ask of campaigns; the work is done by `CampaignRunner`. */
export class CampaignService {
  constructor(private readonly knex: Knex) {}

  /**
   * Writes a campaign down; its datasets are selected and planned in the
   * background.
   *
   * @throws InputError; ConflictError when the key was used for another request
   */
  async create(options: {
    request: CreateCampaignRequest;
    initiator: Initiator;
    idempotencyKey?: string;
  }): Promise<Campaign> {
    const { initiator, idempotencyKey } = options;
    const request = readCampaignRequest(options.request);
    const record = await this.knex.transaction(async trx => {
      const result = await createCampaign(trx, {
        id: randomUUID(),
        title: request.title,
        description: request.description,
        createdBy: initiator.subject,
        initiator,
        request,
        idempotencyKey,
        requestHash: createHash('sha256')
          .update(JSON.stringify(request))
          .digest('hex'),
      });
      if (result.created) {
        await appendCampaignEvent(trx, result.record.id, {
          message: `Created, by ${initiator.subject}`,
        });
      }
      return result.record;
    });
    return this.show(record);
  }

  async list(request: ListCampaignsRequest): Promise<Page<CampaignSummary>> {
    const page = await listCampaigns(this.knex, request);
    const ids = page.items.map(({ id }) => id);
    const [counts, pace] = await Promise.all([
      countCampaignDatasets(this.knex, ids),
      endedPerMinute(this.knex, ids, PACE_MINUTES),
    ]);
    return {
      ...page,
      items: page.items.map(record =>
        toApiCampaignSummary(
          record,
          counts.get(record.id)!,
          pace.get(record.id),
        ),
      ),
    };
  }

  /** @throws NotFoundError */
  async get(id: string, scope: DatasetScope): Promise<Campaign> {
    const campaign = await this.show(await getCampaign(this.knex, id));
    return campaignForScope(this.knex, campaign, scope);
  }

  /** @throws NotFoundError; InputError for a cursor of another list */
  async datasets(
    id: string,
    request: ListCampaignDatasetsRequest,
    scope: DatasetScope,
  ): Promise<Page<CampaignDataset>> {
    await getCampaign(this.knex, id);
    const page = await listCampaignDatasets(this.knex, id, request, scope);
    const upstreams = await listUpstreams(
      this.knex,
      id,
      page.items.map(({ datasetRef }) => datasetRef),
    );
    const items = page.items.map(record =>
      toApiCampaignDataset(record, upstreams.get(record.datasetRef)),
    );
    return {
      ...page,
      items: await campaignDatasetsForScope(this.knex, items, scope),
    };
  }

  /** All datasets as CSV, some thousand characters at a time. */
  async *csv(id: string, scope: DatasetScope): AsyncIterable<string> {
    yield csvHeader();
    let cursor: string | undefined;
    do {
      const page = await this.datasets(id, { cursor, limit: CSV_PAGE }, scope);
      if (page.items.length > 0) {
        yield toCsv(page.items);
      }
      cursor = page.nextCursor;
    } while (cursor);
  }

  /** @throws NotFoundError; ConflictError when its state does not allow it */
  async act(
    id: string,
    action: CampaignAction,
    by: Initiator,
  ): Promise<Campaign> {
    return this.show(await actOnCampaign(this.knex, { id, action, by }));
  }

  private async show(record: CampaignRecord): Promise<Campaign> {
    const { id } = record;
    const [counts, pace, events] = await Promise.all([
      countCampaignDatasets(this.knex, [id]),
      endedPerMinute(this.knex, [id], PACE_MINUTES),
      listCampaignEvents(this.knex, id, SHOWN_EVENTS),
    ]);
    return toApiCampaign(record, counts.get(id)!, pace.get(id), events);
  }
}
