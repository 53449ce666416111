import Button from '@material-ui/core/Button';
import CircularProgress from '@material-ui/core/CircularProgress';
import Tooltip from '@material-ui/core/Tooltip';
import NotificationsActiveIcon from '@material-ui/icons/NotificationsActive';
import NotificationsNoneIcon from '@material-ui/icons/NotificationsNone';
import { LiveRegion } from '../shared/LiveRegion';
import { VisuallyHidden } from '../shared/VisuallyHidden';

/**
 * Follows the dataset, or no longer. While that is under way it keeps the focus, and
 * further clicks do nothing.
 */
export function FollowButton(props: {
  title: string;
  following: boolean;
  running: boolean;
  onChange: (following: boolean) => void;
}) {
  const { title, following, running, onChange } = props;
  const Icon = following ? NotificationsActiveIcon : NotificationsNoneIcon;
  return (
    <>
      <Tooltip
        title={
          following
            ? 'You are told how its migrations go. Click to be told no longer.'
            : 'Be told how its migrations go, also if nothing of yours reads it.'
        }
      >
        <Button
          size="small"
          variant={following ? 'contained' : 'outlined'}
          aria-pressed={following}
          aria-busy={running}
          startIcon={running ? <CircularProgress size={18} /> : <Icon />}
          onClick={() => onChange(!following)}
        >
          {following ? 'Following' : 'Follow'}{' '}
          <VisuallyHidden>{title}</VisuallyHidden>
        </Button>
      </Tooltip>
      <LiveRegion
        message={`You ${following ? 'follow' : 'do not follow'} ${title}`}
      />
    </>
  );
}
