import { LinkButton } from '@backstage/core-components';
import { useCanMigrate } from '../../hooks/useCanMigrate';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';

/** Leads to the page where a dataset is migrated; nothing for those who may not. */
export function MigrateButton(props: {
  datasetRef: string;
  version?: string;
  variant?: 'contained' | 'outlined';
}) {
  const { datasetRef, version, variant = 'contained' } = props;
  const { allowed } = useCanMigrate(datasetRef);
  const links = useMigrationLinks();
  if (!allowed) {
    return null;
  }
  return (
    <LinkButton
      color="primary"
      variant={variant}
      to={links.migrate(datasetRef, version)}
    >
      Migrate dataset
    </LinkButton>
  );
}
