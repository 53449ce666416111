import Checkbox from '@material-ui/core/Checkbox';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import { makeStyles } from '@material-ui/core/styles';
import { useDatasets } from '../../hooks/useDatasets';
import { FilterSelect } from '../shared/FilterSelect';
import { OwnerFilter } from '../shared/OwnerFilter';
import { SearchField } from '../shared/SearchField';
import { useCampaignForm } from './FormContext';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(2),
  },
}));

/** The filters of the list of datasets. */
export function QueryFields() {
  const { draft, change } = useCampaignForm();
  const classes = useStyles();
  const engines = useDatasets({ limit: 1 }).value?.engines ?? [];
  return (
    <div className={classes.root}>
      <SearchField
        label="Search datasets"
        value={draft.search}
        onChange={search => change({ search })}
      />
      <OwnerFilter value={draft.owner} onChange={owner => change({ owner })} />
      <FilterSelect
        id="campaign-engine"
        label="Engine"
        value={draft.engine}
        options={engines.map(id => ({ value: id, label: id }))}
        onChange={engine => change({ engine })}
      />
      <FormControlLabel
        control={
          <Checkbox
            color="primary"
            checked={draft.upgradable}
            onChange={event => change({ upgradable: event.target.checked })}
          />
        }
        label="Only with a new version"
      />
    </div>
  );
}
