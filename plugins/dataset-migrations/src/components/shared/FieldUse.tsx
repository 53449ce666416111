import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import {
  Consumer,
  describeEvidence,
  describeSilence,
  LineageSilence,
  nameEvidence,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { formatQuantity } from '../../format/numbers';
import { CodedText } from './CodedText';
import { FieldList } from './FieldList';

const useStyles = makeStyles(theme => ({
  details: { marginTop: theme.spacing(0.5) },
  summary: { cursor: 'pointer' },
  list: {
    margin: theme.spacing(0.5, 0, 0),
    paddingLeft: theme.spacing(2),
    overflowWrap: 'anywhere',
  },
}));

type Known = Pick<
  Consumer,
  'fields' | 'evidence' | 'unread' | 'complete' | 'scan' | 'silence'
>;

/** The fields that a consumer reads, and on request how each of them is known. */
export function FieldUse({ consumer }: { consumer: Known }) {
  return (
    <>
      <FieldList fields={consumer.fields} unknown="not known" />
      <FieldEvidenceDetails consumer={consumer} />
    </>
  );
}

/** How it is known what a consumer reads, or does not read, folded; nothing where it is not. */
export function FieldEvidenceDetails({ consumer }: { consumer: Known }) {
  const { fields = [], evidence = [], unread = [], scan, silence } = consumer;
  // What others of the same source may read is evidence, but no field of its own.
  const named = [
    ...new Set([...fields, ...evidence.map(({ field }) => field)]),
  ];
  const classes = useStyles();
  const summary = [
    nameEvidence(consumer),
    silence ? describeLiveness(silence) : '',
    unread.length > 0
      ? `${formatQuantity(unread.length, 'place')} could not be read`
      : '',
    evidence.length > 0 && consumer.complete === undefined
      ? 'perhaps not all'
      : '',
  ].filter(text => text !== '');
  if (summary.length === 0) {
    return null;
  }
  if (named.length + unread.length === 0 && !silence && !scan) {
    return (
      <Typography variant="caption" color="textSecondary">
        {summary.join('; ')}
      </Typography>
    );
  }
  return (
    <details className={classes.details}>
      <Typography
        component="summary"
        variant="caption"
        color="textSecondary"
        className={classes.summary}
      >
        {summary.join('; ')}
      </Typography>
      <Typography component="ul" variant="caption" className={classes.list}>
        {named.map(field => (
          <li key={field}>
            <CodedText
              text={`\`${field}\`: ${
                describeEvidence(consumer, field) || 'declared'
              }`}
            />
          </li>
        ))}
        {unread.map(({ file, line, reason }) => (
          <li key={[file, line, reason].join()}>
            {[file, line].filter(part => part !== undefined).join(':')} {reason}
          </li>
        ))}
        {silence && (
          <li>
            <CodedText text={describeSilence(silence)} />
          </li>
        )}
        {scan && (
          <li>
            source as of {scan.revision.slice(0, 12)}, seen {scan.checkedAt}
          </li>
        )}
      </Typography>
    </details>
  );
}

function describeLiveness({ doubt, since }: LineageSilence): string {
  return doubt === undefined
    ? `lineage live since ${since}`
    : 'lineage not live throughout';
}
