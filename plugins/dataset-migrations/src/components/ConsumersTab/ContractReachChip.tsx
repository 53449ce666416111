import { ElementType } from 'react';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import EditIcon from '@material-ui/icons/Edit';
import HelpIcon from '@material-ui/icons/Help';
import { ContractReach } from '@skein/backstage-plugin-dataset-migrations-common';
import { ToneChip } from '../shared/ToneChip';
import { Tone } from '../shared/tones';

const looks: Record<
  ContractReach,
  { tone: Tone; icon: ElementType; word: string; title: string }
> = {
  yes: {
    tone: 'error',
    icon: EditIcon,
    word: 'changes',
    title: 'The contract of this dataset changes because of it',
  },
  unknown: {
    tone: 'warning',
    icon: HelpIcon,
    word: 'may change',
    title: 'Whether the contract of this dataset changes is not known',
  },
  no: {
    tone: 'ok',
    icon: CheckCircleIcon,
    word: 'stays',
    title: 'The contract of this dataset stays as it is',
  },
};

/** Whether the contract of a dataset changes because of another one's. */
export function ContractReachChip(props: { changes: ContractReach }) {
  const { tone, icon, word, title } = looks[props.changes];
  return (
    <ToneChip tone={tone} icon={icon} title={title}>
      {word}
    </ToneChip>
  );
}
