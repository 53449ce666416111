import { useCallback } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import DialogContentText from '@material-ui/core/DialogContentText';
import { Migration } from '@skein/backstage-plugin-dataset-migrations-common';
import { DateTime } from 'luxon';
import { datasetMigrationsApiRef } from '../../api';
import { useAction } from '../../hooks/useAction';
import { ConfirmDialog } from '../shared/ConfirmDialog';

/** Asks before the old version becomes current again. */
export function RollbackDialog(props: {
  migration: Migration;
  open: boolean;
  onClose: () => void;
  onUpdated: (migration: Migration) => void;
}) {
  const { migration, open, onClose, onUpdated } = props;
  const { id, fromVersion, toVersion, rollbackUntil } = migration;
  const coexists = migration.oldVersionState === 'coexisting';
  const until = coexists
    ? `${fromVersion} is retired`
    : rollbackUntil &&
      DateTime.fromISO(rollbackUntil).toLocaleString(DateTime.DATETIME_MED);
  const api = useApi(datasetMigrationsApiRef);
  const action = useAction(
    useCallback(async () => {
      onUpdated(await api.rollbackMigration(id));
    }, [api, id, onUpdated]),
  );
  return (
    <ConfirmDialog
      open={open}
      title={`Roll back to ${fromVersion}?`}
      confirm="Roll back"
      action={action}
      onClose={onClose}
    >
      <DialogContentText>
        {coexists
          ? `Version ${fromVersion} stays as it is, with all that was written to it`
          : `Readers go back to ${fromVersion} at one moment`}
        , and {toVersion} is no longer readable. Consumers that have moved to{' '}
        {toVersion} already are not moved back.
      </DialogContentText>
      {until && (
        <DialogContentText>This is possible until {until}.</DialogContentText>
      )}
    </ConfirmDialog>
  );
}
