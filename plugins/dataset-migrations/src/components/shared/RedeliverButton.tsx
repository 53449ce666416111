import { useCallback } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import { Delivery } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../../api';
import { useAction } from '../../hooks/useAction';
import { InlineError } from './InlineError';

/** Sends one delivery again; nothing while it is still being tried. */
export function RedeliverButton(props: {
  delivery: Delivery;
  onChanged: () => void;
}) {
  const { delivery, onChanged } = props;
  const api = useApi(datasetMigrationsApiRef);
  const { id } = delivery;
  const { run, running, error } = useAction(
    useCallback(async () => {
      await api.redeliver(id);
      onChanged();
    }, [api, id, onChanged]),
  );
  if (delivery.state === 'pending') {
    return null;
  }
  return (
    <>
      <Button
        size="small"
        variant="outlined"
        disabled={running}
        onClick={() => run()}
        aria-label={`Redeliver to ${delivery.consumerRef}`}
      >
        Redeliver
      </Button>
      <InlineError error={error} />
    </>
  );
}
