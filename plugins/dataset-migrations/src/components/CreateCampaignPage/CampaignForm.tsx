import { InfoCard } from '@backstage/core-components';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import Grid from '@material-ui/core/Grid';
import { makeStyles } from '@material-ui/core/styles';
import Switch from '@material-ui/core/Switch';
import { policyExplanations, policyNames } from '../../format/words';
import { useCanManageCampaigns } from '../../hooks/useCanManageCampaigns';
import { useCreateCampaign } from '../../hooks/useCreateCampaign';
import { Choice } from '../shared/Choice';
import { ForbiddenState } from '../shared/ForbiddenState';
import { CreateCard } from './CreateCard';
import { DraftInput } from './DraftInput';
import { FormContext } from './FormContext';
import { LimitFields } from './LimitFields';
import { SelectionFields } from './SelectionFields';
import { StopFields } from './StopFields';
import { useCampaignDraft } from './useCampaignDraft';
import { WaveFields } from './WaveFields';
import { WindowFields } from './WindowFields';

const useStyles = makeStyles(theme => ({
  column: {
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(3),
    minWidth: 0,
  },
  fields: { display: 'grid', gap: theme.spacing(2.5) },
  side: { position: 'sticky', top: theme.spacing(3) },
}));

/** Everything that makes a campaign, and beside it what has been chosen. */
export function CampaignForm() {
  const classes = useStyles();
  const permission = useCanManageCampaigns();
  const { form, request, isValid, wrong, attempt } = useCampaignDraft();
  const create = useCreateCampaign();
  const { draft, change } = form;

  if (!permission.loading && !permission.allowed) {
    return (
      <ForbiddenState title="You may not create campaigns">
        It takes the permission <code>dataset.campaign.manage</code>. Ask the
        people who run this portal. A dataset of your own you can migrate from
        its page.
      </ForbiddenState>
    );
  }
  return (
    <FormContext.Provider value={form}>
      <form
        noValidate
        aria-label="New campaign"
        onSubmit={event => {
          event.preventDefault();
          attempt();
          if (isValid) {
            void create.run(request);
          }
        }}
      >
        <Grid container spacing={3}>
          <Grid item xs={12} md={8} className={classes.column}>
            <InfoCard title="What it is for">
              <div className={classes.fields}>
                <DraftInput
                  name="title"
                  label="Title"
                  required
                  placeholder="Amounts in cents, all shops"
                />
                <DraftInput
                  name="description"
                  label="Description"
                  rows={2}
                  help="Why, and whom to ask. Shown on the campaign’s page."
                />
              </div>
            </InfoCard>
            <InfoCard title="Which datasets">
              <SelectionFields />
            </InfoCard>
            <InfoCard title="To which version, and how">
              <div className={classes.fields}>
                <Choice
                  label="Target version"
                  value={draft.target}
                  onChange={target => change({ target })}
                  options={[
                    {
                      value: 'next',
                      name: 'The next version of each dataset',
                      help: 'The highest proposed version above its current one.',
                    },
                    {
                      value: 'range',
                      name: 'The highest version in a range',
                      help: 'Datasets without such a version are left out, with that reason.',
                    },
                  ]}
                />
                {draft.target === 'range' && (
                  <DraftInput
                    name="range"
                    label="Range of versions"
                    required
                    placeholder="2.x"
                    help="As in package.json: 2.x, ^2.1.0, >=2.0.0 <4.0.0, or one version."
                  />
                )}
                <Choice
                  label="How to publish"
                  value={draft.policy}
                  onChange={policy => change({ policy })}
                  options={[
                    {
                      value: 'switch',
                      name: policyNames.switch,
                      help: policyExplanations.switch,
                    },
                    {
                      value: 'coexist',
                      name: policyNames.coexist,
                      help: policyExplanations.coexist,
                    },
                    {
                      value: 'proposed',
                      name: 'As the plan of each dataset proposes',
                      help: 'Beside the old version where somebody would break, else a switch. Nothing ends up blocked.',
                    },
                  ]}
                />
              </div>
            </InfoCard>
            <InfoCard title="How fast">
              <LimitFields />
            </InfoCard>
            <InfoCard title="In waves">
              <WaveFields />
            </InfoCard>
            <InfoCard title="When">
              <WindowFields />
            </InfoCard>
            <InfoCard title="When to stop">
              <StopFields />
            </InfoCard>
          </Grid>
          <Grid item xs={12} md={4}>
            <div className={classes.side}>
              <CreateCard
                create={create}
                disabled={permission.loading}
                wrong={wrong}
              >
                <FormControlLabel
                  control={
                    <Switch
                      color="primary"
                      checked={draft.autoStart}
                      onChange={event =>
                        change({ autoStart: event.target.checked })
                      }
                    />
                  }
                  label="Start by itself after the dry run"
                />
              </CreateCard>
            </div>
          </Grid>
        </Grid>
      </form>
    </FormContext.Provider>
  );
}
