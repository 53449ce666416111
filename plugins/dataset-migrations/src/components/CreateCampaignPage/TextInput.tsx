import { ReactNode } from 'react';
import InputAdornment from '@material-ui/core/InputAdornment';
import TextField from '@material-ui/core/TextField';
import { useCampaignForm } from './FormContext';

const MAX_ROWS = 14;

/** A field of the form with its help, and below it what is wrong. */
export function TextInput(props: {
  /** As errors name it. */
  name: string;
  label: string;
  value: string;
  onChange(value: string): void;
  help?: ReactNode;
  /** After the value: `%`. */
  unit?: string;
  placeholder?: string;
  required?: boolean;
  rows?: number;
  type?: 'text' | 'time';
}) {
  const { name, label, value, onChange, help, unit, placeholder } = props;
  const { errorOf, touch } = useCampaignForm();
  const error = errorOf(name);
  return (
    <TextField
      id={`dataset-migrations-campaign-${name}`}
      fullWidth
      size="small"
      variant="outlined"
      label={label}
      value={value}
      onChange={event => onChange(event.target.value)}
      onBlur={() => touch(name)}
      error={error !== undefined}
      helperText={error ?? help}
      placeholder={placeholder}
      required={props.required}
      type={props.type}
      multiline={props.rows !== undefined}
      minRows={props.rows}
      maxRows={MAX_ROWS}
      InputLabelProps={{ shrink: true }}
      InputProps={
        unit
          ? {
              endAdornment: (
                <InputAdornment position="end">{unit}</InputAdornment>
              ),
            }
          : undefined
      }
    />
  );
}
