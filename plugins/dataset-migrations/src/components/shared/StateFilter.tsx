import { ReactNode } from 'react';
import FormControl from '@material-ui/core/FormControl';
import InputLabel from '@material-ui/core/InputLabel';
import MenuItem from '@material-ui/core/MenuItem';
import OutlinedInput from '@material-ui/core/OutlinedInput';
import Select from '@material-ui/core/Select';

/** Chooses any number of states; none means all. */
export function StateFilter<S extends string>(props: {
  id: string;
  /** Default `State`. */
  label?: string;
  states: readonly S[];
  value: S[];
  onChange(states: S[]): void;
  render(state: S): ReactNode;
}) {
  const { id, label = 'State', states, value, onChange, render } = props;
  const labelId = `dataset-migrations-filter-${id}`;
  return (
    <FormControl variant="outlined" size="small" style={{ minWidth: 220 }}>
      <InputLabel id={labelId} shrink>
        {label}
      </InputLabel>
      <Select
        multiple
        displayEmpty
        SelectDisplayProps={{ id: `${labelId}-value` }}
        labelId={labelId}
        input={<OutlinedInput notched label={label} />}
        value={value}
        onChange={event => onChange(event.target.value as S[])}
        renderValue={() => (value.length === 0 ? 'All' : value.join(', '))}
        MenuProps={{ getContentAnchorEl: null }}
      >
        {states.map(state => (
          <MenuItem key={state} value={state}>
            {render(state)}
          </MenuItem>
        ))}
      </Select>
    </FormControl>
  );
}
