import Typography from '@material-ui/core/Typography';
import { CodedText } from './CodedText';

const SHOWN = 4;

/** Names of fields; the first few of many. */
export function FieldList(props: {
  fields: string[] | undefined;
  /** What it means when they are not known. */
  unknown: string;
}) {
  const { fields, unknown } = props;
  if (!fields) {
    return (
      <Typography variant="body2" color="textSecondary" component="span">
        {unknown}
      </Typography>
    );
  }
  const more = fields.length - SHOWN;
  return (
    <span title={more > 0 ? fields.join(', ') : undefined}>
      {fields.slice(0, SHOWN).map((field, index) => (
        <span key={field}>
          {index > 0 && ' '}
          <CodedText text={`\`${field}\``} />
        </span>
      ))}
      {more > 0 && ` and ${more} more`}
    </span>
  );
}
