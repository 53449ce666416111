import Button from '@material-ui/core/Button';
import Alert from '@material-ui/lab/Alert';
import { messageOf } from '../../errors';

/** Says that what is shown could not be refreshed. Renders nothing otherwise. */
export function StaleNotice(props: { error?: Error; onRetry: () => void }) {
  if (!props.error) {
    return null;
  }
  return (
    <Alert
      severity="warning"
      action={
        <Button color="inherit" size="small" onClick={props.onRetry}>
          Refresh
        </Button>
      }
    >
      This may be out of date: {messageOf(props.error)}
    </Alert>
  );
}
