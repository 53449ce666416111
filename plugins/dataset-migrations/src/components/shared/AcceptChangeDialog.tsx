import { useCallback, useState } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import DialogContentText from '@material-ui/core/DialogContentText';
import TextField from '@material-ui/core/TextField';
import {
  Change,
  ConsumerVerdict,
  describeChange,
  fieldOf,
  isKnownInFull,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../../api';
import { isConflict } from '../../errors';
import { formatQuantity } from '../../format/numbers';
import { useAction } from '../../hooks/useAction';
import { BlockingList } from './BlockingList';
import { CodedText } from './CodedText';
import { ConfirmDialog } from './ConfirmDialog';

const SHORTEST = 3;
const LONGEST = 500;

/** Shows whom a change touches, and asks why they can bear it. */
export function AcceptChangeDialog(props: {
  datasetRef: string;
  targetVersion: string;
  change: Change;
  consumers: ConsumerVerdict[];
  onClose: () => void;
  /** It was accepted, or is otherwise than it is shown. */
  onChanged: () => void;
}) {
  const { datasetRef, targetVersion, change, onClose, onChanged } = props;
  const api = useApi(datasetMigrationsApiRef);
  // As they were when it was opened: nothing changes under the click.
  const [{ touched, unclear }] = useState(() =>
    concernedBy(change, props.consumers),
  );
  const [reason, setReason] = useState('');
  const why = reason.trim();
  const isTooShort = why !== '' && why.length < SHORTEST;
  const action = useAction(
    useCallback(async () => {
      try {
        await api.acceptChange(datasetRef, {
          targetVersion,
          rule: change.rule!,
          object: change.object,
          field: fieldOf(change),
          summary: change.summary,
          reason: why,
        });
      } catch (error) {
        if (isConflict(error)) {
          // It is another one by now, or accepted; the page is to say so.
          onChanged();
        }
        throw error;
      }
      onChanged();
    }, [api, datasetRef, targetVersion, change, why, onChanged]),
  );
  return (
    <ConfirmDialog
      open
      title="Accept this change?"
      confirm="Accept change"
      disabled={why.length < SHORTEST}
      action={action}
      onClose={onClose}
    >
      <DialogContentText>
        <CodedText text={describeChange(change)} />
      </DialogContentText>
      <DialogContentText>
        It will keep nobody from going on any more. Who reads it is shown to be
        at risk, and told who accepted it and why. As soon as the contract is
        edited so that it reads otherwise, it counts no longer.
      </DialogContentText>
      <DialogContentText>
        {touched.length > 0
          ? `It touches ${formatQuantity(touched.length, 'consumer')}:`
          : 'It touches no consumer that is known to read it.'}
      </DialogContentText>
      {touched.length > 0 && (
        <BlockingList
          consumers={touched}
          all
          label="Consumers that it touches"
        />
      )}
      {unclear.length > 0 && (
        <>
          <DialogContentText>
            {formatQuantity(unclear.length, 'consumer')} may read it, as not all
            is known that they read:
          </DialogContentText>
          <BlockingList
            consumers={unclear}
            all
            label="Consumers that may read it"
          />
        </>
      )}
      <TextField
        id="dataset-migrations-accept-reason"
        label="Reason"
        value={reason}
        onChange={event => setReason(event.target.value)}
        inputProps={{ maxLength: LONGEST }}
        error={isTooShort}
        helperText={
          isTooShort
            ? 'At least three characters'
            : `Kept, and shown to consumers; ${why.length} of ${LONGEST} characters`
        }
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

/** Who reads what changes, and of whom that is not known. */
function concernedBy(
  change: Change,
  consumers: ConsumerVerdict[],
): { touched: ConsumerVerdict[]; unclear: ConsumerVerdict[] } {
  const touched = consumers.filter(({ touchedBy }) =>
    touchedBy.some(
      other =>
        other.rule === change.rule &&
        other.object === change.object &&
        other.from === change.from &&
        other.to === change.to &&
        other.summary === change.summary,
    ),
  );
  const unclear = consumers.filter(
    verdict => !touched.includes(verdict) && !isKnownInFull(verdict.consumer),
  );
  return { touched, unclear };
}
