import IconButton from '@material-ui/core/IconButton';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import DeleteIcon from '@material-ui/icons/DeleteOutline';
import ToggleButtonGroup from '@material-ui/lab/ToggleButtonGroup';
import {
  Weekday,
  weekdays,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { weekdayNames } from '../../format/campaigns';
import { TextToggle } from '../shared/TextToggle';
import { WindowDraft } from './draft';
import { TextInput } from './TextInput';
import { TimeZoneField } from './TimeZoneField';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(1.5) },
  row: {
    display: 'grid',
    gridTemplateColumns: '120px 120px minmax(200px, 1fr) auto',
    alignItems: 'start',
    gap: theme.spacing(1.5),
    [theme.breakpoints.down('xs')]: { gridTemplateColumns: '1fr' },
  },
}));

/** One window: on which days, from when to when, where. */
export function WindowRow(props: {
  index: number;
  window: WindowDraft;
  onChange(changes: Partial<WindowDraft>): void;
  onRemove(): void;
}) {
  const { index, window, onChange, onRemove } = props;
  const classes = useStyles();
  const isOvernight = window.to <= window.from;
  return (
    <div
      className={classes.root}
      role="group"
      aria-label={`Window ${index + 1}`}
    >
      <ToggleButtonGroup
        size="small"
        aria-label="Days on which it opens; none for every day"
        value={window.days}
        onChange={(_, days: Weekday[]) => onChange({ days })}
      >
        {weekdays.map(day => (
          <TextToggle key={day} value={day} aria-label={weekdayNames[day]}>
            {weekdayNames[day].slice(0, 3)}
          </TextToggle>
        ))}
      </ToggleButtonGroup>
      <div className={classes.row}>
        <TextInput
          name={`windows.${index}.from`}
          label="From"
          type="time"
          value={window.from}
          onChange={from => onChange({ from })}
        />
        <TextInput
          name={`windows.${index}.to`}
          label="To"
          type="time"
          value={window.to}
          onChange={to => onChange({ to })}
        />
        <TimeZoneField
          name={`windows.${index}.timeZone`}
          value={window.timeZone}
          onChange={timeZone => onChange({ timeZone })}
        />
        <IconButton
          aria-label={`Remove window ${index + 1}`}
          onClick={onRemove}
        >
          <DeleteIcon />
        </IconButton>
      </div>
      <Typography variant="caption" color="textSecondary">
        {window.days.length === 0 ? 'Every day' : 'On the days marked'}
        {isOvernight && ', into the next morning'}
      </Typography>
    </div>
  );
}
