import { ElementType } from 'react';
import CheckIcon from '@material-ui/icons/Check';
import LinkOffIcon from '@material-ui/icons/LinkOff';
import WarningIcon from '@material-ui/icons/Warning';
import {
  ChangeEffect,
  CompatibilityRuleId,
  compatibilityRules,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { ToneChip } from './ToneChip';
import { Tone } from './tones';

const looks: Record<ChangeEffect, { tone: Tone; icon: ElementType }> = {
  breaking: { tone: 'error', icon: LinkOffIcon },
  risky: { tone: 'warning', icon: WarningIcon },
  compatible: { tone: 'ok', icon: CheckIcon },
};

/** Whether a reader of the old version could read on, and by which rule. */
export function EffectChip(props: {
  effect: ChangeEffect;
  rule?: CompatibilityRuleId;
}) {
  const { effect, rule } = props;
  return (
    <ToneChip
      {...looks[effect]}
      title={rule && `${rule}: ${compatibilityRules[rule]?.sentence ?? ''}`}
    >
      {effect}
    </ToneChip>
  );
}
