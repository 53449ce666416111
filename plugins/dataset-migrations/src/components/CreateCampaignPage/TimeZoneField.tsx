import TextField from '@material-ui/core/TextField';
import Autocomplete from '@material-ui/lab/Autocomplete';
import { useCampaignForm } from './FormContext';

/** Some browsers leave the plainest of all out. */
const timeZones = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];

/** Chooses a time zone by its IANA name. */
export function TimeZoneField(props: {
  name: string;
  value: string;
  onChange(timeZone: string): void;
}) {
  const { name, value, onChange } = props;
  const { errorOf, touch } = useCampaignForm();
  const error = errorOf(name);
  return (
    <Autocomplete
      size="small"
      options={timeZones.includes(value) ? timeZones : [value, ...timeZones]}
      value={value || null}
      onChange={(_, timeZone) => onChange(timeZone ?? '')}
      onBlur={() => touch(name)}
      renderInput={params => (
        <TextField
          {...params}
          label="Time zone"
          variant="outlined"
          error={error !== undefined}
          helperText={error}
          InputLabelProps={{ shrink: true }}
        />
      )}
    />
  );
}
