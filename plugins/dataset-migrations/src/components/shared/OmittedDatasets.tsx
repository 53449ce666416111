import Alert from '@material-ui/lab/Alert';
import { ConsumedDatasets } from '../../hooks/useConsumedDatasets';
import { formatQuantity } from '../../format/numbers';

/** That an entity reads more datasets than are shown; nothing where it does not. */
export function OmittedDatasets({ datasets }: { datasets: ConsumedDatasets }) {
  const { omitted = 0 } = datasets;
  if (omitted === 0) {
    return null;
  }
  const hides = hidesComing(datasets);
  return (
    <Alert severity={hides ? 'warning' : 'info'}>
      Not shown here: {formatQuantity(omitted, 'more dataset')}.{' '}
      {hides
        ? 'What comes of them may break this entity, too.'
        : 'Nothing comes of them.'}
    </Alert>
  );
}

/** Those come first of which something comes: nothing is hidden behind another one. */
export function hidesComing({ items, omitted = 0 }: ConsumedDatasets): boolean {
  return omitted > 0 && items.every(({ coming }) => coming.length > 0);
}
