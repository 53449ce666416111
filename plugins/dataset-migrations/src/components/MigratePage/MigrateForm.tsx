import { EmptyState, Link } from '@backstage/core-components';
import Alert from '@material-ui/lab/Alert';
import { Dataset } from '@skein/backstage-plugin-dataset-migrations-common';
import { useSearchParams } from 'react-router-dom';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { DatasetProblems } from '../shared/DatasetProblems';
import { targetVersions } from '../shared/targetVersions';
import { PlanView } from './PlanView';

/** What is shown depends on whether there is a version to go to, and nothing in the way. */
export function MigrateForm(props: {
  dataset: Dataset;
  onChanged: () => void;
}) {
  const { dataset, onChanged } = props;
  const links = useMigrationLinks();
  const [query, setQuery] = useSearchParams();
  const versions = targetVersions(dataset);
  const asked = query.get('version');
  const target = asked && versions.includes(asked) ? asked : versions[0];
  const { activeMigration } = dataset;

  return (
    <>
      {activeMigration && (
        <Alert severity="info" style={{ marginBottom: 24 }}>
          A migration of this dataset is {activeMigration.state}.{' '}
          <Link to={links.migration(activeMigration.id)}>
            Open the active migration
          </Link>
        </Alert>
      )}
      {target === undefined && (
        <>
          <DatasetProblems problems={dataset.problems} />
          <EmptyState
            missing="content"
            title="There is no version to migrate to"
            description={
              <>
                {dataset.currentVersion
                  ? `Version ${dataset.currentVersion} is current and the highest. `
                  : ''}
                Add a contract with a higher version and status{' '}
                <code>proposed</code> to <code>spec.contracts</code> of the
                dataset. It appears here as soon as the catalog has read it.
              </>
            }
          />
        </>
      )}
      {target !== undefined && (
        <PlanView
          dataset={dataset}
          versions={versions}
          target={target}
          onTarget={version => setQuery({ version }, { replace: true })}
          onConflict={onChanged}
        />
      )}
    </>
  );
}
