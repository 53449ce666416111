import { LinkButton } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { CampaignState } from '@skein/backstage-plugin-dataset-migrations-common';
import { useCampaigns } from '../../hooks/useCampaigns';
import { useCanManageCampaigns } from '../../hooks/useCanManageCampaigns';
import { useListLocation } from '../../hooks/useListLocation';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { CampaignStateChip } from '../shared/CampaignStateChip';
import { PagedList } from '../shared/PagedList';
import { StateFilter } from '../shared/StateFilter';
import { CampaignsTable } from './CampaignsTable';

const PAGE_SIZE = 20;

const campaignStates: CampaignState[] = [
  'planning',
  'planned',
  'running',
  'paused',
  'cancelling',
  'finished',
  'cancelled',
  'failed',
];

const useStyles = makeStyles({
  title: { flexBasis: '100%', display: 'flex', alignItems: 'center' },
  button: { marginLeft: 'auto' },
});

/** Campaigns, newest first, and the way to a new one. */
export function CampaignsCard() {
  const classes = useStyles();
  const links = useMigrationLinks();
  const { query, setFilters, pages } = useListLocation();
  const asked = query.getAll('state');
  const states = campaignStates.filter(state => asked.includes(state));
  const permission = useCanManageCampaigns();
  const list = useCampaigns({
    state: states.length > 0 ? states : undefined,
    cursor: pages.cursor,
    limit: PAGE_SIZE,
  });

  return (
    <section aria-label="Campaigns">
      <PagedList
        noun="campaign"
        list={list}
        pages={pages}
        pageSize={PAGE_SIZE}
        filters={
          <>
            <div className={classes.title}>
              <Typography variant="h5" component="h2">
                Campaigns
              </Typography>
              <div
                className={classes.button}
                title={
                  permission.loading || permission.allowed
                    ? undefined
                    : 'You may not create campaigns: the portal’s policy gives dataset.campaign.manage to others'
                }
              >
                <LinkButton
                  to={links.createCampaign}
                  color="primary"
                  variant="contained"
                  disabled={!permission.allowed}
                >
                  New campaign
                </LinkButton>
              </div>
            </div>
            <StateFilter
              id="campaign-state"
              states={campaignStates}
              value={states}
              onChange={next => setFilters({ state: next })}
              render={state => <CampaignStateChip state={state} />}
            />
          </>
        }
      >
        <CampaignsTable
          campaigns={list.value?.items}
          onChanged={list.refresh}
          empty={
            states.length > 0
              ? 'No campaign is in such a state.'
              : 'No campaign yet. One takes many datasets to their next version, in batches, with a dry run first.'
          }
        />
      </PagedList>
    </section>
  );
}
