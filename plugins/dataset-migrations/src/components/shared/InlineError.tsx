import { ReactNode } from 'react';
import Alert from '@material-ui/lab/Alert';
import { isForbidden, messageOf } from '../../errors';
import { CodedText } from './CodedText';

/** What went wrong with an action, beside the button that started it. */
export function InlineError(props: { error?: Error; children?: ReactNode }) {
  const { error, children } = props;
  if (!error) {
    return null;
  }
  return (
    <Alert severity="error" action={children}>
      {isForbidden(error) && 'You may not do this. '}
      <CodedText text={messageOf(error)} />
    </Alert>
  );
}
