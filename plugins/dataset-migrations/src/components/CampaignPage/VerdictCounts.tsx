import Typography from '@material-ui/core/Typography';
import {
  CampaignDataset,
  Verdict,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { formatCount } from '../../format/numbers';
import { RefList } from './RefList';

const verdicts: Array<[Verdict, string]> = [
  ['breaks', 'would break'],
  ['unknown', 'not known'],
  ['ready', 'ready'],
];

/** How the consumers of a dataset are judged, and who stands in the way. */
export function VerdictCounts(props: { dataset: CampaignDataset }) {
  const { verdicts: counts, blockedBy } = props.dataset;
  if (!counts) {
    return <>–</>;
  }
  const present = verdicts.filter(([verdict]) => counts[verdict] > 0);
  return (
    <>
      {present.length === 0
        ? 'none'
        : present
            .map(
              ([verdict, words]) => `${formatCount(counts[verdict])} ${words}`,
            )
            .join(', ')}
      {blockedBy.length > 0 && (
        <Typography variant="caption" display="block">
          <RefList refs={blockedBy} />
        </Typography>
      )}
    </>
  );
}
