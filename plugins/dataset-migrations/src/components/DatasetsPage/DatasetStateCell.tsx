import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import WarningIcon from '@material-ui/icons/Warning';
import { DatasetSummary } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatQuantity } from '../../format/numbers';
import { stageNames } from '../../format/words';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { StateChip } from '../shared/StateChip';
import { ToneChip } from '../shared/ToneChip';
import { VisuallyHidden } from '../shared/VisuallyHidden';

/** Where a dataset stands: being migrated, not migratable, upgradable, or fine. */
export function DatasetStateCell(props: { dataset: DatasetSummary }) {
  const { activeMigration, entityRef, nextVersion, problems } = props.dataset;
  const links = useMigrationLinks();
  if (activeMigration) {
    return (
      <Link to={links.migration(activeMigration.id)} underline="none">
        <VisuallyHidden>Migration </VisuallyHidden>
        <StateChip state={activeMigration.state} />
        {activeMigration.stage && (
          <Typography variant="caption" color="textSecondary" display="block">
            {stageNames[activeMigration.stage]}
          </Typography>
        )}
      </Link>
    );
  }
  if (problems.length > 0) {
    return (
      <ToneChip
        tone="warning"
        icon={WarningIcon}
        title={problems.map(problem => problem.message).join('\n')}
      >
        {formatQuantity(problems.length, 'problem')}
      </ToneChip>
    );
  }
  if (nextVersion) {
    return (
      <Link to={links.migrate(entityRef, nextVersion)}>
        {nextVersion} available
      </Link>
    );
  }
  return (
    <Typography variant="body2" color="textSecondary">
      up to date
    </Typography>
  );
}
