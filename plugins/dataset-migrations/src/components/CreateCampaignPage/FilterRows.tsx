import Button from '@material-ui/core/Button';
import IconButton from '@material-ui/core/IconButton';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import AddIcon from '@material-ui/icons/Add';
import DeleteIcon from '@material-ui/icons/DeleteOutline';
import { FilterRow } from './draft';
import { useCampaignForm } from './FormContext';
import { TextInput } from './TextInput';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2) },
  row: {
    display: 'grid',
    gridTemplateColumns: '1fr 1fr auto',
    alignItems: 'start',
    gap: theme.spacing(1.5),
  },
  add: { justifySelf: 'start' },
}));

/** Fields of the entity and the values that they may have. */
export function FilterRows() {
  const { draft, change } = useCampaignForm();
  const classes = useStyles();
  const setRow = (index: number, changes: Partial<FilterRow>) =>
    change({
      filter: draft.filter.map((row, at) =>
        at === index ? { ...row, ...changes } : row,
      ),
    });
  return (
    <div className={classes.root}>
      <Typography variant="body2" color="textSecondary">
        A dataset matches when all of these fields do, each with one of its
        values.
      </Typography>
      {draft.filter.map((row, index) => (
        <div
          // eslint-disable-next-line react/no-array-index-key -- a row is its place
          key={index}
          className={classes.row}
          role="group"
          aria-label={`Field ${index + 1}`}
        >
          <TextInput
            name={`filter.${index}.key`}
            label="Field"
            value={row.key}
            onChange={key => setRow(index, { key })}
            placeholder="spec.system"
          />
          <TextInput
            name={`filter.${index}.values`}
            label="Values"
            value={row.values}
            onChange={values => setRow(index, { values })}
            placeholder="shops, payments"
          />
          <IconButton
            aria-label={`Remove field ${index + 1}`}
            disabled={draft.filter.length === 1}
            onClick={() =>
              change({ filter: draft.filter.filter((_, at) => at !== index) })
            }
          >
            <DeleteIcon />
          </IconButton>
        </div>
      ))}
      <Button
        className={classes.add}
        startIcon={<AddIcon />}
        onClick={() =>
          change({ filter: [...draft.filter, { key: '', values: '' }] })
        }
      >
        Add field
      </Button>
    </div>
  );
}
