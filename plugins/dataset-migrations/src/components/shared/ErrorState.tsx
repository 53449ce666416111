import { EmptyState, ResponseErrorPanel } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import { isForbidden, isNotFound, messageOf } from '../../errors';
import { ForbiddenState } from './ForbiddenState';

/** What stands where something could not be loaded. */
export function ErrorState(props: {
  error: Error;
  /** What could not be loaded: `this dataset`. */
  what: string;
  onRetry?: () => void;
}) {
  const { error, what, onRetry } = props;
  if (isForbidden(error)) {
    return (
      <ForbiddenState title={`You may not see ${what}`}>
        Ask its owner or the people who run this portal for access.
      </ForbiddenState>
    );
  }
  if (isNotFound(error)) {
    return (
      <EmptyState
        missing="info"
        title={`There is no trace of ${what}`}
        description={messageOf(error)}
      />
    );
  }
  return (
    <div>
      <ResponseErrorPanel
        error={error}
        title={`Could not load ${what}: ${messageOf(error)}`}
      />
      {onRetry && (
        <Button variant="outlined" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
