import { CodeSnippet } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { CodedText } from '../shared/CodedText';

/** The version that would do for the changes, as the line of the contract that says so. */
export function VersionOffer(props: {
  target: string;
  offered: string;
  /** Another contract of the dataset has that version. */
  taken: boolean;
}) {
  const { target, offered, taken } = props;
  if (taken) {
    return (
      <Typography variant="body1" paragraph>
        {`${offered} would do, but another contract has it: give that one a higher version first.`}
      </Typography>
    );
  }
  return (
    <section aria-label={`Call it ${offered}`}>
      <Typography variant="subtitle1" component="h3">
        Call it {offered}
      </Typography>
      <Typography variant="body2">
        <CodedText
          text={`Instead of \`version: ${target}\`, in the contract; where a migration document goes there, its \`to\` is the same.`}
        />
      </Typography>
      <CodeSnippet
        text={`version: ${offered}`}
        language="yaml"
        showCopyCodeButton
      />
    </section>
  );
}
