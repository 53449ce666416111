import Typography from '@material-ui/core/Typography';

/** The versions that a consumer says it accepts; who says nothing does not accept all. */
export function AcceptedVersions(props: { constraint: string | undefined }) {
  return props.constraint ? (
    <code style={{ whiteSpace: 'nowrap' }}>{props.constraint}</code>
  ) : (
    <Typography variant="body2" color="textSecondary" component="span">
      not declared
    </Typography>
  );
}
