import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import { Migration } from '@skein/backstage-plugin-dataset-migrations-common';
import { stageNames } from '../../format/words';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { CodedText } from '../shared/CodedText';

/** What went wrong, in which stage, and what can be done about it. */
export function FailureExplanation(props: { migration: Migration }) {
  const { migration } = props;
  const { error, state } = migration;
  // A blocked migration has an explanation of its own.
  if (!error || state === 'blocked') {
    return null;
  }
  return (
    <Alert severity={state === 'failed' ? 'error' : 'warning'}>
      <AlertTitle>{titleOf(migration, error)}</AlertTitle>
      <CodedText text={error.message} />
      <WhatToDo migration={migration} error={error} />
    </Alert>
  );
}

type Failure = NonNullable<Migration['error']>;

/** The new version stays published when it cannot be taken back or the old one cannot go. */
function titleOf({ state, fromVersion }: Migration, { name, stage }: Failure) {
  if (state === 'succeeded' && stage === 'rollback') {
    return `Roll back to ${fromVersion} failed`;
  }
  if (state === 'succeeded' && stage === 'retire') {
    return `Retiring ${fromVersion} failed`;
  }
  return stage ? `${name} in stage ${stageNames[stage]}` : name;
}

function WhatToDo(props: { migration: Migration; error: Failure }) {
  const { datasetRef, toVersion, state, actions } = props.migration;
  const { name, stage } = props.error;
  const links = useMigrationLinks();
  if (state === 'succeeded' && (stage === 'rollback' || stage === 'retire')) {
    return (
      <Typography variant="body2">
        Version {toVersion} stays published.
        {actions.includes(stage) && ' You can try again.'}
      </Typography>
    );
  }
  const isAboutRows =
    name === 'InputError' && (stage === 'validate' || stage === 'transform');
  return state === 'failed' && isAboutRows ? (
    <Typography variant="body2">
      A <Link to={links.migrate(datasetRef, toVersion)}>preflight</Link> shows
      the values in question to those who may see rows.
    </Typography>
  ) : null;
}
