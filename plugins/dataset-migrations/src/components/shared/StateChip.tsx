import { ElementType } from 'react';
import BlockIcon from '@material-ui/icons/Block';
import CancelIcon from '@material-ui/icons/Cancel';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import ErrorIcon from '@material-ui/icons/Error';
import HourglassEmptyIcon from '@material-ui/icons/HourglassEmpty';
import PlayCircleFilledIcon from '@material-ui/icons/PlayCircleFilled';
import SettingsBackupRestoreIcon from '@material-ui/icons/SettingsBackupRestore';
import { MigrationState } from '@skein/backstage-plugin-dataset-migrations-common';
import { Tone } from './tones';
import { ToneChip } from './ToneChip';

const looks: Record<MigrationState, { tone: Tone; icon: ElementType }> = {
  queued: { tone: 'neutral', icon: HourglassEmptyIcon },
  running: { tone: 'running', icon: PlayCircleFilledIcon },
  blocked: { tone: 'warning', icon: BlockIcon },
  cancelling: { tone: 'neutral', icon: HourglassEmptyIcon },
  cancelled: { tone: 'neutral', icon: CancelIcon },
  failed: { tone: 'error', icon: ErrorIcon },
  'rolling-back': { tone: 'running', icon: SettingsBackupRestoreIcon },
  'rolled-back': { tone: 'neutral', icon: SettingsBackupRestoreIcon },
  succeeded: { tone: 'ok', icon: CheckCircleIcon },
};

/** The state of a migration, in the word that the API uses too. */
export function StateChip(props: { state: MigrationState }) {
  const { tone, icon } = looks[props.state];
  return (
    <ToneChip tone={tone} icon={icon}>
      {props.state}
    </ToneChip>
  );
}
