import FormControl from '@material-ui/core/FormControl';
import InputLabel from '@material-ui/core/InputLabel';
import MenuItem from '@material-ui/core/MenuItem';
import OutlinedInput from '@material-ui/core/OutlinedInput';
import Select from '@material-ui/core/Select';
import {
  MigrationState,
  migrationTransitions,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { StateChip } from '../shared/StateChip';

const LABEL_ID = 'dataset-migrations-filter-migration-state';

/** Every state that a migration can be in. */
export const migrationStates = Object.keys(
  migrationTransitions,
) as MigrationState[];

/** Chooses any number of states; none means all. */
export function StateFilter(props: {
  value: MigrationState[];
  onChange(states: MigrationState[]): void;
}) {
  const { value, onChange } = props;
  return (
    <FormControl variant="outlined" size="small" style={{ minWidth: 220 }}>
      <InputLabel id={LABEL_ID} shrink>
        State
      </InputLabel>
      <Select
        multiple
        displayEmpty
        SelectDisplayProps={{ id: `${LABEL_ID}-value` }}
        labelId={LABEL_ID}
        input={<OutlinedInput notched label="State" />}
        value={value}
        onChange={event => onChange(event.target.value as MigrationState[])}
        renderValue={() => (value.length === 0 ? 'All' : value.join(', '))}
        MenuProps={{ getContentAnchorEl: null }}
      >
        {migrationStates.map(state => (
          <MenuItem key={state} value={state}>
            <StateChip state={state} />
          </MenuItem>
        ))}
      </Select>
    </FormControl>
  );
}
