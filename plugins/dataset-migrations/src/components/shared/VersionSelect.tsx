import FormControl from '@material-ui/core/FormControl';
import InputLabel from '@material-ui/core/InputLabel';
import MenuItem from '@material-ui/core/MenuItem';
import Select from '@material-ui/core/Select';

const LABEL_ID = 'dataset-migrations-version-label';

/** Chooses a target version. */
export function VersionSelect(props: {
  versions: string[];
  value: string;
  onChange(version: string): void;
}) {
  const { versions, value, onChange } = props;
  return (
    <FormControl variant="outlined" size="small" style={{ minWidth: 150 }}>
      <InputLabel id={LABEL_ID} style={{ color: 'inherit' }}>
        Target version
      </InputLabel>
      <Select
        labelId={LABEL_ID}
        label="Target version"
        value={value}
        onChange={event => onChange(event.target.value as string)}
        // With an id, the value is part of the name that is read aloud.
        SelectDisplayProps={{ id: 'dataset-migrations-version' }}
      >
        {versions.map(version => (
          <MenuItem key={version} value={version}>
            {version}
          </MenuItem>
        ))}
      </Select>
    </FormControl>
  );
}
