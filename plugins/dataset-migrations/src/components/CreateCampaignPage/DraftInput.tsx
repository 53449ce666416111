import { ComponentProps } from 'react';
import { CampaignDraft } from './draft';
import { useCampaignForm } from './FormContext';
import { TextInput } from './TextInput';

type TextKey = {
  [K in keyof CampaignDraft]: CampaignDraft[K] extends string ? K : never;
}[keyof CampaignDraft];

/** A {@link TextInput} for a text of the draft itself. */
export function DraftInput(
  props: { name: TextKey } & Omit<
    ComponentProps<typeof TextInput>,
    'name' | 'value' | 'onChange'
  >,
) {
  const { name } = props;
  const { draft, change } = useCampaignForm();
  return (
    <TextInput
      {...props}
      value={draft[name]}
      onChange={value => change({ [name]: value })}
    />
  );
}
