import { ElementType } from 'react';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import HelpIcon from '@material-ui/icons/Help';
import LinkOffIcon from '@material-ui/icons/LinkOff';
import { Verdict } from '@skein/backstage-plugin-dataset-migrations-common';
import { Tone } from './tones';
import { ToneChip } from './ToneChip';

/** How each verdict looks wherever it is shown. */
export const verdictLooks: Record<Verdict, { tone: Tone; icon: ElementType }> =
  {
    ready: { tone: 'ok', icon: CheckCircleIcon },
    breaks: { tone: 'error', icon: LinkOffIcon },
    unknown: { tone: 'warning', icon: HelpIcon },
  };

/** The judgement of one consumer. */
export function VerdictChip(props: { verdict: Verdict }) {
  const { tone, icon } = verdictLooks[props.verdict];
  return (
    <ToneChip tone={tone} icon={icon}>
      {props.verdict}
    </ToneChip>
  );
}
