import Alert from '@material-ui/lab/Alert';
import { SetAsideReport } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatCount, formatQuantity } from '../../format/numbers';
import { CodedText } from '../shared/CodedText';

/** How many rows are not in the new version, for which fields, and where they are. */
export function SetAsideRows(props: {
  report: SetAsideReport;
  from: string;
  to: string;
}) {
  const { from, to } = props;
  const { sourceRows, keptRows, place, fields } = props.report;
  if (sourceRows !== keptRows) {
    return (
      <Alert severity="error">
        {formatQuantity(sourceRows, 'row')} {sourceRows === 1 ? 'does' : 'do'}{' '}
        not cast, {formatCount(keptRows)} {keptRows === 1 ? 'is' : 'are'} kept.
      </Alert>
    );
  }
  if (keptRows === 0) {
    return (
      <Alert severity="info">
        Every value could be cast; no row was set aside.
      </Alert>
    );
  }
  const reasons = fields
    .filter(({ rows }) => rows > 0)
    .map(({ name, rows }) => `\`${name}\` ${formatCount(rows)}`);
  return (
    <Alert severity="warning">
      <b>{formatQuantity(keptRows, 'row')} set aside: </b>
      <CodedText
        text={`not in ${to}, but kept as in ${from} in \`${place}\`, as values could not be cast: ${reasons.join(
          ', ',
        )}.`}
      />
    </Alert>
  );
}
