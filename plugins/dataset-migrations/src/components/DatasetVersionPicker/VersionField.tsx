import { ReactNode } from 'react';
import { ScaffolderField } from '@backstage/plugin-scaffolder-react/alpha';
import MenuItem from '@material-ui/core/MenuItem';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { DatasetVersionPickerProps } from './schema';

export interface VersionOption {
  version: string;
  /** What there is to know about it: `next version, proposed`. */
  note: string;
}

/** The select in the look of the scaffolder's own fields. */
export function VersionField(props: {
  field: DatasetVersionPickerProps;
  options: VersionOption[];
  /** One sentence on where the choice stands; read aloud when it changes. */
  hint: string;
  children?: ReactNode;
}) {
  const { field, options, hint, children } = props;
  const { formData: value, rawErrors, required, schema, uiSchema } = field;
  const id = field.idSchema.$id;
  const isOffered = options.some(({ version }) => version === value);
  return (
    <ScaffolderField
      rawErrors={rawErrors}
      rawDescription={uiSchema['ui:description'] ?? schema.description}
      required={required}
      disabled={field.disabled}
    >
      <TextField
        select
        id={id}
        label={uiSchema['ui:title'] ?? schema.title ?? 'Version'}
        value={isOffered ? value : ''}
        onChange={event => field.onChange(event.target.value)}
        onBlur={() => field.onBlur(id, value)}
        required={required}
        disabled={field.disabled || field.readonly || options.length === 0}
        error={rawErrors?.length > 0}
        margin="dense"
        variant="outlined"
        helperText={hint}
        FormHelperTextProps={{
          role: 'status',
          // A hint on why the field is disabled is not itself to be faint.
          disabled: false,
          margin: 'dense',
          style: { marginLeft: 0 },
        }}
        SelectProps={{
          SelectDisplayProps: {
            // With an id, the value is part of the name that is read aloud.
            id: `${id}-value`,
            'aria-describedby': `${id}-helper-text`,
          },
        }}
      >
        {options.map(({ version, note }) => (
          <MenuItem key={version} value={version}>
            {version}&ensp;
            <Typography variant="body2" component="span" color="textSecondary">
              {note}
            </Typography>
          </MenuItem>
        ))}
      </TextField>
      {children}
    </ScaffolderField>
  );
}
