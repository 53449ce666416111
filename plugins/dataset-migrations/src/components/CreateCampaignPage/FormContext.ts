import { createContext, useContext } from 'react';
import { CampaignDraft } from './draft';

export interface CampaignForm {
  draft: CampaignDraft;
  change(changes: Partial<CampaignDraft>): void;
  /** What is wrong with a field, once somebody has been there or tried to send. */
  errorOf(field: string): string | undefined;
  /** Somebody has been at the field. */
  touch(field: string): void;
}

export const FormContext = createContext<CampaignForm | undefined>(undefined);

/** The form around. */
export function useCampaignForm(): CampaignForm {
  const form = useContext(FormContext);
  if (!form) {
    throw new Error('There is no form around this field');
  }
  return form;
}
