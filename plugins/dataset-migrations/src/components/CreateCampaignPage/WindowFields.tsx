import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import AddIcon from '@material-ui/icons/Add';
import { newWindow } from './draft';
import { useCampaignForm } from './FormContext';
import { WindowRow } from './WindowRow';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2.5) },
  add: { justifySelf: 'start' },
}));

/** The times of the week in which migrations may start. */
export function WindowFields() {
  const { draft, change } = useCampaignForm();
  const { windows } = draft;
  const classes = useStyles();
  return (
    <div className={classes.root}>
      <Typography variant="body2" color="textSecondary">
        {windows.length === 0
          ? 'At any time. Windows that owners have declared on their datasets hold besides.'
          : 'Migrations start within these windows only; what runs when one closes goes on. Windows that owners have declared on their datasets hold besides.'}
      </Typography>
      {windows.map((window, index) => (
        <WindowRow
          // eslint-disable-next-line react/no-array-index-key -- a row is its place
          key={index}
          index={index}
          window={window}
          onChange={changes =>
            change({
              windows: windows.map((other, at) =>
                at === index ? { ...other, ...changes } : other,
              ),
            })
          }
          onRemove={() =>
            change({ windows: windows.filter((_, at) => at !== index) })
          }
        />
      ))}
      <Button
        className={classes.add}
        startIcon={<AddIcon />}
        onClick={() => change({ windows: [...windows, newWindow()] })}
      >
        Add window
      </Button>
    </div>
  );
}
