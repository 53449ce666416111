import {
  Policy,
  Weekday,
} from '@skein/backstage-plugin-dataset-migrations-common';

/** How the datasets of a campaign are chosen. */
export type SelectionKind = 'query' | 'filter' | 'list';

export interface WindowDraft {
  /** Empty means every day. */
  days: Weekday[];
  from: string;
  to: string;
  timeZone: string;
}

export interface FilterRow {
  key: string;
  /** Separated by commas. */
  values: string;
}

/** A campaign as it is being filled in: numbers and lists are text until they are checked. */
export interface CampaignDraft {
  title: string;
  description: string;
  selection: SelectionKind;
  search: string;
  owner: string | undefined;
  engine: string;
  upgradable: boolean;
  filter: FilterRow[];
  /** Entity refs, one a line or separated by commas. */
  list: string;
  target: 'next' | 'range';
  range: string;
  policy: Policy | 'proposed';
  batchSize: string;
  maxInFlight: string;
  startsPerMinute: string;
  maxInFlightPerConnection: string;
  maxInFlightPerOwner: string;
  inWaves: boolean;
  canary: string;
  /** Percents. */
  shares: string;
  /** A percent. */
  maxFailureRate: string;
  windows: WindowDraft[];
  stopFailures: string;
  /** A percent. */
  stopFailureRate: string;
  timeoutMinutes: string;
  autoStart: boolean;
}

export const emptyDraft: CampaignDraft = {
  title: '',
  description: '',
  selection: 'query',
  search: '',
  owner: undefined,
  engine: '',
  upgradable: true,
  filter: [{ key: '', values: '' }],
  list: '',
  target: 'next',
  range: '',
  policy: 'switch',
  batchSize: '100',
  maxInFlight: '1000',
  startsPerMinute: '',
  maxInFlightPerConnection: '',
  maxInFlightPerOwner: '',
  inWaves: false,
  canary: '10',
  shares: '10, 50, 100',
  maxFailureRate: '2',
  windows: [],
  stopFailures: '',
  stopFailureRate: '10',
  timeoutMinutes: '',
  autoStart: false,
};

/** A night, in the time zone of the browser. */
export function newWindow(): WindowDraft {
  return {
    days: [],
    from: '22:00',
    to: '05:00',
    timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}
