import TextField from '@material-ui/core/TextField';
import { tomorrow } from '../../format/readiness';

/** A day that is still to come, as `2026-12-01`; empty for none. */
export function DayField(props: {
  id: string;
  label: string;
  value: string;
  onChange(day: string): void;
  help?: string;
  required?: boolean;
}) {
  const { id, label, value, onChange, help, required } = props;
  return (
    <TextField
      id={id}
      type="date"
      label={label}
      value={value}
      onChange={event => onChange(event.target.value)}
      helperText={help}
      required={required}
      fullWidth
      margin="normal"
      variant="outlined"
      InputLabelProps={{ shrink: true }}
      inputProps={{ min: tomorrow() }}
    />
  );
}
