import {
  CampaignSelection,
  CampaignWaves,
  CreateCampaignRequest,
  TimeWindow,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { CampaignDraft, WindowDraft } from './draft';
import { numbersOf } from './numbersOf';
import { parseRefs } from './parseRefs';

const MAX_TITLE = 200;

/** What is wrong with a draft, by the name of the field. */
export type DraftErrors = Record<string, string>;

/**
 * The request that a draft stands for, and what is wrong with it; it is to be
 * sent only when nothing is.
 */
export function toRequest(draft: CampaignDraft): {
  request: CreateCampaignRequest;
  errors: DraftErrors;
} {
  const errors: DraftErrors = {};
  const numbers = numbersOf(draft, errors);
  const title = draft.title.trim();
  if (!title) {
    errors.title = 'Give it a title that others recognise.';
  } else if (title.length > MAX_TITLE) {
    errors.title = `At most ${MAX_TITLE} characters.`;
  }
  if (draft.target === 'range' && !draft.range.trim()) {
    errors.range = 'Which versions? For example 2.x or 2.1.0.';
  }
  const limits = {
    batchSize: numbers.count('batchSize'),
    maxInFlight: numbers.count('maxInFlight'),
    startsPerMinute: numbers.count('startsPerMinute'),
    maxInFlightPerConnection: numbers.count('maxInFlightPerConnection'),
    maxInFlightPerOwner: numbers.count('maxInFlightPerOwner'),
  };
  const stop = {
    failures: numbers.count('stopFailures'),
    failureRate: numbers.share('stopFailureRate'),
  };
  const stops = stop.failures !== undefined || stop.failureRate !== undefined;
  return {
    errors,
    request: {
      title,
      description: draft.description.trim() || undefined,
      selection: selectionOf(draft, errors),
      targetVersion: draft.target === 'range' ? draft.range.trim() : undefined,
      policy: draft.policy,
      limits,
      waves: draft.inWaves ? wavesOf(draft, numbers, errors) : undefined,
      windows:
        draft.windows.length > 0
          ? draft.windows.map((window, index) =>
              windowOf(window, index, errors),
            )
          : undefined,
      stop: stops ? stop : undefined,
      timeoutMinutes: numbers.count('timeoutMinutes'),
      autoStart: draft.autoStart,
    },
  };
}

/** What the draft selects so far, right or not. */
export function selectionOf(
  draft: CampaignDraft,
  errors: DraftErrors = {},
): CampaignSelection {
  switch (draft.selection) {
    case 'list': {
      const { refs, wrong } = parseRefs(draft.list);
      if (wrong.length > 0) {
        errors.list = `No entity ref: ${wrong.slice(0, 3).join(', ')}${
          wrong.length > 3 ? ` and ${wrong.length - 3} more` : ''
        }.`;
      } else if (refs.length === 0) {
        errors.list = 'Name at least one dataset.';
      }
      return { datasets: refs };
    }
    case 'filter':
      return { filter: filterOf(draft, errors) };
    default:
      return {
        query: {
          search: draft.search.trim() || undefined,
          owner: draft.owner,
          engine: draft.engine || undefined,
          status: draft.upgradable ? 'upgradable' : undefined,
        },
      };
  }
}

function filterOf(
  { filter }: CampaignDraft,
  errors: DraftErrors,
): Record<string, string[]> {
  const result: Record<string, string[]> = {};
  filter.forEach(({ key, values }, index) => {
    const name = key.trim();
    const list = values
      .split(',')
      .map(value => value.trim())
      .filter(Boolean);
    if (!name && list.length === 0) {
      return;
    }
    if (!name) {
      errors[`filter.${index}.key`] = 'Of which field?';
    } else if (name in result) {
      errors[`filter.${index}.key`] =
        'Each field once; give it several values.';
    } else if (list.length === 0) {
      errors[`filter.${index}.values`] = 'At least one value.';
    }
    result[name] = list;
  });
  if (Object.keys(result).length === 0) {
    errors['filter.0.key'] = 'Give at least one field and its value.';
  }
  return result;
}

function wavesOf(
  draft: CampaignDraft,
  numbers: ReturnType<typeof numbersOf>,
  errors: DraftErrors,
): CampaignWaves {
  const shares = draft.shares
    .split(/[\s,;%]+/)
    .filter(Boolean)
    .map(text => Number(text) / 100);
  const rising = shares.every(
    (share, index) => share > (shares[index - 1] ?? 0) && share <= 1,
  );
  if (!rising || shares[shares.length - 1] !== 1) {
    errors.shares = 'Rising percents of which the last is 100: 10, 50, 100.';
  }
  return {
    canary: numbers.count('canary') ?? 0,
    shares,
    maxFailureRate: numbers.share('maxFailureRate') ?? 0,
  };
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

function windowOf(
  window: WindowDraft,
  index: number,
  errors: DraftErrors,
): TimeWindow {
  for (const end of ['from', 'to'] as const) {
    if (!TIME.test(window[end])) {
      errors[`windows.${index}.${end}`] = 'A time such as 22:30.';
    }
  }
  if (!window.timeZone) {
    errors[`windows.${index}.timeZone`] = 'Choose a time zone.';
  }
  return {
    days: window.days.length > 0 ? window.days : undefined,
    from: window.from,
    to: window.to,
    timeZone: window.timeZone,
  };
}
