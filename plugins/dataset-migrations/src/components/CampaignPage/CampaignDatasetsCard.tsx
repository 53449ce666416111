import { useCallback } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import Typography from '@material-ui/core/Typography';
import {
  Campaign,
  campaignDatasetStates,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../../api';
import { isOngoing } from '../../campaigns';
import { useCampaignDatasets } from '../../hooks/useCampaignDatasets';
import { useDebounced } from '../../hooks/useDebounced';
import { useListLocation } from '../../hooks/useListLocation';
import { CampaignDatasetStateChip } from '../shared/CampaignDatasetStateChip';
import { DataTable } from '../shared/DataTable';
import { DownloadCsvButton } from '../shared/DownloadCsvButton';
import { OwnerFilter } from '../shared/OwnerFilter';
import { PagedList } from '../shared/PagedList';
import { SearchField } from '../shared/SearchField';
import { StateFilter } from '../shared/StateFilter';
import { campaignDatasetColumns } from './campaignDatasetColumns';

/** Large, so that ten thousand are few pages; only the rows in sight are drawn. */
const PAGE_SIZE = 200;

/** The datasets of a campaign, filtered and paged by the backend. */
export function CampaignDatasetsCard(props: { campaign: Campaign }) {
  const { campaign } = props;
  const { query, setFilters, pages } = useListLocation();
  const search = query.get('search') ?? '';
  const [text, setText] = useDebounced(search, value =>
    setFilters({ search: value }),
  );
  const owner = query.get('owner') ?? undefined;
  const asked = query.getAll('state');
  const states = campaignDatasetStates.filter(state => asked.includes(state));

  const list = useCampaignDatasets(
    campaign.id,
    {
      state: states.length > 0 ? states : undefined,
      search: search || undefined,
      owner,
      cursor: pages.cursor,
      limit: PAGE_SIZE,
    },
    isOngoing(campaign.state),
  );
  const api = useApi(datasetMigrationsApiRef);
  const loadCsv = useCallback(
    () => api.campaigns.getDatasetsCsv(campaign.id),
    [api, campaign.id],
  );
  const isFiltered = states.length > 0 || Boolean(search || owner);
  const inWaves = campaign.waves !== undefined;
  return (
    <section aria-label="Datasets of the campaign">
      <PagedList
        noun="dataset"
        list={list}
        pages={pages}
        pageSize={PAGE_SIZE}
        filters={
          <>
            <Typography
              variant="h5"
              component="h2"
              style={{ flexBasis: '100%' }}
            >
              Datasets
            </Typography>
            <SearchField
              label="Search datasets"
              value={text}
              onChange={setText}
            />
            <OwnerFilter
              value={owner}
              onChange={next => setFilters({ owner: next })}
            />
            <StateFilter
              id="campaign-dataset-state"
              states={campaignDatasetStates}
              value={states}
              onChange={next => setFilters({ state: next })}
              render={state => <CampaignDatasetStateChip state={state} />}
            />
            <DownloadCsvButton name={campaign.title} load={loadCsv} />
          </>
        }
      >
        <DataTable
          label="Datasets of the campaign"
          columns={
            inWaves
              ? campaignDatasetColumns
              : campaignDatasetColumns.filter(column => column.id !== 'wave')
          }
          rows={list.value?.items}
          rowKey={dataset => dataset.datasetRef}
          empty={emptyText(campaign, isFiltered)}
        />
      </PagedList>
    </section>
  );
}

function emptyText(campaign: Campaign, isFiltered: boolean): string {
  if (isFiltered) {
    return 'No dataset of the campaign matches the filters.';
  }
  return campaign.state === 'planning'
    ? 'The datasets are being selected.'
    : 'The campaign has no datasets: its selection matched none.';
}
