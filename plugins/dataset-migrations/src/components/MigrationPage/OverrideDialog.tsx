import { useCallback, useState } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import DialogContentText from '@material-ui/core/DialogContentText';
import TextField from '@material-ui/core/TextField';
import {
  BlockersResponse,
  Migration,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../../api';
import { isConflict } from '../../errors';
import { formatQuantity } from '../../format/numbers';
import { useAction } from '../../hooks/useAction';
import { useLive } from '../../hooks/useLive';
import { BlockingList } from '../shared/BlockingList';
import { ConfirmDialog } from '../shared/ConfirmDialog';
import { ErrorState } from '../shared/ErrorState';

/** Asks for the reason to go on although consumers break, once it has shown them all. */
export function OverrideDialog(props: {
  migration: Migration;
  onClose: () => void;
  onUpdated: (migration: Migration) => void;
}) {
  const { migration, onClose, onUpdated } = props;
  const api = useApi(datasetMigrationsApiRef);
  const [reason, setReason] = useState('');
  const { id } = migration;
  // Changes only when it is asked for again, so that nothing else is sent than is seen.
  const { value, error, refresh } = useLive<BlockersResponse>({
    key: id,
    load: ({ signal }) => api.getBlockers(id, { signal }),
  });
  const action = useAction(
    useCallback(async () => {
      if (!value) {
        return;
      }
      const consumers = value.items.map(({ consumer }) => consumer.entityRef);
      try {
        onUpdated(
          await api.overrideMigration(id, {
            reason: reason.trim(),
            consumers,
            concernsId: value.concernsId,
          }),
        );
      } catch (failure) {
        if (isConflict(failure)) {
          // Others would break by now; they are to be seen before the next click.
          refresh();
        }
        throw failure;
      }
    }, [api, id, reason, value, onUpdated, refresh]),
  );
  return (
    <ConfirmDialog
      open
      title={
        value
          ? `Break ${formatQuantity(value.items.length, 'consumer')}?`
          : 'Break consumers?'
      }
      confirm="Override and go on"
      disabled={!value || reason.trim().length < 3}
      action={action}
      onClose={onClose}
    >
      <DialogContentText>
        Version {migration.toVersion} will be published although these consumers
        lose what they read. Your name and your reason are recorded, and they
        and their owners are told.
      </DialogContentText>
      {error && !value && (
        <ErrorState
          error={error}
          what="whom this would break"
          onRetry={refresh}
        />
      )}
      {value && <BlockingList consumers={value.items} all />}
      <TextField
        id="dataset-migrations-override-reason"
        label="Reason"
        value={reason}
        onChange={event => setReason(event.target.value)}
        required
        fullWidth
        multiline
        minRows={2}
        margin="normal"
        variant="outlined"
      />
    </ConfirmDialog>
  );
}
