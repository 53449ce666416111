import { ReactNode, useEffect, useRef } from 'react';
import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogTitle from '@material-ui/core/DialogTitle';
import { Action } from '../../hooks/useAction';
import { InlineError } from './InlineError';

const TITLE_ID = 'dataset-migrations-confirm-title';

/** Asks before something that people notice; stays open to show what went wrong. */
export function ConfirmDialog(props: {
  open: boolean;
  title: string;
  children: ReactNode;
  confirm: string;
  disabled?: boolean;
  action: Action<[]>;
  onClose: () => void;
}) {
  const { open, title, children, confirm, disabled, action, onClose } = props;
  const { running, error, reset } = action;

  // Closes once the action has run without an error.
  const wasRunning = useRef(false);
  useEffect(() => {
    if (wasRunning.current && !running && !error) {
      onClose();
    }
    wasRunning.current = running;
  }, [running, error, onClose]);

  const close = () => {
    reset();
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      aria-labelledby={TITLE_ID}
      maxWidth="sm"
      fullWidth
    >
      <DialogTitle id={TITLE_ID}>{title}</DialogTitle>
      <DialogContent>
        {children}
        <InlineError error={error} />
      </DialogContent>
      <DialogActions>
        <Button onClick={close}>Close</Button>
        <Button
          color="primary"
          variant="contained"
          disabled={disabled || running}
          onClick={() => action.run()}
        >
          {confirm}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
