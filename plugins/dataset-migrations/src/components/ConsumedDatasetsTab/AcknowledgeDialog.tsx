import { useCallback, useState } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import DialogContentText from '@material-ui/core/DialogContentText';
import FormControl from '@material-ui/core/FormControl';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import FormLabel from '@material-ui/core/FormLabel';
import Radio from '@material-ui/core/Radio';
import RadioGroup from '@material-ui/core/RadioGroup';
import TextField from '@material-ui/core/TextField';
import Alert from '@material-ui/lab/Alert';
import {
  AcknowledgeRequest,
  ComingVersion,
  DatasetSummary,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../../api';
import { isConflict } from '../../errors';
import { timeOfDay } from '../../format/readiness';
import { useAction } from '../../hooks/useAction';
import { ConfirmDialog } from '../shared/ConfirmDialog';
import { DayField } from '../shared/DayField';
import { ReasonList } from '../shared/ReasonList';

type Choice = 'now' | 'later' | 'more-time' | 'withdrawn';

/** Asks the owner of a consumer whether it is ready for a version, and shows for what. */
export function AcknowledgeDialog(props: {
  consumerRef: string;
  dataset: DatasetSummary;
  coming: ComingVersion;
  onClose(): void;
  onChanged(): void;
}) {
  const { consumerRef, dataset, coming, onClose, onChanged } = props;
  // As it was when its reader last asked: nothing changes under the click.
  const [shown, setShown] = useState(coming);
  const { version, concerns, concernsId, verdict } = shown;
  const isStale = coming.concernsId !== concernsId;
  const api = useApi(datasetMigrationsApiRef);
  const [choice, setChoice] = useState<Choice>('now');
  const [day, setDay] = useState('');
  const [reason, setReason] = useState('');

  const needsDay = choice === 'later' || choice === 'more-time';
  const needsReason = choice === 'more-time';
  const tooShort = reason.trim() !== '' && reason.trim().length < 3;
  const answer: AcknowledgeRequest = {
    datasetRef: dataset.entityRef,
    version,
    answer: choice === 'now' || choice === 'later' ? 'ready' : choice,
    date: needsDay && day ? timeOfDay(day, choice === 'more-time') : undefined,
    reason: reason.trim() || undefined,
    concernsId,
  };
  const request = JSON.stringify(answer);
  const action = useAction(
    useCallback(async () => {
      try {
        await api.acknowledge(consumerRef, JSON.parse(request));
      } catch (error) {
        if (isConflict(error)) {
          // Other changes concern it by now; they are loaded, to be seen first.
          onChanged();
        }
        throw error;
      }
      onChanged();
    }, [api, consumerRef, request, onChanged]),
  );
  return (
    <ConfirmDialog
      open
      title={`${dataset.title} ${version}`}
      confirm="Send answer"
      disabled={
        isStale ||
        (needsDay && day === '') ||
        (needsReason && reason.trim() === '') ||
        tooShort
      }
      action={action}
      onClose={onClose}
    >
      {isStale && (
        <Alert
          severity="warning"
          action={
            <Button
              color="inherit"
              size="small"
              onClick={() => setShown(coming)}
            >
              Show them
            </Button>
          }
        >
          Other changes concern this entity by now.
        </Alert>
      )}
      {concerns.length > 0 ? (
        <>
          <DialogContentText>
            Your answer is about these changes. If others come, it counts no
            longer, and you are asked again.
          </DialogContentText>
          <ReasonList reasons={concerns} />
        </>
      ) : (
        <DialogContentText>
          Nothing that this entity reads changes in a way that matters.
        </DialogContentText>
      )}
      <FormControl component="fieldset" margin="normal">
        <FormLabel component="legend">Your answer</FormLabel>
        <RadioGroup
          value={choice}
          onChange={(_, next) => setChoice(next as Choice)}
        >
          <FormControlLabel
            value="now"
            control={<Radio color="primary" />}
            label="Ready: the dataset may change at once"
          />
          <FormControlLabel
            value="later"
            control={<Radio color="primary" />}
            label="Ready from a day on"
          />
          <FormControlLabel
            value="more-time"
            control={<Radio color="primary" />}
            label="I need more time"
          />
          {verdict.answer && (
            <FormControlLabel
              value="withdrawn"
              control={<Radio color="primary" />}
              label="Take my last answer back"
            />
          )}
        </RadioGroup>
      </FormControl>
      {needsDay && (
        <DayField
          id="dataset-migrations-answer-day"
          label={choice === 'later' ? 'Ready from' : 'Until'}
          value={day}
          onChange={setDay}
          required
        />
      )}
      <TextField
        id="dataset-migrations-answer-reason"
        label={needsReason ? 'Why' : 'Remark'}
        value={reason}
        onChange={event => setReason(event.target.value)}
        required={needsReason}
        error={tooShort}
        helperText={tooShort ? 'At least three characters' : undefined}
        fullWidth
        multiline
        minRows={2}
        margin="normal"
        variant="outlined"
      />
    </ConfirmDialog>
  );
}
