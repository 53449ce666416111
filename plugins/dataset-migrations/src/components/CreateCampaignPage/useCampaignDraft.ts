import { useCallback, useMemo, useState } from 'react';
import { CampaignDraft, emptyDraft } from './draft';
import { CampaignForm } from './FormContext';
import { toRequest } from './toRequest';

/** The draft of a form; its errors show where somebody has been, and all of them after an attempt to send. */
export function useCampaignDraft() {
  const [draft, setDraft] = useState(emptyDraft);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [attempted, setAttempted] = useState(false);
  const { request, errors } = useMemo(() => toRequest(draft), [draft]);

  const change = useCallback(
    (changes: Partial<CampaignDraft>) =>
      setDraft(current => ({ ...current, ...changes })),
    [],
  );
  const touch = useCallback(
    (field: string) => setTouched(current => new Set(current).add(field)),
    [],
  );
  const attempt = useCallback(() => setAttempted(true), []);

  const form = useMemo<CampaignForm>(
    () => ({
      draft,
      change,
      touch,
      errorOf: field =>
        attempted || touched.has(field) ? errors[field] : undefined,
    }),
    [attempted, change, draft, errors, touch, touched],
  );
  return {
    form,
    request,
    /** Fields that are wrong, to be told once it was tried to send. */
    wrong: attempted ? Object.keys(errors).length : 0,
    isValid: Object.keys(errors).length === 0,
    attempt,
  };
}
