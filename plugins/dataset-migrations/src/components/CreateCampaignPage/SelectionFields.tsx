import { makeStyles } from '@material-ui/core/styles';
import { Choice } from '../shared/Choice';
import { DraftInput } from './DraftInput';
import { FilterRows } from './FilterRows';
import { useCampaignForm } from './FormContext';
import { QueryFields } from './QueryFields';

const useStyles = makeStyles(theme => ({
  fields: { display: 'grid', gap: theme.spacing(2.5) },
}));

/** Three ways to say which datasets a campaign is about. */
export function SelectionFields() {
  const { draft, change } = useCampaignForm();
  const classes = useStyles();
  return (
    <div className={classes.fields}>
      <Choice
        label="Select by"
        value={draft.selection}
        onChange={selection => change({ selection })}
        options={[
          {
            value: 'query',
            name: 'Search',
            help: 'As on the page of all datasets.',
          },
          {
            value: 'filter',
            name: 'Catalog filter',
            help: 'By any field of the entity: its system, its tags, an annotation.',
          },
          { value: 'list', name: 'List', help: 'Named one by one.' },
        ]}
      />
      {draft.selection === 'query' && <QueryFields />}
      {draft.selection === 'filter' && <FilterRows />}
      {draft.selection === 'list' && (
        <DraftInput
          name="list"
          label="Datasets"
          required
          rows={6}
          placeholder={'resource:default/flights\nresource:default/zipcodes'}
          help="Entity refs or names, one a line or separated by commas. Paste as many as you like."
        />
      )}
    </div>
  );
}
