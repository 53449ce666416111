import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { DatasetSummary } from '@skein/backstage-plugin-dataset-migrations-common';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { StateChip } from '../shared/StateChip';
import { VersionStep } from '../shared/VersionStep';

/** Where a dataset stands and where it goes. */
export function DatasetChangeCell(props: { dataset: DatasetSummary }) {
  const { currentVersion, nextVersion, activeMigration } = props.dataset;
  const links = useMigrationLinks();
  return (
    <>
      {nextVersion ? (
        <VersionStep from={currentVersion} to={nextVersion} />
      ) : (
        currentVersion ?? '–'
      )}
      {activeMigration && (
        <div>
          <Link
            to={links.migration(activeMigration.id)}
            aria-label={`Migration ${activeMigration.state}`}
          >
            <StateChip state={activeMigration.state} />
          </Link>
        </div>
      )}
      {!nextVersion && !activeMigration && (
        <Typography variant="caption" color="textSecondary" display="block">
          no change announced
        </Typography>
      )}
    </>
  );
}
