import { useCallback, useState } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import DialogContentText from '@material-ui/core/DialogContentText';
import TextField from '@material-ui/core/TextField';
import { Migration } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../../api';
import { formatQuantity } from '../../format/numbers';
import { useAction } from '../../hooks/useAction';
import { ConfirmDialog } from '../shared/ConfirmDialog';
import { BlockingList } from './BlockingList';

/** Asks for the reason to go on although consumers break. */
export function OverrideDialog(props: {
  migration: Migration;
  open: boolean;
  onClose: () => void;
  onUpdated: (migration: Migration) => void;
}) {
  const { migration, open, onClose, onUpdated } = props;
  const api = useApi(datasetMigrationsApiRef);
  const [reason, setReason] = useState('');
  const { id } = migration;
  const action = useAction(
    useCallback(async () => {
      onUpdated(await api.overrideMigration(id, { reason: reason.trim() }));
    }, [api, id, reason, onUpdated]),
  );
  const blocking = migration.consumers.filter(item => item.blocking);
  return (
    <ConfirmDialog
      open={open}
      title={`Break ${formatQuantity(blocking.length, 'consumer')}?`}
      confirm="Override and go on"
      disabled={reason.trim() === ''}
      action={action}
      onClose={onClose}
    >
      <DialogContentText>
        Version {migration.toVersion} will be published although these consumers
        lose what they read. Your name and your reason are recorded, and their
        owners are told.
      </DialogContentText>
      <BlockingList consumers={blocking} />
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
