import { useCallback } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import DialogContentText from '@material-ui/core/DialogContentText';
import { Migration } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../../api';
import { formatQuantity } from '../../format/numbers';
import { useAction } from '../../hooks/useAction';
import { BlockingList } from '../shared/BlockingList';
import { ConfirmDialog } from '../shared/ConfirmDialog';

/** Asks before the old version goes for good. */
export function RetireDialog(props: {
  migration: Migration;
  open: boolean;
  onClose: () => void;
  onUpdated: (migration: Migration) => void;
}) {
  const { migration, open, onClose, onUpdated } = props;
  const { id, fromVersion, toVersion } = migration;
  const api = useApi(datasetMigrationsApiRef);
  const action = useAction(
    useCallback(async () => {
      onUpdated(await api.retireMigration(id));
    }, [api, id, onUpdated]),
  );
  const blocking = migration.consumers.filter(item => item.blocking);
  return (
    <ConfirmDialog
      open={open}
      title={`Retire version ${fromVersion}?`}
      confirm="Retire old version"
      action={action}
      onClose={onClose}
    >
      <DialogContentText>
        Version {fromVersion} is removed and cannot be read or rolled back to
        afterwards. Only {toVersion} remains. Before anything is removed, the
        consumers are judged once more.
      </DialogContentText>
      {blocking.length > 0 && (
        <>
          <DialogContentText>
            When last judged, {formatQuantity(blocking.length, 'consumer')}{' '}
            still needed {fromVersion}:
          </DialogContentText>
          <BlockingList consumers={blocking} />
        </>
      )}
    </ConfirmDialog>
  );
}
