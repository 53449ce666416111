import { useCallback } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import DialogContentText from '@material-ui/core/DialogContentText';
import {
  Change,
  ChangeAcceptance,
  describeChange,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../../api';
import { isConflict } from '../../errors';
import { formatDay } from '../../format/readiness';
import { useAction } from '../../hooks/useAction';
import { CodedText } from './CodedText';
import { ConfirmDialog } from './ConfirmDialog';

/** Asks before it is taken back that a change is accepted. */
export function WithdrawChangeDialog(props: {
  datasetRef: string;
  change: Change;
  acceptance: ChangeAcceptance;
  onClose: () => void;
  /** It was taken back, by the user or by somebody else. */
  onChanged: () => void;
}) {
  const { datasetRef, change, acceptance, onClose, onChanged } = props;
  const { id, by, at, reason, was } = acceptance;
  const api = useApi(datasetMigrationsApiRef);
  const action = useAction(
    useCallback(async () => {
      try {
        await api.withdrawAcceptedChange(datasetRef, id);
      } catch (error) {
        if (isConflict(error)) {
          onChanged();
        }
        throw error;
      }
      onChanged();
    }, [api, datasetRef, id, onChanged]),
  );
  return (
    <ConfirmDialog
      open
      title="No longer accept this change?"
      confirm="Withdraw"
      action={action}
      onClose={onClose}
    >
      <DialogContentText>
        <CodedText text={describeChange(change)} />
      </DialogContentText>
      <DialogContentText>
        Accepted by {by} on {formatDay(at)}: {reason}
      </DialogContentText>
      <DialogContentText>
        {was === 'breaking'
          ? 'It will be breaking again: who reads it keeps the migration from going on.'
          : 'It stays risky, and nobody is said to have accepted it.'}
      </DialogContentText>
    </ConfirmDialog>
  );
}
