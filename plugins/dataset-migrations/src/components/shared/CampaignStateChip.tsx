import { ElementType } from 'react';
import CancelIcon from '@material-ui/icons/Cancel';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import ErrorIcon from '@material-ui/icons/Error';
import HourglassEmptyIcon from '@material-ui/icons/HourglassEmpty';
import PauseCircleFilledIcon from '@material-ui/icons/PauseCircleFilled';
import PlayCircleFilledIcon from '@material-ui/icons/PlayCircleFilled';
import PlaylistAddCheckIcon from '@material-ui/icons/PlaylistAddCheck';
import SearchIcon from '@material-ui/icons/Search';
import { CampaignState } from '@skein/backstage-plugin-dataset-migrations-common';
import { Tone } from './tones';
import { ToneChip } from './ToneChip';

const looks: Record<CampaignState, { tone: Tone; icon: ElementType }> = {
  planning: { tone: 'running', icon: SearchIcon },
  planned: { tone: 'neutral', icon: PlaylistAddCheckIcon },
  running: { tone: 'running', icon: PlayCircleFilledIcon },
  paused: { tone: 'warning', icon: PauseCircleFilledIcon },
  cancelling: { tone: 'neutral', icon: HourglassEmptyIcon },
  cancelled: { tone: 'neutral', icon: CancelIcon },
  finished: { tone: 'ok', icon: CheckCircleIcon },
  failed: { tone: 'error', icon: ErrorIcon },
};

/** The state of a campaign, in the word that the API uses too. */
export function CampaignStateChip(props: { state: CampaignState }) {
  const { tone, icon } = looks[props.state];
  return (
    <ToneChip tone={tone} icon={icon}>
      {props.state}
    </ToneChip>
  );
}
