import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import { messageOf } from '../../errors';
import { formatCount, formatQuantity } from '../../format/numbers';
import { useCampaignForm } from './FormContext';
import { useSelectedDatasets } from './useSelectedDatasets';

/** How many datasets match now, and the first of them, for recognition. */
export function SelectedDatasets() {
  const { draft } = useCampaignForm();
  const { value, error, loading } = useSelectedDatasets(draft);
  if (error) {
    return <Alert severity="warning">{messageOf(error)}</Alert>;
  }
  const more = value ? value.total - value.first.length : 0;
  return (
    <div role="status" aria-label="Selected datasets" aria-busy={loading}>
      <Typography variant="h6" component="p">
        {value ? formatQuantity(value.total, 'dataset') : 'Counting …'}
      </Typography>
      {value && value.first.length > 0 && (
        <Typography
          variant="body2"
          color="textSecondary"
          style={{ overflowWrap: 'anywhere' }}
        >
          {value.first.join(', ')}
          {more > 0 && ` and ${formatCount(more)} more`}
        </Typography>
      )}
    </div>
  );
}
