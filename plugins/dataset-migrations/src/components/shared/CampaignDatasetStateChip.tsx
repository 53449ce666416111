import { ElementType } from 'react';
import BlockIcon from '@material-ui/icons/Block';
import CancelIcon from '@material-ui/icons/Cancel';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import ErrorIcon from '@material-ui/icons/Error';
import HourglassEmptyIcon from '@material-ui/icons/HourglassEmpty';
import NotInterestedIcon from '@material-ui/icons/NotInterested';
import PlayCircleFilledIcon from '@material-ui/icons/PlayCircleFilled';
import SearchIcon from '@material-ui/icons/Search';
import SkipNextIcon from '@material-ui/icons/SkipNext';
import { CampaignDatasetState } from '@skein/backstage-plugin-dataset-migrations-common';
import { Tone } from './tones';
import { ToneChip } from './ToneChip';

/** How each state of a dataset in a campaign looks wherever it is shown. */
export const datasetStateLooks: Record<
  CampaignDatasetState,
  { tone: Tone; icon: ElementType; meaning: string }
> = {
  succeeded: {
    tone: 'ok',
    icon: CheckCircleIcon,
    meaning: 'migrated and verified',
  },
  active: {
    tone: 'running',
    icon: PlayCircleFilledIcon,
    meaning: 'its migration is queued or runs',
  },
  blocked: {
    tone: 'warning',
    icon: BlockIcon,
    meaning: 'its migration waits until its consumers are ready',
  },
  failed: { tone: 'error', icon: ErrorIcon, meaning: 'its migration failed' },
  cancelled: {
    tone: 'neutral',
    icon: CancelIcon,
    meaning: 'its migration was cancelled',
  },
  skipped: {
    tone: 'neutral',
    icon: SkipNextIcon,
    meaning: 'a dataset that it depends on did not succeed',
  },
  excluded: {
    tone: 'neutral',
    icon: NotInterestedIcon,
    meaning: 'the dry run says that it cannot be migrated',
  },
  waiting: {
    tone: 'neutral',
    icon: HourglassEmptyIcon,
    meaning: 'waits for its turn',
  },
  pending: { tone: 'neutral', icon: SearchIcon, meaning: 'not planned yet' },
};

/** How far a campaign is with a dataset, in the word that the API uses too. */
export function CampaignDatasetStateChip(props: {
  state: CampaignDatasetState;
}) {
  const { tone, icon, meaning } = datasetStateLooks[props.state];
  return (
    <ToneChip tone={tone} icon={icon} title={meaning}>
      {props.state}
    </ToneChip>
  );
}
