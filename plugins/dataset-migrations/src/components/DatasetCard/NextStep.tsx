import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import { Dataset } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatQuantity } from '../../format/numbers';
import { useConsumers } from '../../hooks/useConsumers';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';

/** One sentence on what comes next: `2.0.0 is available: 2 consumers would break`. */
export function NextStep(props: { dataset: Dataset; next: string }) {
  const { dataset, next } = props;
  const links = useMigrationLinks();
  const { value } = useConsumers(dataset.entityRef, next, 0);
  return (
    <Typography variant="body1">
      <Link to={links.migrate(dataset.entityRef, next)} underline="always">
        {next}
      </Link>{' '}
      is available
      {value && `: ${describe(value.counts.breaks, value.counts.unknown)}`}
    </Typography>
  );
}

function describe(breaks: number, unknown: number): string {
  if (breaks > 0) {
    return `${formatQuantity(breaks, 'consumer')} would break`;
  }
  if (unknown > 0) {
    return `${formatQuantity(unknown, 'consumer')} cannot be judged`;
  }
  return 'all consumers are ready';
}
