import CheckIcon from '@material-ui/icons/Check';
import LinkOffIcon from '@material-ui/icons/LinkOff';
import { ChangeEffect } from '@skein/backstage-plugin-dataset-migrations-common';
import { ToneChip } from './ToneChip';

/** Whether a reader of the old version could read on. */
export function EffectChip(props: { effect: ChangeEffect }) {
  return props.effect === 'breaking' ? (
    <ToneChip tone="error" icon={LinkOffIcon}>
      breaking
    </ToneChip>
  ) : (
    <ToneChip tone="ok" icon={CheckIcon}>
      compatible
    </ToneChip>
  );
}
