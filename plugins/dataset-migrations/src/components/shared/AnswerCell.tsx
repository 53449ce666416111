import Typography from '@material-ui/core/Typography';
import { ConsumerAnswer } from '@skein/backstage-plugin-dataset-migrations-common';
import { describeAnswer } from '../../format/readiness';
import { RelativeTime } from './RelativeTime';
import { StarterLink } from './StarterLink';

/** What the owner of a consumer said, who and when, and why. */
export function AnswerCell(props: { answer: ConsumerAnswer | undefined }) {
  const { answer } = props;
  if (!answer) {
    return (
      <Typography variant="body2" color="textSecondary" component="span">
        no answer
      </Typography>
    );
  }
  const { by, at, reason } = answer;
  return (
    <>
      {describeAnswer(answer)}
      <Typography variant="caption" color="textSecondary" display="block">
        <StarterLink startedBy={by} />, <RelativeTime at={at} />
      </Typography>
      {reason && (
        <Typography variant="caption" display="block">
          {reason}
        </Typography>
      )}
    </>
  );
}
