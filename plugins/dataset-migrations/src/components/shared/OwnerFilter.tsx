import { useState } from 'react';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/core-plugin-api';
import {
  catalogApiRef,
  humanizeEntityRef,
} from '@backstage/plugin-catalog-react';
import TextField from '@material-ui/core/TextField';
import Autocomplete from '@material-ui/lab/Autocomplete';
import useAsync from 'react-use/esm/useAsync';
import { useDebounced } from '../../hooks/useDebounced';

const SUGGESTIONS = 20;

/** Chooses a group or user of the catalog; suggests while one types. */
export function OwnerFilter(props: {
  value: string | undefined;
  onChange(owner: string | undefined): void;
}) {
  const { value, onChange } = props;
  const catalog = useApi(catalogApiRef);
  const [term, setTerm] = useState('');
  const [input, setInput] = useDebounced('', setTerm);
  const { value: owners = [], loading } = useAsync(async () => {
    const { items } = await catalog.queryEntities({
      filter: { kind: ['Group', 'User'] },
      fields: ['kind', 'metadata.name', 'metadata.namespace'],
      limit: SUGGESTIONS,
      ...(term
        ? {
            fullTextFilter: {
              term,
              fields: ['metadata.name', 'metadata.title'],
            },
          }
        : {}),
    });
    return items.map(stringifyEntityRef);
  }, [catalog, term]);

  return (
    <Autocomplete
      size="small"
      style={{ width: 220 }}
      options={value && !owners.includes(value) ? [value, ...owners] : owners}
      value={value ?? null}
      onChange={(_, owner) => onChange(owner ?? undefined)}
      getOptionLabel={owner =>
        humanizeEntityRef(parseEntityRef(owner), { defaultKind: 'group' })
      }
      // The catalog has filtered already.
      filterOptions={options => options}
      loading={loading}
      inputValue={input}
      onInputChange={(_, text) => setInput(text)}
      renderInput={params => (
        <TextField
          {...params}
          label="Owner"
          variant="outlined"
          placeholder="All"
          InputLabelProps={{ shrink: true }}
        />
      )}
    />
  );
}
