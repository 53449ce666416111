import { InfoCard } from '@backstage/core-components';
import { Migration } from '@skein/backstage-plugin-dataset-migrations-common';
import { ChangesTable } from '../shared/ChangesTable';

/** What the migration changes, field by field. */
export function ChangesCard(props: { migration: Migration }) {
  const { changes } = props.migration;
  if (changes.length === 0) {
    return null;
  }
  return (
    <InfoCard title="Changes" noPadding>
      <ChangesTable changes={changes} />
    </InfoCard>
  );
}
