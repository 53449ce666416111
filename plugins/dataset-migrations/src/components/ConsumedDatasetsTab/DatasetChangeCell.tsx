import { ReactNode } from 'react';
import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import {
  ComingVersion,
  DatasetSummary,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { StateChip } from '../shared/StateChip';
import { VersionStep } from '../shared/VersionStep';

/** Where a dataset stands, and where one of its coming versions leads. */
export function DatasetChangeCell(props: {
  dataset: DatasetSummary;
  /** Absent where none comes. */
  coming?: ComingVersion;
}) {
  const { dataset, coming } = props;
  const links = useMigrationLinks();
  if (!coming) {
    return (
      <>
        {dataset.currentVersion ?? '–'}
        <Caption>no change announced</Caption>
      </>
    );
  }
  const { version, fromVersion, migration } = coming;
  return (
    <>
      <VersionStep from={fromVersion} to={version} />
      {migration && (
        <div>
          <Link
            to={links.migration(migration.id)}
            aria-label={`Migration ${migration.state}`}
          >
            <StateChip state={migration.state} />
          </Link>
        </div>
      )}
      {!migration && <Caption>proposed</Caption>}
      {migration?.oldVersionState === 'coexisting' && (
        <Caption>{fromVersion} is still there, and is to retire</Caption>
      )}
    </>
  );
}

function Caption(props: { children: ReactNode }) {
  return (
    <Typography variant="caption" color="textSecondary" display="block">
      {props.children}
    </Typography>
  );
}
