import { CampaignDraft } from './draft';

type NumberField =
  | 'batchSize'
  | 'maxInFlight'
  | 'startsPerMinute'
  | 'maxInFlightPerConnection'
  | 'maxInFlightPerOwner'
  | 'canary'
  | 'maxFailureRate'
  | 'stopFailures'
  | 'stopFailureRate'
  | 'timeoutMinutes';

const required: readonly NumberField[] = [
  'batchSize',
  'maxInFlight',
  'canary',
  'maxFailureRate',
];

/** Reads the numbers of a draft and notes what is none. */
export function numbersOf(
  draft: CampaignDraft,
  errors: Record<string, string>,
) {
  const textOf = (field: NumberField) => {
    const text = draft[field].trim();
    if (!text && required.includes(field)) {
      errors[field] = 'A number is needed here.';
    }
    return text;
  };
  return {
    /** A whole number from 1; undefined when left empty. */
    count(field: NumberField): number | undefined {
      const text = textOf(field);
      if (!text) {
        return undefined;
      }
      if (!/^[1-9]\d{0,6}$/.test(text)) {
        errors[field] = 'A whole number from 1.';
      }
      return Number(text);
    },
    /** From 0 to 1, written as a percent; undefined when left empty. */
    share(field: NumberField): number | undefined {
      const text = textOf(field);
      if (!text) {
        return undefined;
      }
      const percent = Number(text);
      if (!(percent >= 0 && percent <= 100)) {
        errors[field] = 'A percent from 0 to 100.';
      }
      return percent / 100;
    },
  };
}
